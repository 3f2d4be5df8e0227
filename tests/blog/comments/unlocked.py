"""The site without the lock that lets visitors in one at a time: the control of the races.

Only gunicorn loads it, in a process of its own.
"""

from tests.warm_wsgi import application  # first: it sets Django up

# isort: split
import sys

from django.conf import settings

from blog.comments.models import CommentSettings

__all__ = ["application"]


def no_lock(settings: CommentSettings) -> None:
    pass


# By its name: the package's own `submit` is the function.
sys.modules["blog.comments.services.submit"].lock = no_lock  # type: ignore[attr-defined]
# On SQLite the lock is the transaction's beginning.
settings.DATABASES["default"].get("OPTIONS", {}).pop("transaction_mode", None)
