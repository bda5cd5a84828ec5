"""A person with a sign-in and one role."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models

from hearback.foundation.audit.enums import Actor, ActorKind
from hearback.foundation.people.enums import Role


class User(AbstractUser):
    """Somebody who signs in to the workspace."""

    role = models.CharField(max_length=20, choices=Role)
    badge = models.CharField(max_length=20, blank=True)
    """Badge number; a concern that names it is never sealed to this person."""

    def __str__(self) -> str:
        return self.username

    @property
    def actor(self) -> Actor:
        """This person as the `by` of an action."""
        return Actor(ActorKind.PERSON, self.username, role=self.role, person_id=self.pk)
