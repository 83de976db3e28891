"""Settings of the public library as a provider of OAuth2, for development on one machine."""

from pathlib import Path

from .keys import signing_key

BASE_DIR = Path(__file__).resolve().parent.parent

SECRET_KEY = "for-the-sandbox-only"
DEBUG = True
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "testserver"]

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "rest_framework",
    "rest_framework.authtoken",
    "django_filters",
    "oauth2_provider",
    "catalog",
    "members",
    "loans",
    "api",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "library.urls"
WSGI_APPLICATION = "library.wsgi.application"
ASGI_APPLICATION = "library.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": BASE_DIR / "db.sqlite3",
    }
}

PASSWORD_HASHERS = ["library.hashers.QuickScryptPasswordHasher"]

LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"

# Cookies do not know ports: another site on 127.0.0.1 has its own names.
SESSION_COOKIE_NAME = "library_session"
CSRF_COOKIE_NAME = "library_csrf"

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "oauth2_provider.contrib.rest_framework.OAuth2Authentication"
    ],
}

OAUTH2_PROVIDER = {
    "SCOPES": {
        "openid": "Know which account is yours",
        "profile": "Read your name",
        "loans:read": "See what you have on loan",
        "loans:renew": "Renew your loans",
        "reports:read": "Read how often books are lent",
    },
    "DEFAULT_SCOPES": [],
    "ACCESS_TOKEN_EXPIRE_SECONDS": 600,
    "ID_TOKEN_EXPIRE_SECONDS": 600,
    "REFRESH_TOKEN_EXPIRE_SECONDS": 30 * 24 * 3600,
    "REFRESH_TOKEN_REUSE_PROTECTION": True,
    "COMPLIANT_BCP_RFC9700_PKCE_METHOD": True,
    "COMPLIANT_BCP_RFC9700_IMPLICIT_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PASSWORD_GRANT": True,
    "OIDC_ENABLED": True,
    "OIDC_RSA_PRIVATE_KEY": signing_key(BASE_DIR / "oidc.pem"),
    "OAUTH2_VALIDATOR_CLASS": "library.claims.LibraryClaims",
}

FIXTURE_DIRS = [BASE_DIR / "library" / "fixtures"]

LANGUAGE_CODE = "en-us"
TIME_ZONE = "UTC"
USE_TZ = True

STATIC_URL = "static/"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
