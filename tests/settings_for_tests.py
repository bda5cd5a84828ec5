"""The real settings, with a data directory that goes away and quick password hashing."""

from __future__ import annotations

import os
import tempfile
from importlib import import_module

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ["HEARBACK_DATA_DIR"] = tempfile.mkdtemp(prefix="hearback-tests-")

globals().update(
    {name: value for name, value in vars(import_module("hearback.config.settings")).items() if name.isupper()}
)
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
