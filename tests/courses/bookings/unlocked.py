"""The site without the lock that keeps dates from being oversold: the control of the races.

Only gunicorn loads it, in a process of its own.
"""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
django.setup()

from django.conf import settings  # noqa: E402

from config.wsgi import application  # noqa: E402
from courses import services  # noqa: E402
from courses.models import CourseRun  # noqa: E402

__all__ = ["application"]


def no_lock(*pks: int) -> dict[int, CourseRun]:
    runs = CourseRun.objects.select_related("course", "venue").filter(pk__in=pks)
    return {run.pk: run for run in runs}


services.lock = no_lock
# On SQLite the lock is the transaction's beginning.
settings.DATABASES["default"].get("OPTIONS", {}).pop("transaction_mode", None)
