"""The test suite: fast, closed to the outside, and never writing into a developer's folders."""

from pathlib import Path
from tempfile import mkdtemp

from .base import *  # noqa: F403
from .base import STORAGES, env

DEBUG = False
SECRET_KEY = "only-for-tests"  # noqa: S105
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
EMAIL_PROVIDER = ""
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
# Real processes beside a test are told which folder is theirs.
VAR = Path(env("TEST_VAR", default="") or mkdtemp(prefix="var-"))
MEDIA_ROOT = VAR / "media"
STATIC_ROOT = VAR / "static"
for _folder in (MEDIA_ROOT, STATIC_ROOT):
    _folder.mkdir(exist_ok=True)
STORAGES["staticfiles"] = {
    "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage",
}
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
LOGGING_CONFIG = None
# Saving by itself depends on how fast the machine is; its moments would differ from run to run.
WAGTAIL_AUTOSAVE_INTERVAL = 0
# A test writes what was counted when it looks at it.
SEARCH_TALLY_IN_BACKGROUND = False
