"""One page for machines that watch: is the database there, and which edition is being shown?"""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse

from hearback import __version__
from hearback.report_back.releases import queries as releases


def health(request: HttpRequest) -> JsonResponse:
    """`{"status": "ok", …}`; the server answers 500 where the database does not."""
    edition = releases.edition()
    return JsonResponse({"status": "ok", "version": __version__, "edition": edition.number if edition else None})
