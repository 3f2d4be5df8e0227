"""The site without the lock that lets visitors in one at a time: the control of the race.

Only gunicorn loads it, in a process of its own.
"""

from tests.warm_wsgi import application  # first: it sets Django up

# isort: split
from django.conf import settings

from blog.newsletter.services import join

__all__ = ["application"]


def no_lock() -> None:
    pass


join.lock = no_lock
# On SQLite the lock is the transaction's beginning.
settings.DATABASES["default"].get("OPTIONS", {}).pop("transaction_mode", None)
