"""What an analyst wants to look at: a wave, and within it an item, a statistic, a kind of group, and a group."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from hearback.listen.surveys.enums import Mode
from hearback.understand.trust.enums import AREA, Statistic
from hearback.understand.trust.queries.finished import EVERY, Choice, groups_estimated

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hearback.listen.surveys.models import Wave


class Choosing(forms.Form):
    """Choices are those of which something is estimated in the wave that was chosen, or in the latest one."""

    wave = forms.ChoiceField(label=_("Survey and wave"), required=False)
    item = forms.ChoiceField(label=_("Question"), required=False)
    statistic = forms.ChoiceField(label=_("Statistic"), required=False)
    by = forms.ChoiceField(label=_("Kind of group"), required=False)
    group = forms.ChoiceField(label=_("Group or area"), required=False)

    def __init__(self, asked: QueryDict, *, waves: Sequence[Wave], kinds: Mapping[str, Sequence[str]]) -> None:
        """kinds: of each wave's key, the kinds of group of which something is estimated."""
        self.waves = {f"{wave.survey.key}/{wave.key}": wave for wave in waves}
        super().__init__({**asked.dict(), "wave": self._known(asked.get("wave"))})
        self.fields["wave"].choices = [(key, str(wave)) for key, wave in self.waves.items()]
        titles = {kind.key: kind.title for kind in self.chosen_wave.group_kinds.all()}
        named = {"": _("Everybody"), AREA: _("Areas")} | titles
        self.fields["by"].choices = [
            (EVERY, _("All")),
            *((kind, named.get(kind, kind)) for kind in kinds[self.data["wave"]]),
        ]
        self.fields["item"].choices = [("", _("All")), *_described(self.chosen_wave)]
        self.fields["statistic"].choices = [("", _("All")), *Statistic.choices]
        self.fields["group"].choices = [("", _("All")), *((name, name) for name in self._groups())]

    @property
    def chosen_wave(self) -> Wave:
        """The wave that was asked for; the latest random sample, or else the latest, where there is none such."""
        return self.waves[self.data["wave"]]

    @property
    def chosen(self) -> Choice:
        """What was chosen; a value that does not occur chooses everything. A page of everything begins with what the
        whole wave says."""
        self.is_valid()
        given = {name: self.cleaned_data.get(name, "") for name in ("item", "statistic", "group")}
        return Choice(by=self.cleaned_data.get("by", "") if "by" in self.data else "", **given)

    def _known(self, wanted: str | None) -> str:
        if wanted in self.waves:
            return str(wanted)
        drawn = [key for key, wave in self.waves.items() if wave.mode == Mode.PROBABILITY]
        return (drawn or [*self.waves])[-1]

    def _groups(self) -> list[str]:
        by = self.data.get("by", "")
        return groups_estimated(self.chosen_wave, by) if by and by != EVERY else []


def _described(wave: Wave) -> list[tuple[str, str]]:
    return [(one.key, f"{one.key}: {one}") for one in [*wave.items.all(), *wave.scales.all()]]
