"""The process that does what is queued and what is due: django-tasks-db's, made unbreakable.

Its own worker takes an exception for the end of a task, and leaves the task of a killed process
running for ever. Here a failed task is tried again, later each time, and a lost one is put back.
A task may therefore run twice: what it has done already it must not do again.
"""

import logging
import threading
from datetime import datetime, timedelta

from django.db import close_old_connections, connection, transaction
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.management.commands.db_worker import Worker as DatabaseWorker
from django_tasks_db.models import DBTaskResult

from .models import WorkerPulse
from .schedule import QUEUE, enqueue_due_tasks, interval_of

logger = logging.getLogger(__name__)

BEAT = timedelta(seconds=10)
LOST_AFTER = timedelta(minutes=1)
ATTEMPTS = 5


def wait_before(attempt: int) -> timedelta:
    """Return how long a failed task rests: 1, 4, 16 and 64 minutes."""
    return timedelta(minutes=4 ** (attempt - 1))


def retry_later(task: DBTaskResult, now: datetime) -> None:
    """Queue a failed task again, unless it has had its chances or comes round sooner by itself."""
    attempts = len(task.worker_ids)
    rest = wait_before(attempts)
    interval = interval_of(task.task_path)
    if interval and rest >= interval:
        return
    if attempts >= ATTEMPTS:
        logger.error("%s failed %s times and is given up", task.task_path, attempts)
        return
    failed = DBTaskResult.objects.filter(pk=task.pk, status=TaskResultStatus.FAILED)
    failed.update(status=TaskResultStatus.READY, run_after=now + rest)


def requeue_lost_tasks(now: datetime) -> int:
    """Put back the tasks of workers that show no sign of life, and return how many."""
    living = set(
        WorkerPulse.objects.filter(beaten_at__gt=now - LOST_AFTER).values_list("pk", flat=True)
    )
    running = DBTaskResult.objects.filter(
        backend_name=QUEUE, status=TaskResultStatus.RUNNING, started_at__lte=now - LOST_AFTER
    )
    lost = [task for task in running if task.worker_ids[-1] not in living]
    for task in lost:
        # Who finished in the meantime is left alone.
        same = running.filter(pk=task.pk, started_at=task.started_at)
        if len(task.worker_ids) < ATTEMPTS:
            same.update(status=TaskResultStatus.READY)
        else:
            same.update(status=TaskResultStatus.FAILED, finished_at=now)
    return len(lost)


class Worker(DatabaseWorker):
    """Works through the queue, and shows a sign of life while it does."""

    def __init__(self, *, worker_id: str, batch: bool = False, interval: float = 1) -> None:
        super().__init__(
            queue_names=["*"],
            excluded_queue_names=[],
            interval=interval,
            batch=batch,
            backend_name=QUEUE,
            startup_delay=False,
            max_tasks=None,
            worker_id=worker_id,
        )
        self.stopped = threading.Event()

    def run(self) -> None:
        """Work until told to stop, or in a batch until nothing is left."""
        self.beat()
        heart = threading.Thread(target=self._keep_beating, name="pulse", daemon=True)
        if not self.batch:
            heart.start()
        try:
            super().run()
        finally:
            self.stopped.set()
            WorkerPulse.objects.filter(pk=self.worker_id).delete()

    def run_task(self, db_task_result: DBTaskResult) -> None:
        """Run one task, and try it again later if it fails."""
        super().run_task(db_task_result)
        if db_task_result.status == TaskResultStatus.FAILED:
            retry_later(db_task_result, timezone.now())

    def beat(self) -> None:
        """Show a sign of life, put back what others left behind, and queue what is due."""
        now = timezone.now()
        with transaction.atomic():
            WorkerPulse.objects.update_or_create(pk=self.worker_id, defaults={"beaten_at": now})
            WorkerPulse.objects.filter(beaten_at__lte=now - timedelta(days=1)).delete()
            if lost := requeue_lost_tasks(now):
                logger.warning("%s tasks of a lost worker are put back", lost)
            enqueue_due_tasks(now)

    def _keep_beating(self) -> None:
        while not self.stopped.wait(BEAT.total_seconds()):
            close_old_connections()
            try:
                self.beat()
            except Exception:
                # A database that is away for a moment must not end the clock.
                logger.exception("The worker's pulse missed a beat")
        connection.close()
