"""A newsletter sent by real workers to a real mail server, both of which fail all the time."""

import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import cycle
from pathlib import Path

import pytest
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult, get_date_max

from base.clock.models import Appointment, WorkerPulse
from base.clock.worker import LOST_AFTER
from blog.newsletter import services
from blog.newsletter.models import Delivery, Sending, Subscriber
from tests.factories import NewsletterIssuePageFactory, UserFactory
from tests.processes import kill, running, until
from tests.real_server import Visitor, serving

from .mail_server import asked, free_port, sink, taken

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("real_database")]

Rounds = Callable[[int, int], int]
WORKER = ("manage.py", "run_worker")
SETTINGS = "tests.blog.newsletter.smtp_settings"
EVERYBODY = Sending.Audience.EVERYBODY
# How many of a hundred readers give the mail server what trouble (`tests.mail_sink`).
TROUBLES = {"gone": 2, "full": 1, "busy": 2, "closing": 1, "cut": 1}
HANGING = 3  # each holds a connection for ten seconds
AT_MOST = 600  # seconds after everything works again


def kinds(count: int) -> Iterator[str]:
    """Kinds of addresses for so many readers, mixed."""
    hundred = [kind for kind, share in TROUBLES.items() for _ in range(share)]
    hundred += ["ok"] * (100 - len(hundred))
    chosen = [kind for kind, _ in zip(cycle(hundred), range(count - HANGING), strict=False)]
    chosen += ["hang"] * HANGING
    random.Random(6).shuffle(chosen)  # noqa: S311
    return iter(chosen)


def subscribe(kinds: Iterator[str]) -> None:
    Subscriber.objects.bulk_create(
        (Subscriber(email=f"{kind}{number}@example.org") for number, kind in enumerate(kinds)),
        batch_size=2000,
    )


def start() -> Sending:
    issue = NewsletterIssuePageFactory()
    return services.schedule(issue, EVERYBODY, None, UserFactory())


def is_sent() -> bool:
    return Sending.objects.filter(state=Sending.State.SENT).exists()


@contextmanager
def worker(folder: Path, port: int) -> Iterator[None]:
    with running(folder, *WORKER, settings=SETTINGS, SMTP_PORT=str(port)):
        yield


def let_time_pass() -> None:
    """What a killed worker left is as old as it is after some minutes."""
    now, long_ago = timezone.now(), timezone.now() - LOST_AFTER
    WorkerPulse.objects.update(beaten_at=long_ago)
    DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING).update(started_at=long_ago)
    Delivery.objects.filter(state="sending").update(leased_until=now)
    Sending.objects.update(held_until=None)
    Appointment.objects.update(due_at=now)


def nobody_waits() -> None:
    """In the short form mails that were put off are due at once."""
    Delivery.objects.filter(state="queued").update(due_at=timezone.now())
    DBTaskResult.objects.filter(run_after__lt=get_date_max()).update(run_after=timezone.now())


