"""Settings of the site: the one place that reads the environment.

A value comes from the environment, else from `.env` in this room, else from the files of secrets in the state
folder, else from the default in `config/setting_table.py`. What is wrong fails here, at start, by name.
"""

import os
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured
from dotenv import dotenv_values

from cattube.config import bucket_settings, content_security, databases, logs, secrets_files, state_folder
from cattube.config.environment import Environment
from cattube.config.mail import mail_from

ROOM = Path(__file__).resolve().parent.parent
FRONTEND_FOLDER = ROOM / "frontend"

_overrides = (os.environ, dotenv_values(ROOM / ".env"))
DATA_FOLDER = (ROOM / Environment(*_overrides).text("CATTUBE_DATA")).resolve()
state_folder.prepare(DATA_FOLDER)
_secrets = secrets_files.read_secrets(DATA_FOLDER)
_env = Environment(*_overrides, _secrets)

# --- The site ---

SECRET_KEY = _env.text("SECRET_KEY")
DEBUG = _env.flag("DEBUG")
SITE_NAME = _env.text("SITE_NAME")
SITE_URL = _env.origin("SITE_URL")
HOST = _env.text("HOST")
WEB_PORT = _env.whole_number("WEB_PORT", at_most=65535)
WEB_SOCKET = _env.text("WEB_SOCKET")
WEB_THREADS = _env.whole_number("WEB_THREADS", at_most=512)
_sender = _env.one_of("SEND_FILES", ("self", "x-accel-redirect", "x-sendfile"))
SENDS_FILES_ITSELF, APACHE_SENDS_FILES = _sender == "self", _sender == "x-sendfile"
# "missing" is the word of deploy/start.py for a front that could not be started.
FRONT_IS_MISSING = _env.one_of("FRONT", ("auto", "off", "apache", "missing")) == "missing"
RECONCILES_INSIDE = _env.one_of("RECONCILE", ("apart", "inside")) == "inside"
SIGN_UP_OPEN = _env.one_of("SIGN_UP", ("open", "closed")) == "open"
ADMIN_PASSWORD = _env.text("CATTUBE_ADMIN_PASSWORD")
# The engine reports over loopback, so these names are always ours; HOST too, unless it means every address.
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", *_env.words("ALLOWED_HOSTS")]
if HOST not in ("0.0.0.0", "::"):  # noqa: S104 compared, not bound
    ALLOWED_HOSTS.append(f"[{HOST}]" if ":" in HOST else HOST)
if SITE_URL:
    ALLOWED_HOSTS.append(urlsplit(SITE_URL).hostname or "")
    CSRF_TRUSTED_ORIGINS = [SITE_URL]

# --- Videos ---

DEFAULT_VISIBILITY = _env.one_of("DEFAULT_VISIBILITY", ("public", "unlisted", "private"))
MAX_UPLOAD_BYTES = _env.whole_number("MAX_UPLOAD_BYTES")
MAX_BYTES_PER_USER = 20 * 10**9 if SIGN_UP_OPEN else 0  # 0: no limit
if _env.text("MAX_BYTES_PER_USER"):
    MAX_BYTES_PER_USER = _env.whole_number("MAX_BYTES_PER_USER", at_least=0)
BUCKET_FOLDER = DATA_FOLDER / "bucket"
LINK_LIFETIME = timedelta(seconds=_env.whole_number("LINK_SECONDS", at_least=10, at_most=3600))
CAPTIONS = _env.one_of("CAPTIONS", ("off", "manual", "auto"))
TRASH_LIFETIME = timedelta(days=_env.whole_number("TRASH_DAYS", at_most=3650))

# --- Buckets: of Backblaze B2 or of anything that speaks S3. Without them there are folders. ---

AWS_PRIVATE_BUCKET_NAME = _env.text("AWS_PRIVATE_BUCKET_NAME")
AWS_STORAGE_BUCKET_NAME = _env.text("AWS_STORAGE_BUCKET_NAME")
AWS_ACCESS_KEY_ID = _env.text("AWS_ACCESS_KEY_ID")
AWS_SECRET_ACCESS_KEY = _env.text("AWS_SECRET_ACCESS_KEY")
AWS_S3_REGION_NAME = _env.text("AWS_S3_REGION_NAME")
AWS_S3_ENDPOINT_URL = bucket_settings.endpoint(
    bucket_settings.origin_of("AWS_S3_ENDPOINT_URL", _env.text("AWS_S3_ENDPOINT_URL")), AWS_S3_REGION_NAME
)
bucket_settings.require_complete_account(
    {"AWS_PRIVATE_BUCKET_NAME": AWS_PRIVATE_BUCKET_NAME, "AWS_STORAGE_BUCKET_NAME": AWS_STORAGE_BUCKET_NAME},
    {
        "AWS_ACCESS_KEY_ID": AWS_ACCESS_KEY_ID,
        "AWS_SECRET_ACCESS_KEY": AWS_SECRET_ACCESS_KEY,
        "AWS_S3_REGION_NAME": AWS_S3_ENDPOINT_URL,
    },
)
AWS_S3_REGION_NAME = bucket_settings.region_of(AWS_S3_REGION_NAME, AWS_S3_ENDPOINT_URL)
# Where browsers find the buckets: a CDN of the operator's, or the endpoint itself.
AWS_S3_CUSTOM_DOMAIN = _env.text("AWS_S3_CUSTOM_DOMAIN")
BUCKET_ORIGIN = bucket_settings.origin_of("AWS_S3_CUSTOM_DOMAIN", AWS_S3_CUSTOM_DOMAIN) or AWS_S3_ENDPOINT_URL

