"""The site without the lock that keeps dates from being oversold: the control of the races.

Only gunicorn loads it, in a process of its own.
"""

from tests.warm_wsgi import application  # first: it sets Django up

# isort: split
from django.conf import settings

from courses import services
from courses.models import CourseRun

__all__ = ["application"]


def no_lock(*pks: int) -> dict[int, CourseRun]:
    runs = CourseRun.objects.select_related("course", "venue").filter(pk__in=pks)
    return {run.pk: run for run in runs}


services.lock = no_lock
# On SQLite the lock is the transaction's beginning.
settings.DATABASES["default"].get("OPTIONS", {}).pop("transaction_mode", None)
