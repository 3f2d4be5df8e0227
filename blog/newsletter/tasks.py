from datetime import timedelta
from uuid import UUID

from django.utils import timezone
from django_tasks import TaskResultStatus, task
from django_tasks_db.models import DBTaskResult, get_date_max

from base.clock.schedule import QUEUE, UNFINISHED, every
from base.letters import message

from . import services
from .editions import Edition, render_letter
from .emails import untracked
from .models import NewsletterIssuePage

# Mails that somebody waits for go first.
BEHIND_OTHERS = -10


@every(timedelta(days=1))
@task(backend=QUEUE)
def forget_people() -> None:
    """Delete requests that nobody confirmed and people who left long ago."""
    services.forget_unconfirmed()
    services.forget_those_who_left()
    services.forget_networks()
    services.forget_deliveries()


@task(backend=QUEUE, priority=BEHIND_OTHERS)
def send_slice(sending: int) -> None:
    """Send some mails of an issue, and queue the next slice: other mails go in between."""
    pause = services.deliver_some(sending)
    # One that was put back after its worker was killed may have queued the next one already.
    if pause is not None and not _slices(sending, TaskResultStatus.READY):
        send_slice.using(run_after=timezone.now() + pause).enqueue(sending)


def go_on(sending: int) -> None:
    """Send an issue from now on, whatever was put off."""
    put_off = DBTaskResult.objects.filter(
        pk__in=_slices(sending, TaskResultStatus.READY), run_after__lt=get_date_max()
    )
    put_off.delete()
    keep_going(sending)


def keep_going(sending: int) -> None:
    """Send an issue, unless a task does it already, or will."""
    if not _slices(sending, *UNFINISHED):
        send_slice.enqueue(sending)


def _slices(sending: int, *states: TaskResultStatus) -> list[UUID]:
    """Return the keys of the tasks of a sending that have one of these states."""
    slices = DBTaskResult.objects.filter(task_path=send_slice.module_path, status__in=states)
    found = slices.values_list("pk", "args_kwargs")
    return [pk for pk, called in found if called["args"] == [sending]]


@every(timedelta(minutes=1))
@task(backend=QUEUE)
def send_what_is_due() -> None:
    """Begin to send issues whose time has come, and go on with those whose task was lost."""
    services.end_cancelled()
    for sending in services.under_way(timezone.now()):
        keep_going(sending)


@task(backend=QUEUE)
def send_trial(issue: int, to: str) -> None:
    """Send the newest draft of an issue to one of the staff, also in Easy Read if there is one.

    Its links for readers lead nowhere.
    """
    draft = NewsletterIssuePage.objects.get(pk=issue).get_latest_revision_as_object()
    for is_easy_read in [False, True] if draft.easy_read else [False]:
        subject, html, text = render_letter(draft, Edition(is_easy_read=is_easy_read))
        untracked(message(f"[Test] {subject}", text, html, [to]), {}).send()
