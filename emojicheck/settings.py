"""Settings, read from the environment. `docs/settings.md` explains every variable."""

from __future__ import annotations

import mimetypes
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from emojicheck import environment as env

# Places
BASE_DIR = Path(__file__).resolve().parent.parent
env.read_file(Path(env.text("ENV_FILE") or BASE_DIR / ".env"))
DATA_DIR = Path(env.text("DATA_DIR") or BASE_DIR / "data").resolve()

# Core
DEBUG = env.boolean("DEBUG", default=False)
SECRET_KEY = env.secret("SECRET_KEY", DATA_DIR / "secret_key")
PORT = env.whole("PORT", 8000, low=1, high=65535)  # where `serve` listens
SITE_URL = env.web_address("SITE_URL", f"http://127.0.0.1:{PORT}")
_site = urlsplit(SITE_URL)
if _site.path:
    raise ImproperlyConfigured(f"SITE_URL: {SITE_URL!r} must not have a path.")
EXTRA_HOSTS = env.words("EXTRA_HOSTS")
ALLOWED_HOSTS = [str(_site.hostname), "127.0.0.1", "localhost", "[::1]", *EXTRA_HOSTS]
CSRF_TRUSTED_ORIGINS = [SITE_URL]
ROOT_URLCONF = "emojicheck.urls"
WSGI_APPLICATION = "emojicheck.wsgi.application"

INSTALLED_APPS = [
    "emojicheck",
    "django_tasks",
    "django_tasks_db",
    "axes",
    "csp",
    "ninja",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]
MIDDLEWARE = [
    "emojicheck.api.problems.tell_as_json",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "emojicheck.nul_bytes.refuse_nul_bytes",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "emojicheck.views.too_large.refuse_what_is_too_large",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "axes.middleware.AxesMiddleware",  # has to be last
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

# Database. SQLite needs all of these: with its defaults a third of concurrent writes fail.
_database = env.database("DATABASE_URL", DATA_DIR / "emojicheck.sqlite3")
if _database["ENGINE"] == "django.db.backends.sqlite3":
    _database["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
else:
    _database["CONN_MAX_AGE"] = 60
    _database["CONN_HEALTH_CHECKS"] = True
DATABASES = {"default": _database}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Background work
TASKS_BACKEND = env.text("TASKS_BACKEND", "django_tasks_db.DatabaseBackend")
TASKS = {"default": {"BACKEND": TASKS_BACKEND, "QUEUES": ["default"]}}

# Files
MEDIA_ROOT = DATA_DIR / "files"
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
S3_BUCKET = env.text("AWS_STORAGE_BUCKET_NAME")
if S3_BUCKET:
    from botocore.config import Config

    _photos: dict[str, object] = {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": S3_BUCKET,
            "access_key": env.text("AWS_ACCESS_KEY_ID") or None,
            "secret_key": env.text("AWS_SECRET_ACCESS_KEY") or None,
            "endpoint_url": env.text("AWS_S3_ENDPOINT_URL") or None,
            "region_name": env.text("AWS_S3_REGION_NAME") or None,
            "default_acl": None,
            "querystring_auth": True,
            "file_overwrite": False,
            # Alibaba Cloud OSS refuses the chunked checksums that boto3 sends by default.
            "client_config": Config(
                signature_version="s3v4",
                # The defaults hold a visitor's request for minutes when the store is away.
                connect_timeout=5,
                read_timeout=20,
                retries={"mode": "standard", "total_max_attempts": 2},
                s3={
                    "addressing_style": env.choice(
                        "AWS_S3_ADDRESSING_STYLE", "virtual", ("virtual", "path", "auto")
                    )
                },
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            ),
        },
    }
else:
    _photos = {"BACKEND": "django.core.files.storage.FileSystemStorage"}
STORAGES = {
    "default": _photos,
    "staticfiles": {"BACKEND": "emojicheck.stylesheets.JoinedStylesheetsStorage"},
}
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
DATA_UPLOAD_MAX_NUMBER_FILES = 100  # above what the form takes, which then says so in words
mimetypes.add_type("text/javascript", ".js", strict=True)

# Language and time
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("zh-hans", _("Simplified Chinese"))]
LOCALE_PATHS = [BASE_DIR / "emojicheck" / "locale"]
USE_I18N = True
FORMAT_MODULE_PATH = "emojicheck.formats"
USE_TZ = True
TIME_ZONE = env.time_zone("TIME_ZONE", "UTC")

