"""The worker: what is queued is done, whatever goes wrong on the way."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.core import mail
from django.db import transaction
from django.test import Client
from django.utils import timezone
from django.utils.module_loading import autodiscover_modules
from django_tasks import TaskResultStatus, task
from django_tasks_db.models import DBTaskResult

from base.clock import schedule, worker
from base.clock.models import Appointment, WorkerPulse
from base.clock.schedule import QUEUE, enqueue_due_tasks
from base.mail import send_later
from blog.models import BlogPage
from tests.factories import BlogPageFactory

pytestmark = pytest.mark.django_db

Work = Callable[[], None]
MINUTE = dt.timedelta(minutes=1)
done: list[str] = []


@task(backend=QUEUE)
def note(word: str) -> None:
    done.append(word)


@task(backend=QUEUE)
def fail() -> None:
    raise OSError("the mail server is away")


@pytest.fixture(autouse=True)
def no_periodic_tasks(monkeypatch: pytest.MonkeyPatch) -> None:
    done.clear()
    autodiscover_modules("tasks")  # before, or the worker would fill the empty timetable
    monkeypatch.setattr(schedule, "periodic_tasks", {})


def the_task() -> DBTaskResult:
    return DBTaskResult.objects.get()


def test_what_is_queued_is_done_once(work: Work) -> None:
    note.enqueue("tea")
    assert done == []
    work()
    work()
    assert done == ["tea"]
    assert the_task().status == TaskResultStatus.SUCCESSFUL


def test_what_is_rolled_back_is_not_queued(work: Work) -> None:
    with transaction.atomic():
        note.enqueue("tea")
        transaction.set_rollback(True)
    work()
    assert done == []


def test_a_failed_task_is_tried_again_later_each_time(work: Work) -> None:
    fail.enqueue()
    rests = []
    for _ in range(worker.ATTEMPTS):
        DBTaskResult.objects.update(run_after=timezone.now())
        before = timezone.now()
        work()
        rests.append(round((the_task().run_after - before) / MINUTE))
    assert rests[:-1] == [1, 4, 16, 64]
    assert the_task().status == TaskResultStatus.FAILED
    assert len(the_task().worker_ids) == worker.ATTEMPTS
    assert "the mail server is away" in the_task().traceback


def test_a_failed_task_rests_first(work: Work) -> None:
    fail.enqueue()
    work()
    work()
    assert len(the_task().worker_ids) == 1
    assert the_task().status == TaskResultStatus.READY


def claimed_by(worker_id: str, ago: dt.timedelta) -> None:
    note.enqueue("tea")
    task_result = the_task()
    task_result.claim(worker_id)
    DBTaskResult.objects.update(started_at=timezone.now() - ago)


def test_the_task_of_a_killed_worker_is_done_by_the_next(work: Work) -> None:
    claimed_by("killed", ago=5 * MINUTE)
    WorkerPulse.objects.create(pk="killed", beaten_at=timezone.now() - 5 * MINUTE)
    work()
    assert done == ["tea"]
    assert len(the_task().worker_ids) == 2


def test_the_long_task_of_a_living_worker_is_left_alone(work: Work) -> None:
    claimed_by("living", ago=50 * MINUTE)
    WorkerPulse.objects.create(pk="living", beaten_at=timezone.now())
    work()
    assert done == []
    assert the_task().status == TaskResultStatus.RUNNING


def test_a_task_that_kills_its_workers_is_given_up(work: Work) -> None:
    claimed_by("killed", ago=5 * MINUTE)
    DBTaskResult.objects.update(worker_ids=["killed"] * worker.ATTEMPTS)
    work()
    assert done == []
    assert the_task().status == TaskResultStatus.FAILED


def test_a_worker_that_ends_leaves_no_pulse(work: Work) -> None:
    work()
    assert not WorkerPulse.objects.exists()


def test_a_periodic_task_is_queued_when_due_and_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schedule, "periodic_tasks", {fail.module_path: (fail, 10 * MINUTE)})
    now = timezone.now()
    assert enqueue_due_tasks(now) == [fail.module_path]
    assert enqueue_due_tasks(now) == []
    assert enqueue_due_tasks(now + 9 * MINUTE) == []
    assert enqueue_due_tasks(now + 11 * MINUTE) == [], "the last one is still waiting"
    DBTaskResult.objects.update(status=TaskResultStatus.SUCCESSFUL)
    assert enqueue_due_tasks(now + 30 * MINUTE) == [fail.module_path]
    assert Appointment.objects.get().due_at == now + 40 * MINUTE


def test_a_failed_round_does_not_keep_the_next_waiting(
    monkeypatch: pytest.MonkeyPatch, work: Work
) -> None:
    monkeypatch.setattr(schedule, "periodic_tasks", {fail.module_path: (fail, MINUTE)})
    for rounds in range(1, 4):
        work()
        assert DBTaskResult.objects.filter(status=TaskResultStatus.FAILED).count() == rounds
        Appointment.objects.update(due_at=timezone.now())


def test_a_failed_round_is_tried_again_before_the_next_is_far(
    monkeypatch: pytest.MonkeyPatch, work: Work
) -> None:
    monkeypatch.setattr(schedule, "periodic_tasks", {fail.module_path: (fail, 60 * MINUTE)})
    for _ in range(3):
        work()
        assert the_task().status == TaskResultStatus.READY
        DBTaskResult.objects.update(run_after=timezone.now())
    work()
    assert the_task().status == TaskResultStatus.FAILED, "64 minutes are more than an hour"


def test_a_mail_goes_out_with_its_transaction(work: Work) -> None:
    with transaction.atomic():
        send_later("Never", "", ["a@example.org"])
        transaction.set_rollback(True)
    send_later("Two\r\nlines", "Hello", ["a@example.org"], headers={"X-Kind": "test"})
    assert mail.outbox == []
    work()
    work()
    [letter] = mail.outbox
    assert (letter.subject, letter.to) == ("Two lines", ["a@example.org"])
    assert letter.extra_headers["X-Kind"] == "test"


@pytest.fixture
def every_minute(monkeypatch: pytest.MonkeyPatch, work: Work) -> Work:
    """Lets a minute pass: what is due is published and taken down."""
    from base.tasks import publish_scheduled

    monkeypatch.setattr(
        schedule, "periodic_tasks", {publish_scheduled.module_path: (publish_scheduled, MINUTE)}
    )

    def minute() -> None:
        Appointment.objects.update(due_at=timezone.now())
        work()

    return minute


def due(**fields: object) -> BlogPage:
    """A draft whose time came a minute ago."""
    post = BlogPageFactory(live=False)
    for name, value in fields.items():
        setattr(post, name, value)
    revision = post.save_revision(clean=False)
    revision.approved_go_live_at = timezone.now() - MINUTE
    revision.save()
    return post


def test_one_page_that_cannot_be_published_holds_up_no_other(
    every_minute: Work, caplog: pytest.LogCaptureFixture
) -> None:
    unfinished = due(intro="")
    ready = [due(), due()]
    over = BlogPageFactory(expire_at=timezone.now() - MINUTE)
    every_minute()
    for post in (*ready, over, unfinished):
        post.refresh_from_db()
    assert [post.live for post in (*ready, over, unfinished)] == [True, True, False, False]
    every_minute()
    [record] = [each for each in caplog.records if each.name == "base.publishing"]
    assert unfinished.title in record.getMessage()
    unfinished.intro = "In short."
    revision = unfinished.save_revision()
    revision.approved_go_live_at = timezone.now() - MINUTE
    revision.save()
    every_minute()
    unfinished.refresh_from_db()
    assert unfinished.live


def test_a_page_is_published_and_taken_down_on_time(client: Client, every_minute: Work) -> None:
    post = BlogPageFactory(live=False)
    post.go_live_at = timezone.now() + dt.timedelta(hours=1)
    revision = post.save_revision()
    revision.publish()
    every_minute()
    assert client.get(post.url).status_code == 404
    revision.approved_go_live_at = timezone.now() - MINUTE
    revision.content["go_live_at"] = revision.approved_go_live_at.isoformat()
    revision.save()
    every_minute()
    assert client.get(post.url).status_code == 200
    type(post).objects.filter(pk=post.pk).update(expire_at=timezone.now() - MINUTE)
    every_minute()
    assert client.get(post.url).status_code == 404
