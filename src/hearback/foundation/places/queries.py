"""Reading the city and its areas."""

from __future__ import annotations

from hearback.foundation.places.models import Area, City, Layer


def city() -> City | None:
    """The city, once one was built."""
    return City.objects.first()


def layers() -> list[Layer]:
    """Every layer, the primary one first."""
    return list(Layer.objects.order_by("-primary", "key"))


def areas(layer: str | None = None) -> list[Area]:
    """The areas of a layer (the primary one unless named), by key; retired ones left out."""
    wanted = {"layer__key": layer} if layer else {"layer__primary": True}
    found = Area.objects.filter(retired=False, **wanted)
    return sorted(found, key=lambda area: area.key)  # not by the database, whose order depends on its locale


def holdings() -> dict[str, int]:
    """What `hearback status` counts here."""
    return {
        "areas": Area.objects.filter(retired=False, layer__primary=True).count(),
        "areas_in_all_layers": Area.objects.filter(retired=False).count(),
        "layers": Layer.objects.count(),
    }
