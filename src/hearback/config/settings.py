"""Settings: sensible for one small agency, changed by a handful of environment variables (docs/settings.md)."""

from __future__ import annotations

import os
import secrets
from datetime import timedelta
from pathlib import Path

import dj_database_url
from django.conf.locale import LANG_INFO

from hearback.config.rooms import all_slices
from hearback.config.translator import on_this_machine
from hearback.foundation.languages.queries import installed_languages

DATA_DIR = Path(os.environ.get("HEARBACK_DATA_DIR", "var")).absolute()
"""Where the operational database, the evidence store and the keys live."""

ENGINE = os.environ.get("HEARBACK_ENGINE", "duckdb")
"""The evidence store's engine: `duckdb` here, `spark` on a cluster."""


def _secret_key() -> str:
    file = DATA_DIR / "secret-key"
    return file.read_text().strip() if file.exists() else secrets.token_urlsafe(50)


SECRET_KEY = os.environ.get("HEARBACK_SECRET_KEY") or _secret_key()


def _sealing_secret() -> bytes:
    file = DATA_DIR / "sealing-secret"
    return bytes.fromhex(file.read_text()) if file.exists() else secrets.token_bytes(32)


SEALING_SECRET = _sealing_secret()
"""What receipts, forms and proofs of this installation rest on; outside the database, and never to be changed."""
DEBUG = os.environ.get("HEARBACK_DEBUG") == "1"
ALLOWED_HOSTS = os.environ.get("HEARBACK_HOSTS", "127.0.0.1,localhost,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [origin for origin in os.environ.get("HEARBACK_ORIGINS", "").split(",") if origin]
HTTPS = bool(CSRF_TRUSTED_ORIGINS) and all(origin.startswith("https://") for origin in CSRF_TRUSTED_ORIGINS)

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_htmx",
    "hearback.design",
    "hearback.portal",
    *all_slices(),
    "allauth",  # after the slices, whose templates of the same name are the ones shown
    "allauth.account",
    "allauth.mfa",
    "axes",
]

MIDDLEWARE = [
    "hearback.portal.finished.FinishedPages",
    "hearback.config.headers.SafeHeaders",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "hearback.config.forms_sent.OnlyUtf8",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "hearback.config.desk_door.DeskDoor",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "hearback.config.urls"
WSGI_APPLICATION = "hearback.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "hearback.portal.context.city",
            ],
        },
    }
]

SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL;"
    "PRAGMA synchronous=FULL;"  # a resident's words survive a power cut
    "PRAGMA secure_delete=ON;"  # what is erased is overwritten
)
DATABASES = {
    "default": dj_database_url.parse(os.environ["DATABASE_URL"], conn_max_age=60, conn_health_checks=True)
    if "DATABASE_URL" in os.environ
    else {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": DATA_DIR / "hearback.sqlite3",
        "CONN_MAX_AGE": None,
        # With the default mode, half of concurrent read-then-write transactions fail; with IMMEDIATE none do.
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": SQLITE_PRAGMAS},
    }
}
FILE_UPLOAD_HANDLERS = ["hearback.config.uploads.InMemory"]  # a photo never touches the disk
CLAMD = os.environ.get("HEARBACK_CLAMD", "")
"""Where a virus scanner listens: a socket's path, or host:port; empty where there is none."""
TRANSLATOR = on_this_machine(os.environ.get("HEARBACK_TRANSLATOR", ""))
"""Where a translator listens: a socket's path, or a port of this machine; empty where there is none."""
FILE_UPLOAD_MAX_MEMORY_SIZE = 9 * 1024 * 1024  # larger bodies are refused before (concerns.views.public)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",  # a guess costs memory too
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
PASSWORD_RESET_TIMEOUT = 7 * 24 * 60 * 60  # how long a first sign-in waits
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "people:desk"

