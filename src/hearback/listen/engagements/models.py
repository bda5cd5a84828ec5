"""An engagement, the decisions about its words, and how many people of which groups took part; never who."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from hearback.listen.engagements.enums import EngagementKind, Ground, State


class Engagement(models.Model):
    """One occasion on which people can be heard, in the name of a desk. What was taken back has no words any more."""

    reference = models.CharField(max_length=20, unique=True)
    kind = models.CharField(max_length=10, choices=EngagementKind)
    desk = models.ForeignKey("access.Desk", on_delete=models.PROTECT, related_name="engagements")
    title = models.CharField(max_length=120, blank=True)
    text = models.TextField(blank=True)
    language = models.CharField(max_length=20)
    """In which the words are written."""
    spoken = models.JSONField(default=list)
    """Codes of the languages that are spoken there."""
    place = models.CharField(max_length=200, blank=True)
    area = models.ForeignKey("places.Area", null=True, blank=True, on_delete=models.SET_NULL)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    state = models.CharField(max_length=20, choices=State)
    version = models.PositiveIntegerField(default=1)
    """Counts wordings: nothing is published but what a moderator has read."""
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL)
    """Who wrote the words that stand now; empty where the software did."""
    written_at = models.DateTimeField()
    waiting_since = models.DateTimeField()
    """Since when somebody is asked to decide: since it was written, or since oversight was asked."""
    people = models.PositiveIntegerField(null=True, blank=True)
    """How many took part; empty until somebody counted."""
    counted_at = models.DateTimeField(null=True, blank=True)
    counted_as = models.PositiveIntegerField(null=True, blank=True)
    """Its place among occasions of its kind in the order in which they were first counted; it never changes."""

    class Meta:
        ordering = ("starts_at", "pk")

    def __str__(self) -> str:
        return self.reference


class Decision(models.Model):
    """That a second person let words be published, or sent them back; it stays when they are decided anew."""

    engagement = models.ForeignKey(Engagement, on_delete=models.CASCADE, related_name="decisions")
    version = models.PositiveIntegerField()
    at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL)
    role = models.CharField(max_length=20, blank=True)
    ground = models.CharField(max_length=20, choices=Ground, blank=True)
    """Empty where they were published."""
    remark = models.TextField(blank=True)

    class Meta:
        ordering = ("at", "pk")

    def __str__(self) -> str:
        return f"{self.ground or 'published'}: {self.engagement}"


class HeadCount(models.Model):
    """How many people of one group took part, as they said of themselves without a name."""

    engagement = models.ForeignKey(Engagement, on_delete=models.CASCADE, related_name="head_counts")
    kind = models.CharField(max_length=50)
    """A kind of group that a population tells apart, such as `language`."""
    group = models.CharField(max_length=200)
    people = models.PositiveIntegerField()

    class Meta:
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=("engagement", "kind", "group"), name="one_count_per_group"),)

    def __str__(self) -> str:
        return f"{self.people} {self.group} at {self.engagement}"
