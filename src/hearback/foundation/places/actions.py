"""Putting the city and its areas on record."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

import numpy as np
import shapely
from django.db import transaction

from hearback.foundation.audit import actions as audit
from hearback.foundation.audit.enums import Actor
from hearback.foundation.places.models import Area, City, Layer
from hearback.importers.areas import Areas
from hearback.importers.city import AreaLayer
from hearback.importers.city import City as Description
from hearback.importers.city_sources import WEEKDAYS


@transaction.atomic
def describe_city(description: Description, *, by: Actor, at: datetime) -> City:
    """Put the city on record as its description says, or bring the record up to date."""
    city = City.objects.first() or City()
    city.name = description.name
    city.invented = description.invented
    city.timezone = description.timezone
    city.emergency_number = description.emergency_number
    city.default_language = description.default_language
    city.languages = list(description.languages)
    city.workdays = [WEEKDAYS.index(day) for day in description.calendar.workdays]
    city.holidays_country = description.calendar.country
    city.holidays_subdivision = description.calendar.subdivision
    city.days_off = list(description.calendar.days_off)
    city.promises = {kind: asdict(promise) for kind, promise in description.promises.items()}
    city.save()
    detail = {"name": city.name, "promises": city.promises}
    audit.record(verb="places.describe_city", subject="city", by=by, at=at, detail=detail)
    return city


@transaction.atomic
def lay_areas(source: AreaLayer, table: Areas, *, by: Actor, at: datetime) -> Layer:
    """Put a layer's areas on record: known keys are brought up to date, vanished ones retired."""
    layer, _ = Layer.objects.update_or_create(
        key=source.id,
        defaults={
            "singular": source.singular,
            "plural": source.plural,
            "vintage": source.vintage,
            "primary": source.primary,
            "outlined": table.outlined,
        },
    )
    population = table.population if table.population is not None else np.full(len(table.keys), np.nan)
    rows = [
        Area(
            layer=layer,
            key=key,
            name=name,
            population=None if np.isnan(people) else round(people),
            wkb=shapely.to_wkb(geometry),
            retired=False,
        )
        for key, name, people, geometry in zip(table.keys, table.names, population, table.geometries, strict=True)
    ]
    Area.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=("layer", "key"),
        update_fields=("name", "population", "wkb", "retired"),
    )
    layer.areas.exclude(key__in=table.keys).update(retired=True)
    audit.record(verb="places.lay_areas", subject=f"layer:{layer.key}", by=by, at=at, detail={"areas": len(rows)})
    return layer
