"""A worker that looks for a task without keeping the others away: `python -m ... run_worker`."""

import sys
import time
from contextlib import nullcontext

import django
from django.core.management import execute_from_command_line

django.setup()

from django_tasks_db.management.commands import db_worker  # noqa: E402
from django_tasks_db.models import DBTaskResult, DBTaskResultQuerySet  # noqa: E402


def first(tasks: DBTaskResultQuerySet) -> DBTaskResult | None:
    task: DBTaskResult | None = tasks.first()
    time.sleep(0.01)
    return task


DBTaskResultQuerySet.get_locked = first  # type: ignore[method-assign]
db_worker.exclusive_transaction = lambda using: nullcontext()  # type: ignore[assignment]
execute_from_command_line(sys.argv)