ACCOUNT_ADAPTER = "hearback.config.sign_in.Accounts"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_REDIRECT_URL = "portal:home"
ACCOUNT_RATE_LIMITS = {
    "login_failed": "6/15m/key",  # wrong codes of a second factor; wrong passwords meet the lock below first
    "unlock": "10/15m/user",  # tries at the passphrase of a key
    # What allauth would count by network address is not counted at all.
    "login": None,
    "signup": None,
    "reset_password": None,
    "reset_password_from_key": None,
    "request_login_code": None,
    "verify_phone": None,
}

MFA_ADAPTER = "hearback.config.sign_in.SecondFactors"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_TOLERANCE = 1  # for clocks that drift; a code still works only once (people.forms)
MFA_RATE_LIMITS = {"webauthn_login": None}
MFA_FORMS = {
    "authenticate": "hearback.foundation.people.forms.SecondFactorForm",
    "reauthenticate": "hearback.foundation.people.forms.SecondFactorAgainForm",
}

# Five wrong passwords lock a name for a quarter of an hour. Tries are counted in memory, under a digest of the name
# and nothing else; a passkey opens all the same, so that nobody can be locked out of their work.
AXES_HANDLER = "axes.handlers.cache.AxesCacheHandler"
AXES_LOCKOUT_PARAMETERS = ["username"]
AXES_USERNAME_CALLABLE = "hearback.config.sign_in.name_tried"
AXES_CLIENT_IP_CALLABLE = "hearback.config.sign_in.nobody"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "account/locked.html"
AXES_VERBOSE = False
SILENCED_SYSTEM_CHECKS = [
    "axes.W001",  # counting in memory is meant: nothing about tries is stored
    "axes.W006",  # so is counting without network addresses
]


def counting_in(folder: str) -> dict[str, str]:
    """Tries are counted in a folder that several processes share; without one, in this process's own memory."""
    if folder:
        return {"BACKEND": "hearback.config.counting.CountsInFolder", "LOCATION": folder}
    return {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}


CACHES = {
    "default": {
        **counting_in(os.environ.get("HEARBACK_SHARED_COUNTS", "")),
        "OPTIONS": {"MAX_ENTRIES": 100_000},  # trying many names must not push out the count of one
    },
    "pages": {  # finished public pages (portal.finished); each is at most 100 kB
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "pages",
        "TIMEOUT": 3600,
        "OPTIONS": {"MAX_ENTRIES": 150},  # reading many addresses must not fill the memory
    },
}

LONGEST_SESSION = 8 * 60 * 60
SESSION_COOKIE_AGE = 30 * 60  # since somebody was last noticed (config.desk_door)
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_NAME = "desk"
SESSION_COOKIE_PATH = "/desk/"  # no cookie ever reaches the public pages
CSRF_COOKIE_PATH = "/desk/"
CSRF_COOKIE_AGE = None
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Strict"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SECURE_REFERRER_POLICY = "same-origin"  # with "no-referrer", browsers name no origin and every form is refused
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
X_FRAME_OPTIONS = "DENY"

LANGUAGE_CODE = "en"
LANGUAGES = [(language.code, language.own_name) for language in installed_languages()]
LANGUAGES_BIDI = [language.code for language in installed_languages() if language.right_to_left]
LANGUAGES_REVIEWED = frozenset(language.code for language in installed_languages() if language.reviewed_by)
LOCALE_PATHS = [Path(__file__).parent.parent / "locale"]
LANG_INFO.update(  # languages that Django itself does not know
    {
        language.code: {
            "bidi": language.right_to_left,
            "code": language.code,
            "name": language.name,
            "name_local": language.own_name,
        }
        for language in installed_languages()
        if language.code not in LANG_INFO
    }
)
USE_I18N = True
DATE_FORMAT, DATETIME_FORMAT, TIME_FORMAT = "j F Y", "j F Y, H:i", "H:i"  # in languages that Django does not know
NUMBER_GROUPING = 3
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"

WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 3600

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"stderr": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {  # a line for each refused form, mistyped address or foreign name would be an access log
        "django.request": {"level": "ERROR"},
        "django.security": {"level": "CRITICAL"},
    },
}