# --- The engine: our own, or a remote one that speaks Transloadit's protocol ---

WORKER_PORT = _env.whole_number("WORKER_PORT", at_most=65535)
TRANSLOADIT_KEY = _env.text("TRANSLOADIT_KEY")
TRANSLOADIT_SECRET = _env.text("TRANSLOADIT_SECRET")
TRANSLOADIT_TEMPLATE_ID = _env.text("TRANSLOADIT_TEMPLATE_ID")
TRANSLOADIT_SERVICE = _env.origin("TRANSLOADIT_SERVICE")
HOSTED_TRANSLOADIT = "https://api2.transloadit.com"
# An origin of this site, or the address of a queue.
NOTIFICATIONS_URL = _env.origin_or_queue("NOTIFICATIONS_URL")
SHIPPED_TEMPLATE = ROOM.parent / "contract" / "templates" / "cattube.json"
if _secrets.get("TRANSLOADIT_KEY") != TRANSLOADIT_KEY:
    if _secrets.get("TRANSLOADIT_SECRET") == TRANSLOADIT_SECRET:
        raise ImproperlyConfigured("TRANSLOADIT_KEY is set without TRANSLOADIT_SECRET: set both or neither.")
    if not TRANSLOADIT_SERVICE and not AWS_PRIVATE_BUCKET_NAME:
        raise ImproperlyConfigured(
            "TRANSLOADIT_KEY is set without TRANSLOADIT_SERVICE: hosted Transloadit stores into a bucket, so "
            "set AWS_PRIVATE_BUCKET_NAME and its keys too. Or name your own engine by TRANSLOADIT_SERVICE."
        )
    TRANSLOADIT_SERVICE = TRANSLOADIT_SERVICE or HOSTED_TRANSLOADIT

# --- The other way in: files go straight to the bucket, and are announced to the engine ---

UPLOAD_TO = _env.one_of("UPLOAD_TO", ("engine", "bucket"))
VIDEOS_TOKEN = _env.text("VIDEOS_TOKEN")
TRANSCODER_WEBHOOK = _env.http_or_queue_address("TRANSCODER_WEBHOOK")
if not TRANSCODER_WEBHOOK and not TRANSLOADIT_SERVICE:
    TRANSCODER_WEBHOOK = f"http://127.0.0.1:{WORKER_PORT}/videos"
if UPLOAD_TO == "bucket" and not AWS_PRIVATE_BUCKET_NAME:
    raise ImproperlyConfigured("UPLOAD_TO=bucket needs a bucket: set AWS_PRIVATE_BUCKET_NAME and its keys.")
if UPLOAD_TO == "bucket" and not TRANSCODER_WEBHOOK:
    raise ImproperlyConfigured(
        "UPLOAD_TO=bucket needs a worker that takes videos from the bucket: set TRANSCODER_WEBHOOK, "
        "as http://127.0.0.1:5678/videos."
    )

# --- Django ---

INSTALLED_APPS = [
    "cattube.web",  # before staticfiles: its runserver and collectstatic build the front end first
    "cattube.design",
    "cattube.accounts",
    "cattube.videos",
    "cattube.captions",
    "cattube.search",
    "cattube.channels",
    "cattube.viewing",
    "cattube.community",
    "cattube.playlists",
    "cattube.processing",
    "cattube.doctor",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "csp",
    "django_vite",
]
# Found, not imported: as an app, ninja would load itself, pydantic and Django's test client for each command.
# A reconciler, which answers nobody, is 13 MB smaller without them.
_ninja = find_spec("ninja")
NINJA_FOLDER = Path(_ninja.origin).parent if _ninja and _ninja.origin else ROOM

MIDDLEWARE = [
    "cattube.web.middleware.socket_address.SocketAddressMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "cattube.web.middleware.permissions_policy.PermissionsPolicyMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "cattube.web.middleware.large_answers.LargeAnswerMiddleware",
    "cattube.web.middleware.page_compression.PageCompressionMiddleware",
    "cattube.web.middleware.database_busy.DatabaseBusyMiddleware",
    "cattube.web.middleware.too_many_attempts.TooManyAttemptsMiddleware",
    "cattube.accounts.proxy_sightings.ProxySightingMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "cattube.accounts.sessions.visit_middleware.VisitMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "cattube.web.middleware.method_not_allowed.MethodNotAllowedMiddleware",
]

