"""What is said to a request that is no request for this site, or that cannot be read."""

from __future__ import annotations

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.views.defaults import bad_request

OTHER_NAME = (
    "This site is not served under the name that was asked for. "
    "Whoever looks after it: set HEARBACK_HOSTS, as docs/operating.md says.\n"
)


def refused(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Whoever set up a web server in front without telling Hearback its name learns that, and not about photos."""
    if isinstance(exception, DisallowedHost):
        return HttpResponse(OTHER_NAME, status=400, content_type="text/plain; charset=utf-8")
    return bad_request(request, exception)
