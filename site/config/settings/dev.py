"""The developer's machine: `make run`."""

import secrets

from .base import *  # noqa: F403
from .base import EMAIL_PROVIDER, INSTALLED_APPS, STORAGES, VAR, env

DEBUG = True
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]", "testserver"]

# Generated once and kept, so that nobody is signed out when the server restarts.
_secret_key = VAR / "secret_key"
if not _secret_key.exists():
    VAR.mkdir(exist_ok=True)
    _secret_key.touch(mode=0o600)
    # No "$" in it: in an environment's value that begins the name of another variable.
    _secret_key.write_text(secrets.token_urlsafe(50))
SECRET_KEY = env("SECRET_KEY", default=_secret_key.read_text())

STORAGES["staticfiles"] = {
    "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage",
}

# The worker sends, the server shows: mails are files in var/mail, read at /mail/. Only these
# settings know the package that does it.
INSTALLED_APPS = [*INSTALLED_APPS, "django_mail_preview"]
MAIL_PREVIEW_ROOT = VAR / "mail"
MAIL_PREVIEW_MAX_MESSAGES = 200
if "EMAIL_URL" not in env and not EMAIL_PROVIDER:
    EMAIL_BACKEND = "django_mail_preview.backends.EmailBackend"
