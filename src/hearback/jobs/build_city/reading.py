"""The first step of a build: every table that fits into memory, read and joined with its areas."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from hearback.foundation.indicators.queries import Indicator, definition, definitions
from hearback.importers import areas, indicators, joins, organizations, svi
from hearback.importers.areas import Areas
from hearback.importers.city import AreaLayer, City, IndicatorSource, OrganizationSource, PopulationSource, SurveySource
from hearback.importers.indicators import IndicatorTable
from hearback.importers.organizations import Organizations
from hearback.importers.populations import Population
from hearback.importers.quality import Imported
from hearback.jobs.build_city.naming import refuse_same_names
from hearback.jobs.build_city.populations import read_population
from hearback.jobs.build_city.surveys import ReadSurvey, read_survey
from hearback.refusal import Refusal

ROUNDING = 1e-9


class ImpossibleValue(Refusal):
    """A share that is none, or less than nothing."""


@dataclass(frozen=True)
class Sources:
    """Every table of a city, each with its quality report, in the order of the description."""

    city: City
    layers: dict[str, Imported[Areas]]
    indicators: list[tuple[IndicatorSource, Imported[IndicatorTable]]]
    organizations: list[tuple[OrganizationSource, Imported[Organizations]]]
    populations: list[tuple[PopulationSource, Imported[Population]]]
    surveys: list[tuple[SurveySource, ReadSurvey]]

    @property
    def primary(self) -> Areas:
        """The areas that pages and maps are about."""
        return self.layers[self.city.primary.id].table


def read_sources(city: City) -> Sources:
    """Read all tables but the incidents; the first that cannot be used is refused."""
    refuse_same_names((source.title for source in city.sources), where=str(city.file))
    for source in city.indicators:
        for indicator in source.columns:
            definition(indicator, where=f"{city.file}, indicators of “{source.title}”")
    layers = {layer.id: _areas(layer, city) for layer in city.areas}
    keys_of = {name: found.table.keys for name, found in layers.items()}
    return Sources(
        city=city,
        layers=layers,
        indicators=[(source, _indicators(source, layers[source.areas].table)) for source in city.indicators],
        organizations=[(source, _organizations(source, city)) for source in city.organizations],
        populations=[(source, read_population(source, keys_of=keys_of)) for source in city.populations],
        surveys=[(source, read_survey(source, keys_of=keys_of)) for source in city.surveys],
    )


def _areas(layer: AreaLayer, city: City) -> Imported[Areas]:
    return areas.read(
        layer.file,
        key=layer.key,
        name=layer.name,
        key_digits=layer.key_digits,
        population=layer.population,
        layer=layer.layer,
        repair=layer.repair,
        within=city.bounds,
    )


def _indicators(source: IndicatorSource, table: Areas) -> Imported[IndicatorTable]:
    found = _svi(source) if source.layout == "svi" else _plain(source)
    _refuse_impossible(source, found.table)
    audit = joins.audit(
        found.table.keys,
        table.keys,
        left=source.title,
        right=source.areas,
        file=source.file,
        rows=found.table.rows,
        names=(found.table.names, table.names) if found.table.names else None,
        accepted=source.accept_unmatched,
    )
    return Imported(found.table, replace(found.report, joins=(audit,)))


def _plain(source: IndicatorSource) -> Imported[IndicatorTable]:
    return indicators.read(
        source.file,
        key=str(source.key),
        columns=source.columns,
        layout="acs" if source.layout == "acs" else "plain",
        name=source.name,
        missing_codes=source.missing,
        key_digits=source.key_digits,
    )


def _svi(source: IndicatorSource) -> Imported[IndicatorTable]:
    """CDC's columns as the indicators that name them, percentages as shares."""
    found = svi.read(source.file)
    inputs = found.table.inputs
    unknown = np.full(len(found.table.fips), np.nan)
    held = [indicator for indicator in definitions().values() if indicator.cdc_column in inputs]
    table = IndicatorTable(
        keys=found.table.fips,
        estimates={one.id: inputs[one.cdc_column] / one.cdc_scale for one in held},
        margins={one.id: inputs.get(one.cdc_margin, unknown) / one.cdc_scale for one in held},
        names=found.table.location,
        rows=found.table.rows,
    )
    return Imported(table, found.report)


def _refuse_impossible(source: IndicatorSource, table: IndicatorTable) -> None:
    """Refuse what lies below 0, and a share above 1: percent that were not said to be, or a code for "missing"."""
    for indicator, values in table.estimates.items():
        most = np.inf if _may_exceed(definition(indicator), source) else 1 + ROUNDING
        for at in np.flatnonzero((values < 0) | (values > most)).tolist():
            raise ImpossibleValue(
                f"{indicator} is {values[at]:g}, and {'a share lies between 0 and 1' if most < 2 else 'cannot be'}",
                where=f"{source.file}, row {table.rows[at]}",
                remedy=(
                    "Correct it; write { estimate = …, percent = true } where the column holds percent, and name codes "
                    "for missing values under missing"
                ),
            )


def _may_exceed(indicator: Indicator, source: IndicatorSource) -> bool:
    """Whether values above 1 can be right: of what is no share, or where the numerator is no part of the whole."""
    return indicator.unit != "share" or (
        indicator.id in source.columns and source.columns[indicator.id].rule == "ratio"
    )


def _organizations(source: OrganizationSource, city: City) -> Imported[Organizations]:
    return organizations.read(
        source.file,
        name=source.name,
        kind=source.kind,
        kind_column=source.kind_column,
        kinds=source.kinds,
        languages=source.languages,
        language_columns=source.language_columns,
        address=source.address,
        contacts=source.contacts,
        longitude=source.longitude,
        latitude=source.latitude,
        layer=source.layer,
        within=city.bounds,
    )
