"""All settings, in the order in which a request meets them; the environment is the only variation.

Every variable is described in `.env.example`.
"""

import secrets
from pathlib import Path

import environ

ROOT = Path(__file__).resolve().parent.parent

env = environ.Env()
environ.Env.read_env(ROOT / ".env")

DATA: Path = (ROOT / env.str("SLIPWAY_DATA", default="var")).resolve()


def _secret(name: str) -> str:
    """A secret kept in the data folder, made at first use: signatures survive a restart."""
    path = DATA / name
    try:
        return path.read_text()
    except FileNotFoundError:
        DATA.mkdir(parents=True, exist_ok=True)
        fresh = path.with_suffix(f".{secrets.token_hex(4)}")
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(64))
        try:
            path.hardlink_to(fresh)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
        return path.read_text()


# Who we are
DEBUG = env.bool("SLIPWAY_DEBUG", default=False)
SECRET_KEY = env.str("SLIPWAY_SECRET_KEY", default="") or _secret("secret-key")
PORT = env.int("SLIPWAY_PORT", default=8000)
HOST = env.str("SLIPWAY_HOST", default="127.0.0.1")
_HOSTS: list[str] = env.list("SLIPWAY_ALLOWED_HOSTS", default=["*"])
# A device is a host of its own to Riverbed's API, by its number or name.
ALLOWED_HOSTS = [*_HOSTS, *(f".npm.{host.lstrip('.')}" for host in _HOSTS if host != "*")]
PUBLIC_URL = env.str("SLIPWAY_PUBLIC_URL", default="").rstrip("/")
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL] if PUBLIC_URL else []
HTTPS = PUBLIC_URL.startswith("https://")
TRUSTED_PROXIES = env.int("SLIPWAY_TRUSTED_PROXIES", default=0)

# What we are made of
INSTALLED_APPS = [
    "config",
    "api",
    "webhooks",
    "deployments",
    "artifacts",
    "fleet",
    "auditlog",
    "jobs",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_htmx",
    "template_partials",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.security.ContentSecurityPolicy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "fleet.middleware.CurrentActor",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
APPEND_SLASH = False

# What comes in
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
ARTIFACT_SIZE_LIMIT = env.int("SLIPWAY_ARTIFACT_SIZE_LIMIT", default=10 * 1024**3)
GENERATE_SIZE_LIMIT = env.int("SLIPWAY_GENERATE_SIZE_LIMIT", default=256 * 1024**2)
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]

USER_RATE = env.int("SLIPWAY_USER_RATE", default=30_000)
DEVICE_RATE = env.int("SLIPWAY_DEVICE_RATE", default=3_000)
SIGN_IN_RATE = env.int("SLIPWAY_SIGN_IN_RATE", default=120)
SHORTEST_POLLING_TIME = env.int("SLIPWAY_SHORTEST_POLLING_TIME", default=30)
BASIC_AUTH = env.bool("SLIPWAY_BASIC_AUTH", default=False)

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "api.v1.authentication.ByToken",
        "api.v1.authentication.ByPassword",
        "api.v1.authentication.BySession",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["api.v1.rendering.JsonRenderer"],
    "DEFAULT_PARSER_CLASSES": ["api.v1.requests.JsonParser"],
    "DEFAULT_SCHEMA_CLASS": "api.v1.openapi.schema.EndpointSchema",
    "EXCEPTION_HANDLER": "api.v1.problems.handle",
    "URL_FORMAT_OVERRIDE": None,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Slipway",
    "DESCRIPTION": "Updates for fleets of devices.",
    "OAS_VERSION": "3.1.0",
    "VERSION": "1",
    "SCHEMA_PATH_PREFIX": "/api/v1/",
    "SORT_OPERATION_PARAMETERS": False,
    "COMPONENT_SPLIT_PATCH": False,
    "POSTPROCESSING_HOOKS": [],
}

# Where it is kept
DATABASES = {
    "default": env.db_url_config(
        env.str("SLIPWAY_DATABASE_URL", default="") or f"sqlite:///{DATA}/slipway.sqlite3"
    ),
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
else:
    # To compile a condition on a whole fleet takes longer than to ask it.
    DATABASES["default"]["OPTIONS"] = {
        "server_side_binding": True,
        "prepare_threshold": 1,
        "options": "-c jit=off",
    }
DATABASES["default"]["CONN_MAX_AGE"] = None
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": DATA / "files"},
    },
    "artifacts": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": DATA / "artifacts", "file_permissions_mode": 0o640},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# nginx's internal location of the artifacts folder; empty: we send the files ourselves.
ACCEL_LOCATION = env.str("SLIPWAY_ACCEL_LOCATION", default="")
ALERT_DAYS = env.int("SLIPWAY_ALERT_DAYS", default=90)

# Who is allowed in
AUTH_USER_MODEL = "fleet.User"
AUTHENTICATION_BACKENDS = ["fleet.permissions.RoleBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
]
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "overview"
LOGOUT_REDIRECT_URL = "sign-in"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = False
SECURE_SSL_REDIRECT = False
X_FRAME_OPTIONS = "DENY"
if HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

SILENCED_SYSTEM_CHECKS = [
    "auth.W004",  # the e-mail is unique by a constraint that ignores its case
    "security.W005",  # HSTS for other names of the domain is not ours to decide
    "security.W008",  # the proxy redirects people; a device must not be taught http first
    "security.W021",  # … and preloading neither
]

# What goes out
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": [
                "django.templatetags.static",
                "template_partials.templatetags.partials",
                "config.ui",
                "config.tables",
                "config.words",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]
STATIC_URL = "static/"
STATIC_ROOT = DATA / "static"
STATICFILES_DIRS = [ROOT / "static"]
LANGUAGE_CODE = "en"
USE_I18N = False
USE_TZ = True
TIME_ZONE = "UTC"
USE_THOUSAND_SEPARATOR = False

WEBHOOK_PRIVATE_NETWORKS = env.bool("SLIPWAY_WEBHOOK_PRIVATE_NETWORKS", default=False)
# Seconds to wait after each failure in a row: almost three days in all.
WEBHOOK_RETRIES: list[float] = env.list(
    "SLIPWAY_WEBHOOK_RETRIES",
    cast=float,
    default=[5.0, 30.0, 120.0, 600.0, 1800.0, 7200.0, 21600.0, *[43200.0] * 5],
)

FETCH_PRIVATE_NETWORKS = env.bool("SLIPWAY_FETCH_PRIVATE_NETWORKS", default=False)
FETCH_SECONDS = env.int("SLIPWAY_FETCH_SECONDS", default=3600)

# What runs beside it
BROKER_URL = env.str("SLIPWAY_BROKER_URL", default="filesystem://")
BROKER_FOLDER = DATA / "broker"
SERVE_WORKERS = env.int("SLIPWAY_WEB_WORKERS", default=1)
SERVE_THREADS = env.int("SLIPWAY_WEB_THREADS", default=32)
DEMO = env.bool("SLIPWAY_DEMO", default=True)

# Who is there at the first start
ORGANIZATION = env.str("SLIPWAY_ORGANIZATION", default="DEFAULT")
ADMIN_EMAIL = env.str("SLIPWAY_ADMIN_EMAIL", default="admin@example.com")
ADMIN_PASSWORD = env.str("SLIPWAY_ADMIN_PASSWORD", default="")

# What it tells us
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": env.str("SLIPWAY_LOG_LEVEL", default="INFO")},
    # The sweep comes round every five seconds: no news.
    # A line for each request of a simulated device would bury everything else.
    "loggers": {"celery": {"level": "WARNING"}, "httpx": {"level": "WARNING"}},
}
