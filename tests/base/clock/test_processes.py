"""Real worker processes: killed in mid-task, and several at once."""

import os
import signal
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import transaction
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from base.clock.keeper import LOOK_EVERY, REST
from base.clock.models import WorkerPulse
from base.clock.schedule import periodic_tasks
from base.clock.worker import LOST_AFTER
from base.mail import send_later
from tests.base.clock.errands import dwell, note
from tests.processes import kill, mails, running, until

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("real_database")]

WORKER = ("manage.py", "run_worker")
CARELESS_WORKER = ("-m", "tests.base.clock.careless", "run_worker")

# So soon a lost task is picked up again.
AT_MOST = timedelta(minutes=10)

Rounds = Callable[[int, int], int]


def unfinished() -> bool:
    done = (TaskResultStatus.SUCCESSFUL, TaskResultStatus.FAILED)
    exists: bool = DBTaskResult.objects.exclude(status__in=done).exists()
    return exists


def let_time_pass() -> None:
    """What the killed worker left is as old as it is after `LOST_AFTER`."""
    for pulse in WorkerPulse.objects.all():
        pulse.beaten_at -= LOST_AFTER
        pulse.save()
    for task in DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING):
        task.started_at -= LOST_AFTER
        task.save()


def test_a_killed_worker_leaves_nothing_stuck(tmp_path: Path, rounds: Rounds) -> None:
    send_later("Before", "Hello", ["a@example.org"])
    dwell.enqueue(str(tmp_path))
    send_later("After", "Hello", ["a@example.org"])
    with running(tmp_path, *WORKER) as worker:
        until((tmp_path / "begun").exists)
        kill(worker)
    assert unfinished()
    killed_at = timezone.now()
    if not rounds(0, 1):
        let_time_pass()
    with running(tmp_path, *WORKER):
        until(lambda: not unfinished(), seconds=120)
    assert timezone.now() - killed_at < AT_MOST - LOST_AFTER
    assert (tmp_path / "done").exists()
    assert Counter(mail["Subject"] for mail in mails(tmp_path)) == {"Before": 1, "After": 1}
    assert not DBTaskResult.objects.filter(status=TaskResultStatus.FAILED).exists()


def notes_of_two_workers(folder: Path, command: tuple[str, ...], count: int) -> Counter[str]:
    with running(folder, *command) as one, running(folder, *command) as two:
        until(lambda: WorkerPulse.objects.count() == 2)
        # What comes round by itself is due at their first beat, and would keep one of them busy.
        until(lambda: not unfinished(), seconds=120)
        with transaction.atomic():
            for number in range(count):
                note.enqueue(str(folder), str(number))
        until(lambda: not unfinished(), seconds=300)
        at_work = {str(one.pid), str(two.pid)}
    lines = [line.split() for line in (folder / "notes").read_text().splitlines()]
    assert {pid for _, pid in lines} == at_work, "both had something to do"
    return Counter(word for word, _ in lines)


def test_two_workers_do_each_task_once(tmp_path: Path, rounds: Rounds) -> None:
    count = rounds(300, 1_000)
    done = notes_of_two_workers(tmp_path, WORKER, count)
    assert done == Counter(str(number) for number in range(count))
    for name in periodic_tasks:
        assert DBTaskResult.objects.filter(task_path=name).count() == 1, name


def test_two_careless_workers_do_tasks_twice(tmp_path: Path) -> None:
    """The control: without the lock the proof above would fail."""
    done = notes_of_two_workers(tmp_path, CARELESS_WORKER, 100)
    assert max(done.values()) > 1


# As `make run` and `make serve` do it: a server that has a keeper beside it.
SERVER = (
    "-c",
    "import subprocess, sys; subprocess.run([sys.executable, '-m', 'base.clock.keeper'])",
)


def worker_at_work(folder: Path, word: str) -> int:
    """Give the worker something to do, and return which process did it."""
    note.enqueue(str(folder), word)
    notes = folder / "notes"
    until(lambda: notes.exists() and f"{word} " in notes.read_text(), seconds=120)
    return int(notes.read_text().split()[-1])


def is_running(pid: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False


@pytest.mark.parametrize("sign", [signal.SIGKILL, signal.SIGTERM])
def test_a_worker_that_ends_is_followed_by_the_next(sign: int, tmp_path: Path) -> None:
    with running(tmp_path, *SERVER):
        first = worker_at_work(tmp_path, "first")
        os.kill(first, sign)
        second = worker_at_work(tmp_path, "second")
        os.kill(second, sign)
        third = worker_at_work(tmp_path, "third")
    assert len({first, second, third}) == 3


def test_a_worker_ends_with_its_server(tmp_path: Path) -> None:
    with running(tmp_path, *SERVER) as server:
        worker = worker_at_work(tmp_path, "first")
        assert is_running(worker)
        server.kill()
        until(lambda: not is_running(worker))
    time.sleep(REST + 2 * LOOK_EVERY)
    assert not WorkerPulse.objects.exists(), "no other began"


def test_a_worker_ends_with_its_keeper(tmp_path: Path) -> None:
    with running(tmp_path, "-m", "base.clock.keeper") as keeper:
        worker = worker_at_work(tmp_path, "first")
        keeper.kill()
        until(lambda: not is_running(worker))


def test_a_mail_that_goes_out_twice_is_the_same_mail(tmp_path: Path) -> None:
    """Nobody can tell a mail that went out before its worker died from one that did not."""
    send_later("Once", "Hello", ["a@example.org"])
    with running(tmp_path, *WORKER):
        until(lambda: not unfinished())
    DBTaskResult.objects.filter(task_path__endswith="send_mail").update(
        status=TaskResultStatus.READY
    )
    with running(tmp_path, *WORKER):
        until(lambda: not unfinished())
    once = [mail for mail in mails(tmp_path) if mail["Subject"] == "Once"]
    assert len(once) == 2
    assert len({mail["Message-ID"] for mail in once}) == 1
