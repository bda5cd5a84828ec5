"""The first step of a build: every table that fits into memory, read and joined with its areas."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from hearback.foundation.indicators.queries import definition, of_cdc_column
from hearback.importers import areas, indicators, joins, organizations, svi
from hearback.importers.areas import Areas
from hearback.importers.city import AreaLayer, City, IndicatorSource, OrganizationSource
from hearback.importers.indicators import IndicatorTable
from hearback.importers.organizations import Organizations
from hearback.importers.quality import Imported


@dataclass(frozen=True)
class Sources:
    """Every table of a city, each with its quality report, in the order of the description."""

    city: City
    layers: dict[str, Imported[Areas]]
    indicators: list[tuple[IndicatorSource, Imported[IndicatorTable]]]
    organizations: list[tuple[OrganizationSource, Imported[Organizations]]]

    @property
    def primary(self) -> Areas:
        """The areas that pages and maps are about."""
        return self.layers[self.city.primary.id].table


def read_sources(city: City) -> Sources:
    """Read areas, indicator tables and organisations; the first that cannot be used is refused."""
    for source in city.indicators:
        for indicator in source.columns:
            definition(indicator, where=f"{city.file}, indicators of “{source.title}”")
    layers = {layer.id: _areas(layer, city) for layer in city.areas}
    return Sources(
        city=city,
        layers=layers,
        indicators=[(source, _indicators(source, layers[source.areas].table)) for source in city.indicators],
        organizations=[(source, _organizations(source, city)) for source in city.organizations],
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
    audit = joins.audit(
        found.table.keys, table.keys, left=source.title, right=source.areas, accepted=source.accept_unmatched
    )
    return Imported(found.table, replace(found.report, joins=(audit,)))


def _plain(source: IndicatorSource) -> Imported[IndicatorTable]:
    return indicators.read(
        source.file,
        key=str(source.key),
        columns=source.columns,
        layout="acs" if source.layout == "acs" else "plain",
        missing_codes=source.missing,
        key_digits=source.key_digits,
    )


def _svi(source: IndicatorSource) -> Imported[IndicatorTable]:
    """CDC's percentages as the indicators that say which CDC column holds them, as shares."""
    found = svi.read(source.file)
    inputs = found.table.inputs
    columns = {indicator.id: name for name in inputs if (indicator := of_cdc_column(name))}
    table = IndicatorTable(
        keys=found.table.fips,
        estimates={indicator: inputs[column] / 100 for indicator, column in columns.items()},
        margins={
            indicator: inputs.get(column.replace("EP_", "MP_"), np.full(len(found.table.fips), np.nan)) / 100
            for indicator, column in columns.items()
        },
    )
    return Imported(table, found.report)


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
        layer=source.layer,
        within=city.bounds,
    )
