"""An assessment of need, and each area's score in it."""

from __future__ import annotations

from django.db import models


class Assessment(models.Model):
    """One computation of a need index, with everything needed to compute it again."""

    definition = models.TextField()
    """The index definition, as JSON."""
    title = models.CharField(max_length=200)
    indicator_titles = models.JSONField(default=list)
    level = models.FloatField()
    draws = models.PositiveIntegerField()
    seed = models.BigIntegerField()
    has_margins = models.BooleanField()
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.title


class Score(models.Model):
    """An area's place in an assessment; empty fields mean that it cannot be said."""

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="scores")
    area = models.ForeignKey("places.Area", on_delete=models.CASCADE, related_name="need_scores")
    score = models.FloatField(null=True)
    rank = models.PositiveIntegerField(null=True)
    rank_low = models.PositiveIntegerField(null=True)
    rank_high = models.PositiveIntegerField(null=True)
    p_top_tenth = models.FloatField(null=True)
    other_low = models.PositiveIntegerField(null=True)
    """Best rank when any one indicator is left out of the index."""
    other_high = models.PositiveIntegerField(null=True)
    """Worst rank when any one indicator is left out of the index."""
    why_missing = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("assessment", "area"), name="one_score_per_area"),)

    def __str__(self) -> str:
        return f"{self.area}: {self.score}"