def test_nobody_is_left_out_or_gets_it_twice(tmp_path: Path, rounds: Rounds) -> None:
    count, kills = rounds(300, 5000), rounds(2, 20)
    subscribe(kinds(count))
    sending = start()
    port = free_port()
    killed = 0
    with ExitStack() as servers:
        servers.enter_context(sink(tmp_path, port))
        for number in range(kills):
            with running(tmp_path, *WORKER, settings=SETTINGS, SMTP_PORT=str(port)) as process:
                before = len(taken(tmp_path))
                until(lambda before=before: len(taken(tmp_path)) > before or is_sent(), AT_MOST)
                time.sleep(random.Random(number).uniform(0.05, 1))  # noqa: S311
                kill(process)
                killed += 1
                let_time_pass()
            if number % 5 == 1:  # the server is gone for a while, too
                servers.close()
                with worker(tmp_path, port):
                    until(lambda: Sending.objects.filter(rests__gt=0).exists() or is_sent(), 120)
                let_time_pass()
                servers.enter_context(sink(tmp_path, port))
        recovered = time.monotonic()
        is_short = rounds(1, 0)
        with worker(tmp_path, port):
            until(lambda: (is_short and nobody_waits()) or is_sent(), AT_MOST)
        took = time.monotonic() - recovered

    got = Counter(address for address, _ in taken(tmp_path))
    numbers = {number for _, number in taken(tmp_path)}
    expected = {
        email
        for email in Subscriber.objects.values_list("email", flat=True)
        if not email.startswith(("gone", "full"))
    }
    lost = expected - got.keys()
    twice = sum(got.values()) - len(got)
    print(f"{count} readers, {killed} kills: {len(lost)} lost, {twice} twice, {took:.0f} s after")
    assert killed == kills
    assert lost == set()
    assert got.keys() == expected
    # Between the server's yes and our note nobody knows: the same Message-ID tells mailboxes.
    assert twice <= killed
    assert len(numbers) == len(got)
    tries = asked(tmp_path)
    refused = [tries[email] for email in tries if email.startswith(("gone", "full"))]
    assert refused
    assert sum(refused) - len(refused) <= killed
    states = Counter(sending.deliveries.values_list("state", flat=True))
    assert states == {"sent": len(expected), "refused": count - len(expected)}
    assert took < AT_MOST


def test_memory_and_speed(tmp_path: Path, rounds: Rounds) -> None:
    """A worker sends 200 mails a second, and needs the same memory for many as for few."""
    count = rounds(1_000, 100_000)
    subscribe(cycle_ok(count))
    start()
    port = free_port()
    with sink(tmp_path, port):
        peaks: list[float] = []
        with running(tmp_path, *WORKER, settings=SETTINGS, SMTP_PORT=str(port)) as process:
            until(lambda: Delivery.objects.filter(state="sent").exists(), 120)
            begun, first = time.monotonic(), len(taken(tmp_path))
            early = peak_of(process.pid)
            while not is_sent():
                time.sleep(0.5)
                peaks.append(peak_of(process.pid))
            seconds = time.monotonic() - begun
    rate = (count - first) / seconds
    print(
        f"{count} readers: {rate:.0f} a second, {early:.0f} MB at first, {peaks[-1]:.0f} MB at last"
    )
    assert len(taken(tmp_path)) == count
    assert peaks[-1] - early < 30
    if count > 1_000:  # in the short form other tests run beside it
        assert rate >= 200


def cycle_ok(count: int) -> Iterator[str]:
    return iter(["ok"] * count)


def peak_of(pid: int) -> float:
    """The most memory that a process took so far, in MB."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) / 1024
    raise LookupError(pid)


def test_visitors_do_not_notice(tmp_path: Path, rounds: Rounds) -> None:
    """The site answers as quickly while a newsletter goes out."""
    count, visits = rounds(400, 6_000), rounds(40, 400)
    subscribe(cycle_ok(count))
    port = free_port()
    times: dict[str, list[float]] = {"quiet": [], "sending": []}

    def visit(into: list[float], stop: Callable[[], bool], server_port: int) -> None:
        visitor = Visitor(server_port)
        while not stop():
            begun = time.monotonic()
            assert visitor.get("/").status == 200
            into.append(time.monotonic() - begun)
            time.sleep(0.02)

    with sink(tmp_path, port), serving(tmp_path, warm_up="/") as server:
        visit(times["quiet"], lambda: len(times["quiet"]) >= visits, server.port)
        start()
        with worker(tmp_path, port):
            until(lambda: Delivery.objects.filter(state="sent").exists(), 120)
            done = threading.Event()
            seen = threading.Thread(target=visit, args=(times["sending"], done.is_set, server.port))
            seen.start()
            until(is_sent, AT_MOST)
            done.set()
            seen.join()
    p95 = {name: sorted(values)[int(len(values) * 0.95)] * 1000 for name, values in times.items()}
    print(f"p95 {p95['quiet']:.0f} ms quiet, {p95['sending']:.0f} ms while {count} mails go out")
    assert server.faults == []
    if count > 400:
        assert p95["sending"] < 2 * p95["quiet"] + 20
