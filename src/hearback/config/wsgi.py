"""The entry point of the web server."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hearback.config.settings")
application = get_wsgi_application()
EVERY_ADDRESS = get_resolver().url_patterns
"""Read now, with every page behind them, rather than while the first reader waits."""
