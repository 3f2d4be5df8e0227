"""Mail by a provider that django-anymail knows, in place of a mail server."""

from collections.abc import Mapping
from importlib.util import find_spec
from pkgutil import iter_modules
from typing import Any

from anymail import backends
from django.core.exceptions import ImproperlyConfigured

# What django-anymail has beside providers, and an old name of one.
NO_PROVIDERS = {"base", "base_requests", "console", "sendinblue", "test"}
PROVIDERS = {module.name for module in iter_modules(backends.__path__)} - NO_PROVIDERS
# Packages that only one provider needs; they are not locked with ours.
NEEDED = {"amazon_ses": "boto3", "postal": "cryptography"}
# django-anymail takes their events with a signature alone, or (Scaleway's) not at all.
NEED_NO_SECRET = {"mailersend", "mailgun", "mandrill", "postal", "scaleway", "unisender_go"}
PREFIX = "ANYMAIL_"
SECRET = "ANYMAIL_WEBHOOK_SECRET"  # noqa: S105


def backend_of(provider: str) -> str:
    """Return what sends the mails. Raises ImproperlyConfigured where nothing can."""
    if provider not in PROVIDERS:
        known = ", ".join(sorted(PROVIDERS))
        raise ImproperlyConfigured(f"EMAIL_PROVIDER={provider} is not known. There are: {known}.")
    package = NEEDED.get(provider)
    if package and not find_spec(package):
        raise ImproperlyConfigured(
            f"EMAIL_PROVIDER={provider} needs the package {package}: pip install {package}"
        )
    return f"anymail.backends.{provider}.EmailBackend"


def settings_of(provider: str, environment: Mapping[str, str]) -> dict[str, Any]:
    """Return django-anymail's settings from the variables that begin with ANYMAIL_.

    Without a secret anybody could take others off the list. Raises ImproperlyConfigured where one
    is needed and none is there, or none that can be sent.
    """
    secrets = [each.strip() for each in environment.get(SECRET, "").split(",") if each.strip()]
    are_whole = all(name and password for name, _, password in (s.partition(":") for s in secrets))
    if not are_whole or not (secrets or provider in NEED_NO_SECRET):
        raise ImproperlyConfigured(
            f"EMAIL_PROVIDER={provider} needs {SECRET}: two long random texts with a colon between"
        )
    given = {
        name.removeprefix(PREFIX): value
        for name, value in environment.items()
        if name.startswith(PREFIX)
    }
    return given | {
        "WEBHOOK_SECRET": secrets,
        # An invitation stands in a mail twice, as a part beside its words and as a file. Many
        # providers take only the file.
        "IGNORE_UNSUPPORTED_FEATURES": True,
    }
