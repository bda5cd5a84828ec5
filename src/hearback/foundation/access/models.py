"""A desk, a seat at it, and the invitation to its first seat."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from hearback.foundation.access.enums import INDEPENDENT, DeskKind


class Desk(models.Model):
    """A group of people whom residents may choose as readers."""

    key = models.SlugField(unique=True)
    kind = models.CharField(max_length=20, choices=DeskKind)
    name = models.CharField(max_length=200)
    organization = models.OneToOneField("organizations.Organization", null=True, blank=True, on_delete=models.PROTECT)
    """The partner organisation; empty for other desks."""
    languages = models.JSONField(default=list)
    open = models.BooleanField(default=True)
    """Whether residents can choose it; a desk nobody can read at is not offered either."""

    class Meta:
        ordering = ("kind", "name")

    def __str__(self) -> str:
        return self.name

    @property
    def independent(self) -> bool:
        """Whether it is a partner's or oversight's: its own people decide who joins."""
        return self.kind in INDEPENDENT

    @property
    def is_empty(self) -> bool:
        """Whether nobody sits there now."""
        return not self.seats.filter(left_at=None).exists()

    def seats_person(self, person_id: int | None) -> bool:
        """Whether this person sits there now."""
        return self.seats.filter(person_id=person_id, left_at=None).exists()


class Seat(models.Model):
    """A person's place at a desk, for a district or for the whole city. A seat that was left stays on record.

    It is given to a key: whoever makes a new key has to be given a seat again.
    """

    desk = models.ForeignKey(Desk, on_delete=models.CASCADE, related_name="seats")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="seats")
    district = models.ForeignKey("places.Area", null=True, blank=True, on_delete=models.SET_NULL)
    """What the person looks after first; it limits nothing that was sealed to them."""
    given_by = models.CharField(max_length=200)
    taken_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("taken_at", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("desk", "person"), condition=models.Q(left_at=None), name="one_seat_at_a_desk"
            ),
        )

    def __str__(self) -> str:
        return f"{self.person} at {self.desk}"


class Invitation(models.Model):
    """An administrator asks an organisation's person to take the first seat; only that person can accept."""

    desk = models.ForeignKey(Desk, on_delete=models.CASCADE, related_name="invitations")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="invitations")
    made_by = models.CharField(max_length=200)
    made_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    accepted = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("desk",), condition=models.Q(answered_at=None), name="one_invitation_at_a_time"
            ),
        )

    def __str__(self) -> str:
        return f"{self.person} to {self.desk}"