ROOT_URLCONF = "cattube.web.urls"
WSGI_APPLICATION = "cattube.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_TZ = True

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [NINJA_FOLDER / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "cattube.web.context_processors.site",
            ],
        },
    },
]

DATABASE_URL = _env.text("DATABASE_URL")
DATABASES = {
    "default": databases.postgresql(DATABASE_URL, max_connections=WEB_THREADS + RECONCILES_INSIDE)
    if DATABASE_URL
    else databases.sqlite(DATA_FOLDER / "web.sqlite3")
}

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        # It counts what is limited. Beyond this number any third of it is forgotten, so ever new keys would
        # lift the limits. They take some 30 MB at most.
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

# --- Accounts ---

SESSION_ENGINE = "cattube.accounts.sessions.session_store"
# Django's alone: allauth's lets a closed account in as far as a page of its own, and e-mail is not asked.
AUTHENTICATION_BACKENDS = ["cattube.accounts.user_backend.UserBackend"]
PASSWORD_HASHERS = ["cattube.accounts.passwords.hashers.PlacedPasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
# Validates nothing: Django tells it when a password has changed.
AUTH_PASSWORD_VALIDATORS.append({"NAME": "cattube.accounts.passwords.password_changes.EndOfAccess"})
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "library"
LOGOUT_REDIRECT_URL = "library"
ACCOUNT_ADAPTER = "cattube.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = True
# Attempts at passwords are counted in the database (accounts/login/attempts.py), not in allauth's cache.
ACCOUNT_RATE_LIMITS = {"login": None, "login_failed": None}
ACCOUNT_USER_DISPLAY = "cattube.accounts.adapter.display_name"

# Of links to a new password.
PASSWORD_RESET_TIMEOUT = 24 * 3600

# --- Mail ---

_email_url = _env.text("EMAIL_URL")
MAIL_IS_SET_UP = bool(_email_url)
_mail = mail_from(_email_url, site_name=SITE_NAME, site_host=urlsplit(SITE_URL).hostname or "localhost")
EMAIL_BACKEND = _mail.backend
DEFAULT_FROM_EMAIL = SERVER_EMAIL = _mail.sender
EMAIL_HOST, EMAIL_PORT = _mail.host, _mail.port
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mail.user, _mail.password
EMAIL_USE_TLS, EMAIL_USE_SSL = _mail.is_starttls, _mail.is_tls
EMAIL_TIMEOUT = 10

# --- Security ---

_https = SITE_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _https
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
KNOWN_BROWSER_COOKIE_NAME = "__Host-known" if _https else "known"
VIEWER_COOKIE_NAME = "__Host-viewer" if _https else "viewer"
if _https:
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
    SECURE_HSTS_SECONDS = 31_536_000
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
TRUST_PROXY = _env.flag("TRUST_PROXY")
if TRUST_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    ALLAUTH_TRUSTED_PROXY_COUNT = 1

# A bucket service has the buckets of others at the same origin, so only ours are named.
_videos = [f"{BUCKET_ORIGIN}/{AWS_PRIVATE_BUCKET_NAME}/"] if AWS_PRIVATE_BUCKET_NAME else []
_static = [f"{BUCKET_ORIGIN}/{AWS_STORAGE_BUCKET_NAME}/"] if AWS_STORAGE_BUCKET_NAME else []
CONTENT_SECURITY_POLICY = content_security.policy(static=_static, videos=_videos)

# Titles, descriptions and signed reports are small; the bytes of a video never come this way.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200
# Files of forms are captions. Django's own handlers would write any number of bytes to the disk.
FILE_UPLOAD_HANDLERS = ["cattube.web.form_files.BoundedFiles"]

# --- Static files ---

STATIC_URL = _static[0] if AWS_STORAGE_BUCKET_NAME else "/static/"
STATIC_ROOT = DATA_FOLDER / "published" / AWS_STORAGE_BUCKET_NAME if _static else DATA_FOLDER / "static"
STATICFILES_DIRS = [FRONTEND_FOLDER / "dist", NINJA_FOLDER / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},  # objects go through cattube.storage
    "staticfiles": {
        "BACKEND": "cattube.design.static_files.BucketStaticFiles"
        if _static
        else "cattube.design.static_files.StaticFiles"
    },
}
if _static:
    MIDDLEWARE.remove("whitenoise.middleware.WhiteNoiseMiddleware")
WHITENOISE_USE_FINDERS = True  # pages have their styles before collectstatic has run
WHITENOISE_AUTOREFRESH = False
# Kept for ever by browsers: what Vite built, and what collectstatic named by its content.
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/static/(assets/|.+\.[0-9a-f]{12}\.)"
DJANGO_VITE = {"default": {"manifest_path": FRONTEND_FOLDER / "dist" / "manifest.json"}}
SILENCED_SYSTEM_CHECKS = [
    *("staticfiles.W004", "django_vite.W001"),  # design/frontend_build.py says it in plain words
    # Subdomains, preload lists and the redirect to https belong to who owns the domain and its proxy.
    *("security.W005", "security.W008", "security.W021"),
]

LOGGING = logs.SETTINGS
