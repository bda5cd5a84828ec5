"""The entry point of the web server."""

from __future__ import annotations

import os

import holidays.countries
from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from hearback.config.whole_requests import WholeRequests

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hearback.config.settings")
application = WholeRequests(get_wsgi_application())
READ_AHEAD = (get_resolver().url_patterns, holidays.countries)
"""What would otherwise be read while the first reader waits: every page, and every country's holidays."""
