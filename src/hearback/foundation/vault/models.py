"""A person's key pair, its private half locked."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from hearback.sealing.personal_keys import LockedKey


class PersonalKey(models.Model):
    """What is sealed to a person is sealed to `public_key`; nobody else can open the private key, nor can we."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="key")
    public_key = models.BinaryField(max_length=32)
    locked_by_passphrase = models.BinaryField()
    """The private key under the passphrase (Argon2id), with its parameters."""
    locked_by_recovery = models.BinaryField()
    """The same under the recovery key that was printed once."""
    made_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    """When the person showed that they hold the recovery key; nothing is sealed to a key before that."""

    def __str__(self) -> str:
        return f"key of {self.person}"

    @property
    def locked(self) -> LockedKey:
        """The key as the sealing room knows it."""
        return LockedKey(bytes(self.public_key), bytes(self.locked_by_passphrase), bytes(self.locked_by_recovery))
