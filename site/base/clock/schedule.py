"""Tasks that come round by themselves.

    @every(timedelta(hours=1))
    @task(backend=QUEUE)
    def tidy_up() -> None: ...

They stand in the `tasks` module of an app, which a worker imports when it starts.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django_tasks import TaskResultStatus
from django_tasks.base import Task
from django_tasks_db.models import DBTaskResult

from .models import Appointment

QUEUE = "queue"
UNFINISHED = (TaskResultStatus.READY, TaskResultStatus.RUNNING)

periodic_tasks: dict[str, tuple[Task, timedelta]] = {}


def every(interval: timedelta) -> Callable[[Task], Task]:
    """Put a task into the timetable."""

    def register(task: Task) -> Task:
        periodic_tasks[task.module_path] = (task, interval)
        return task

    return register


def interval_of(name: str) -> timedelta | None:
    """Return after how long a task comes round again; None for one that does not."""
    _, interval = periodic_tasks.get(name, (None, None))
    return interval


@transaction.atomic
def enqueue_due_tasks(now: datetime) -> list[str]:
    """Queue the periodic tasks that are due, each once whoever else asks, and return their names.

    One that is still waiting or running from the last time is not queued again.
    """
    return [
        name
        for name, (task, interval) in periodic_tasks.items()
        if _claim(name, now, interval) and _enqueue(name, task)
    ]


def _claim(name: str, now: datetime, interval: timedelta) -> bool:
    Appointment.objects.get_or_create(name=name, defaults={"due_at": now})
    due: Any = Appointment.objects.filter(name=name, due_at__lte=now)
    return bool(due.update(due_at=now + interval))


def _enqueue(name: str, task: Task) -> bool:
    if DBTaskResult.objects.filter(task_path=name, status__in=UNFINISHED).exists():
        return False
    task.enqueue()
    return True
