"""A concern, its sealed keys, its messages and its attachments. No column tells who wrote it."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from hearback.listen.concerns.enums import Author, ConcernKind, Helped, Safety, Source, State


class Concern(models.Model):
    """One concern. What was said lies in `Message`, sealed; here is only what the clock and the inbox need."""

    reference = models.CharField(max_length=20, unique=True)
    """What desks call it: random, and unrelated to the receipt."""
    lookup = models.BinaryField(max_length=32, unique=True)
    """Derived from the receipt; tells nothing about it."""
    spent_token = models.BinaryField(max_length=32, unique=True)
    """Digest of the form's token: a second click finds the concern that the first one made."""
    kind = models.CharField(max_length=20, choices=ConcernKind)
    language = models.CharField(max_length=20)
    desk = models.ForeignKey("access.Desk", on_delete=models.PROTECT, related_name="concerns")
    area = models.ForeignKey("places.Area", null=True, blank=True, on_delete=models.SET_NULL)
    pin_longitude = models.FloatField(null=True, blank=True)
    pin_latitude = models.FloatField(null=True, blank=True)
    """Coarsened to a grid of about 250 m before it reaches this table; empty unless the resident set a pin."""
    source = models.CharField(max_length=20, choices=Source, default=Source.RESIDENT)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL)
    """Who wrote it down on the resident's behalf; empty when residents write themselves."""
    safety = models.CharField(max_length=20, choices=Safety, blank=True, default=Safety.NONE)
    state = models.CharField(max_length=20, choices=State, default=State.RECEIVED)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="assigned"
    )
    received_at = models.DateTimeField()
    answer_due = models.DateField()
    resolution_due = models.DateField()
    first_answer_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    escalated = models.PositiveSmallIntegerField(default=0)
    """0 not late, 1 shown to the coordinator, 2 shown to oversight (that it is late, not what it says)."""
    helped = models.CharField(max_length=10, choices=Helped, blank=True)
    helped_at = models.DateTimeField(null=True, blank=True)
    resident_key = models.BinaryField(max_length=32)
    """Public key derived from the receipt."""
    merged_into = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL)
    handover_to = models.ForeignKey(
        "access.Desk", null=True, blank=True, on_delete=models.SET_NULL, related_name="asked_for"
    )
    """A desk that was proposed; only the resident's consent through the receipt seals anything to it."""
    legal_hold = models.BooleanField(default=False)
    erase_after = models.DateField()

    class Meta:
        ordering = ("answer_due", "pk")

    def __str__(self) -> str:
        return self.reference


class SealedKey(models.Model):
    """A key of a concern, sealed to one reader (a person at the desk, or, without a person, the resident)."""

    class Purpose(models.TextChoices):
        """What the key opens: the words, the desk's own notes, or how the resident may be reached."""

        WORDS = "words"
        NOTES = "notes"
        CONTACT = "contact"

    concern = models.ForeignKey(Concern, on_delete=models.CASCADE, related_name="sealed_keys")
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE)
    purpose = models.CharField(max_length=10, choices=Purpose)
    sealed = models.BinaryField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("concern", "reader", "purpose"), name="one_key_per_reader", nulls_distinct=False
            ),
        )

    def __str__(self) -> str:
        return f"{self.purpose} of {self.concern}"


class Message(models.Model):
    """One message of the dialogue, encrypted with the key of its concern's words."""

    concern = models.ForeignKey(Concern, on_delete=models.CASCADE, related_name="messages")
    author = models.CharField(max_length=10, choices=Author)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL)
    at = models.DateTimeField()
    sealed = models.BinaryField()

    class Meta:
        ordering = ("at", "pk")

    def __str__(self) -> str:
        return f"{self.author} in {self.concern}"


class Note(models.Model):
    """A note among the people of a desk, never visible to the resident; encrypted with the key of notes."""

    concern = models.ForeignKey(Concern, on_delete=models.CASCADE, related_name="notes")
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL)
    at = models.DateTimeField()
    sealed = models.BinaryField()

    class Meta:
        ordering = ("at", "pk")

    def __str__(self) -> str:
        return f"note in {self.concern}"


class Contact(models.Model):
    """How the resident may be reached, sealed apart from the words; opening it is an act in the audit log."""

    concern = models.OneToOneField(Concern, on_delete=models.CASCADE, related_name="contact")
    sealed = models.BinaryField()

    def __str__(self) -> str:
        return f"contact of {self.concern}"


class Attachment(models.Model):
    """A photo or a voice note without its metadata, encrypted with the key of the words."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="attachments")
    media_type = models.CharField(max_length=40)
    sealed = models.BinaryField()

    def __str__(self) -> str:
        return f"{self.media_type} in {self.message}"
