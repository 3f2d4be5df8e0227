"""Settings for real processes beside a test. Mail goes to files, which outlive the process."""

from config.settings.test import *  # noqa: F403
from config.settings.test import VAR

EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = VAR / "mail"
