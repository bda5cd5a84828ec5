"""A concern, its sealed keys, its messages and its attachments. No column tells who wrote it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext as _

from hearback.listen.concerns.enums import Author, ConcernKind, Helped, Safety, Source, State, Tallied


class Concern(models.Model):
    """One concern. What was said lies in `Message`, sealed; here is only what the clock and the inbox need."""

    reference = models.CharField(max_length=20, unique=True)
    """What desks call it: random, and unrelated to the receipt."""
    lookup = models.BinaryField(max_length=16, unique=True)
    """Derived from the receipt and telling nothing about it. One form gives one receipt, however often it is sent."""
    kind = models.CharField(max_length=20, choices=ConcernKind)
    language = models.CharField(max_length=20)
    desk = models.ForeignKey("access.Desk", on_delete=models.PROTECT, related_name="concerns")
    area = models.ForeignKey("places.Area", null=True, blank=True, on_delete=models.SET_NULL)
    pin = models.BinaryField(default=b"", blank=True)
    """Where, coarsened to a grid of about 250 m and encrypted with the key of the words; empty unless one was set."""
    source = models.CharField(max_length=20, choices=Source, default=Source.RESIDENT)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL)
    """Who wrote it down on the resident's behalf; empty when residents write themselves."""
    safety = models.CharField(max_length=20, choices=Safety, blank=True, default=Safety.NONE)
    state = models.CharField(max_length=20, choices=State, default=State.RECEIVED)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="assigned"
    )
    received_at = models.DateTimeField(db_index=True)
    answer_due = models.DateField()
    resolution_due = models.DateField()
    waiting_since = models.DateTimeField()
    """When the resident last said something that has no answer yet."""
    first_answer_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    """When its resident withdrew it, or its time to be kept was over."""
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
    keep_days = models.PositiveIntegerField()
    """How long it is kept after the last thing that happened to it, as was promised when it came in."""
    erase_after = models.DateField()
    content_proof = models.TextField(blank=True)
    """The signed proof of submission: it holds a salted digest, and says nothing without the words and the salt."""

    class Meta:
        ordering = ("answer_due", "pk")

    def __str__(self) -> str:
        return self.reference

    @property
    def standing(self) -> str:
        """Its state in words; what was taken back and is still held by law is not called erased."""
        if self.state == State.WITHDRAWN and self.resident_key:
            return _("Taken back by its resident, and kept only as long as the law asks for it")
        return State(self.state).label


class SealedKey(models.Model):
    """A key of a concern, sealed to one reader (a person at the desk, or, without a person, the resident).

    There are one or two for the resident and up to three for each person. Whoever made a new key since is no reader
    any more: `sealed_to` is then another public key than theirs.
    """

    class Purpose(models.TextChoices):
        """What the key opens: the words, the desk's own notes, or how the resident may be reached."""

        WORDS = "words"
        NOTES = "notes"
        CONTACT = "contact"

    concern = models.ForeignKey(Concern, on_delete=models.CASCADE, related_name="sealed_keys")
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE)
    purpose = models.CharField(max_length=10, choices=Purpose)
    sealed_to = models.BinaryField(max_length=32)
    sealed = models.BinaryField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("concern", "reader", "purpose"), name="one_key_per_reader"),
            models.UniqueConstraint(
                fields=("concern", "purpose"), condition=models.Q(reader=None), name="one_key_for_the_resident"
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
    """A note among the people of a desk, never visible to the resident; encrypted with the desk's key of notes."""

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


class Tally(models.Model):
    """How often something happened in one hour, all people together."""

    what = models.CharField(max_length=20, choices=Tallied)
    hour = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("what", "hour"), name="one_tally_an_hour"),)

    def __str__(self) -> str:
        return f"{self.count} {self.what}"