# Security
HTTPS = _site.scheme == "https"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
LANGUAGE_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 30 * 24 * 3600
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^photos/", r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS and env.boolean(
    "HSTS_SUBDOMAINS", default=False
)
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
BEHIND_PROXY = env.boolean("BEHIND_PROXY", default=False)
PROXY_ADDRESS = env.text("PROXY_ADDRESS", "127.0.0.1")  # whose X-Forwarded-* headers are believed
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    "camera": ["self"],
    "clipboard-write": ["self"],
    "display-capture": [],
    "geolocation": [],
    "microphone": [],
    "payment": [],
    "usb": [],
}
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
# By name and address together: a stranger cannot lock the operator out.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_ON_SUCCESS = True
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
AXES_CLIENT_IP_CALLABLE = "emojicheck.views.logins.client_address"
AXES_LOCKOUT_CALLABLE = "emojicheck.views.logins.locked_out"

# Detector
DASHSCOPE_API_KEY = env.key("DASHSCOPE_API_KEY")
DASHSCOPE_BASE_URL = env.web_address(
    "DASHSCOPE_HTTP_BASE_URL", "https://dashscope.aliyuncs.com/api/v1"
)
DETECTOR = env.choice("DETECTOR", "auto", ("auto", "local", "dashscope"))
if DETECTOR == "auto":
    DETECTOR = "dashscope" if DASHSCOPE_API_KEY else "local"
if DETECTOR == "dashscope" and not DASHSCOPE_API_KEY:
    raise ImproperlyConfigured("DASHSCOPE_API_KEY: needed because DETECTOR is dashscope.")
DASHSCOPE_CONNECT_SECONDS = env.number("DASHSCOPE_CONNECT_SECONDS", 10, low=0.1, high=120)
DASHSCOPE_READ_SECONDS = env.number("DASHSCOPE_READ_SECONDS", 60, low=0.1, high=600)
CALLS_PER_SECOND = {
    # A tenth below what the service allows, so that clocks and networks may jitter.
    "emoji-detect-v1": env.number("EMOJI_CALLS_PER_SECOND", 0.9, low=0.01, high=1000),
    "emo-detect-v1": env.number("EMO_CALLS_PER_SECOND", 4.5, low=0.01, high=1000),
}
PRICE_PER_IMAGE = env.money("PRICE_PER_IMAGE", "0.004")
DAILY_BUDGET = env.money("DAILY_BUDGET", "0")  # in yuan; 0 = no limit
PRECHECK = env.choice("PRECHECK", "block", ("block", "warn", "off"))
PHOTO_DELIVERY = env.choice("PHOTO_DELIVERY", "auto", ("auto", "public", "storage", "temporary"))
PHOTO_LINK_MINUTES = env.number("PHOTO_LINK_MINUTES", 10, low=1, high=24 * 60)

# Downloads of linked photos
FETCH_PROXY = env.proxy("FETCH_PROXY")

# The camera page
LIVE_HINTS = env.boolean("LIVE_HINTS", default=True)

# Judging
ATTEMPTS = env.whole("ATTEMPTS", 5, low=1, high=100)
LEASE_SECONDS = env.number("LEASE_SECONDS", 15, low=1, high=3600)
SWEEP_SECONDS = env.number("SWEEP_SECONDS", 3, low=0.1, high=3600)

# Keeping photos, and not being flooded
RETENTION_HOURS = env.number("RETENTION_HOURS", 24, low=1, high=24 * 365)
SUBMISSIONS_PER_HOUR = env.whole("SUBMISSIONS_PER_HOUR", 0)  # 0 = no limit
VISITOR_DAILY_BUDGET = env.money("VISITOR_DAILY_BUDGET", "0")  # in yuan; 0 = no limit
MAX_WAITING = env.whole("MAX_WAITING", 2000)  # 0 = no limit

METRICS_TOKEN = env.key("METRICS_TOKEN")
LOG_LEVEL = env.choice("LOG_LEVEL", "INFO", ("DEBUG", "INFO", "WARNING", "ERROR"))
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "class": "emojicheck.redaction.RedactingFormatter",
            "format": "{asctime} {levelname} {name}: {message}",
            "style": "{",
        },
    },
    "filters": {"redacting": {"()": "emojicheck.redaction.RedactingFilter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
    "loggers": {
        "django": {"level": "INFO"},
        "django.request": {"filters": ["redacting"]},  # repeats addresses
        "django.security.DisallowedHost": {"level": "CRITICAL"},  # every scanner's first try
        "django_tasks": {"level": "WARNING"},
        "django_tasks_db": {"level": "ERROR"},  # warns of every SIGTERM
        "botocore": {"level": "WARNING"},  # tells whole requests, signatures included
        "waitress.queue": {"level": "ERROR"},  # warns of every request that has to wait
    },
}
