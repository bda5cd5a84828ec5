"""Addresses: public pages with a language prefix, the workspace under /desk/, machines beside them."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

from django.conf.urls.i18n import i18n_patterns
from django.urls import URLPattern, URLResolver, include, path

from hearback.config.health import health
from hearback.config.rooms import all_slices
from hearback.foundation.people.urls import sign_in_patterns


def _found(name: str) -> list[URLPattern | URLResolver]:
    """The patterns called `name` in every slice's `urls`, in the order of the loop.

    A slice with public pages and pages of the workspace names the latter by `desk_app_name`: a namespace is found once.
    """
    modules = [import_module(f"{slice_}.urls") for slice_ in all_slices() if find_spec(f"{slice_}.urls")]
    return [
        path("", include((getattr(module, name), _namespace(module, name))))
        for module in modules
        if hasattr(module, name)
    ]


def _namespace(module: ModuleType, name: str) -> str:
    return getattr(module, "desk_app_name", module.app_name) if name == "desk_patterns" else module.app_name


handler400 = "hearback.config.refused.refused"
urlpatterns = [
    path("health/", health),
    path("desk/", include(sign_in_patterns)),
    path("desk/", include(_found("desk_patterns"))),
    *i18n_patterns(
        *_found("public_patterns"), path("", include("hearback.portal.urls")), prefix_default_language=False
    ),
]
