"""All settings. Every `PASAJ_…` variable read here is described in docs/reference/settings.md."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import django.conf.locale
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from pasaj.notify import channels
from pasaj.site import environment as env

PACKAGE = Path(__file__).resolve().parent.parent
PASAJ_HOME = Path(env.text("PASAJ_HOME", "var")).resolve()

DEBUG = env.flag("PASAJ_DEBUG")
SECRET_KEY = env.home_secret(PASAJ_HOME)
ALLOWED_HOSTS = [*env.names("PASAJ_HOSTS"), "localhost", "127.0.0.1", "[::1]"]
# Behind a proxy that ends TLS: https://pasaj.example.org
PASAJ_URL = env.address("PASAJ_URL")
HTTPS = PASAJ_URL.startswith("https://")
CSRF_TRUSTED_ORIGINS = [PASAJ_URL] if PASAJ_URL else []
# Proxies in front that each add the address they were called from to X-Forwarded-For; none: the header says nothing.
PASAJ_PROXIES = env.number("PASAJ_PROXIES", 0)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None

INSTALLED_APPS = [
    "pasaj.site",
    "pasaj.respond",
    "pasaj.policy",
    "pasaj.assess",
    "pasaj.collect",
    "pasaj.watch",
    "pasaj.evidence",
    "pasaj.notify",
    "pasaj.share",
    "pasaj.registry",
    "pasaj.access",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_htmx",
    "csp",
    "django_tasks",
    "django_tasks_db",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "pasaj.site.middleware.PhonesMiddleware",
    "csp.middleware.CSPMiddleware",
    "pasaj.site.middleware.BoundsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "pasaj.site.middleware.HomeMiddleware",
]

ROOT_URLCONF = "pasaj.site.urls"
WSGI_APPLICATION = "pasaj.site.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "pasaj.site.context.page",
            ],
        },
    }
]

DATABASES = {"default": env.database(PASAJ_HOME)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "site_cache"}}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["urgent", "slow"]}}

# Sign-in: e-mail and password, then a second factor or a passkey. Accounts are made by an administrator.
AUTH_USER_MODEL = "access.Account"
ACTOR_FOR = "pasaj.registry.queries.actor_for"  # the API's tokens need the roles, which stand above access
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
ACCOUNT_ADAPTER = "pasaj.access.services.accounts.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = {"login": "30/m/ip", "login_failed": "10/m/ip,5/5m/key", "reset_password": "5/m/ip,3/m/key"}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_PASSKEY_SIGNUP_ENABLED = False
MFA_TOTP_ISSUER = "Pasaj"
MFA_FORMS = {"add_webauthn": "pasaj.access.forms.AddKeyForm"}
# Passkeys over plain http work on localhost only; browsers enforce that themselves.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
SESSION_COOKIE_AGE = 60 * 60 * 12
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
LANGUAGE_COOKIE_NAME = "language"

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = env.text("PASAJ_SMTP_HOST", "localhost")
EMAIL_PORT = env.number("PASAJ_SMTP_PORT", 25)
EMAIL_HOST_USER = env.text("PASAJ_SMTP_USER")
EMAIL_HOST_PASSWORD = env.secret("PASAJ_SMTP_PASSWORD")
EMAIL_USE_TLS = env.flag("PASAJ_SMTP_TLS")
DEFAULT_FROM_EMAIL = env.text("PASAJ_FROM", "pasaj@localhost")
# What stands in the addresses that gateways call; empty: made from the signing key.
PASAJ_GATEWAY_TOKEN = env.secret("PASAJ_GATEWAY_TOKEN")
globals().update(channels.settings(env))  # each channel reads its own

# Django has no Haitian Creole of its own: our catalogue also translates the few strings of Django's that we show.
django.conf.locale.LANG_INFO["ht"] = {
    "bidi": False,
    "code": "ht",
    "name": "Haitian Creole",
    "name_local": "Kreyòl ayisyen",
}
LANGUAGES = [("fr", _("French")), ("ht", _("Haitian Creole")), ("en", _("English")), ("es", _("Spanish"))]
LANGUAGE_CODE = "fr"
LOCALE_PATHS = [PACKAGE / "locale"]
FORMAT_MODULE_PATH = ["pasaj.site.formats"]
USE_I18N = True
USE_THOUSAND_SEPARATOR = True
USE_TZ = True
TIME_ZONE = "UTC"  # each page shows the home's own time zone (middleware)

STATIC_URL = "/static/"
STATIC_ROOT = None  # served from the package itself, with the compressed copies that the build puts beside each file
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": PASAJ_HOME / "files"},
    },
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_IMMUTABLE_FILE_TEST = r"/static/build/.*(\.[0-9a-f]{12}|-[0-9A-Z]{8})\."  # each name holds a hash
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000  # 200 pasted figures and their sums, ten fields each
DATA_UPLOAD_MAX_NUMBER_FILES = 251  # 250 files and the report; ODK Collect sends up to 102 parts at once
PASAJ_REDACTIONS = env.text("PASAJ_REDACTIONS")
PASAJ_FORM_SECONDS = env.number("PASAJ_FORM_SECONDS", 60)
PASAJ_MAX_UPLOAD_MB = env.number("PASAJ_MAX_UPLOAD_MB", 200)
PASAJ_MAX_SUBMISSION_MB = env.number("PASAJ_MAX_SUBMISSION_MB", 100)

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_SSL_REDIRECT = False  # the proxy's business; the health check comes over plain http
X_FRAME_OPTIONS = "DENY"
# Whether other names below the domain speak TLS, and the redirect to it, are the proxy's business.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W008", "security.W021"]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "worker-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {"()": "pasaj.site.logs.Masking", "format": "%(asctime)s %(levelname)s %(name)s %(message)s"}
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    # Django's own handlers would write past the mask.
    "loggers": {name: {"handlers": [], "propagate": True} for name in ("django", "django.server")},
    "root": {"handlers": ["console"], "level": env.choice("PASAJ_LOG", "WARNING", LEVELS)},
}
