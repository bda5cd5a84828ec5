"""Reading the city and its areas."""

from __future__ import annotations

import re
from collections.abc import Collection

from hearback.foundation.places.models import Area, City, Layer
from hearback.prepared import Prepared

_OF_THE_CITY = [field.attname for field in City._meta.concrete_fields]
_CITY = Prepared(lambda: City.objects.order_by("pk").values_list(*_OF_THE_CITY)[:1])


def city() -> City | None:
    """The city, once one was built."""
    return next((City.from_db(None, _OF_THE_CITY, row) for row in _CITY()), None)


def layers() -> list[Layer]:
    """Every layer, the primary one first."""
    return list(Layer.objects.order_by("-primary", "key"))


def areas(layer: str | None = None) -> list[Area]:
    """The areas of a layer (the primary one unless named), by key; retired ones left out."""
    wanted = {"layer__key": layer} if layer else {"layer__primary": True}
    found = Area.objects.filter(retired=False, **wanted)
    return sorted(found, key=lambda area: area.key)  # not by the database, whose order depends on its locale


def names_of(keys: Collection[str]) -> dict[str, str]:
    """The names of areas that have just these keys, if they are areas of one layer; empty where they are not."""
    if not keys:
        return {}
    for layer in layers():
        named = dict(Area.objects.filter(retired=False, layer=layer, key__in=keys).values_list("key", "name"))
        if set(named) == set(keys):
            return named
    return {}


def area_choices() -> list[tuple[str, str]]:
    """Key and name of every area of the primary layer, by name; without outlines, which weigh a hundred times more."""
    found = Area.objects.filter(retired=False, layer__primary=True).order_by()
    return sorted(found.values_list("key", "name"), key=lambda choice: _natural(choice[1]))


def area_with(key: str) -> Area | None:
    """The area of the primary layer with this key, without its outline."""
    return Area.objects.filter(retired=False, layer__primary=True, key=key).defer("wkb").first()


def holdings() -> dict[str, int]:
    """What `hearback status` counts here."""
    return {
        "areas": Area.objects.filter(retired=False, layer__primary=True).count(),
        "areas_in_all_layers": Area.objects.filter(retired=False).count(),
        "layers": Layer.objects.count(),
    }


def _natural(name: str) -> list[tuple[int, str]]:
    """Sorts `Tract 9` before `Tract 10`."""
    return [(int(part), "") if part.isdecimal() else (-1, part.casefold()) for part in re.split(r"(\d+)", name) if part]
