from datetime import timedelta

from django.utils import timezone
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from base.clock.schedule import QUEUE, UNFINISHED, every
from base.letters import message

from . import services
from .editions import Edition, render_letter
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
    if pause is not None:
        send_slice.using(run_after=timezone.now() + pause).enqueue(sending)


def go_on(sending: int) -> None:
    """Send an issue from now on, unless a task does it already."""
    waiting = DBTaskResult.objects.filter(
        task_path=send_slice.module_path, status__in=UNFINISHED
    ).values_list("args_kwargs", flat=True)
    if not any(called["args"] == [sending] for called in waiting):
        send_slice.enqueue(sending)


@every(timedelta(minutes=1))
@task(backend=QUEUE)
def send_what_is_due() -> None:
    """Begin to send issues whose time has come, and go on with those whose task was lost."""
    for sending in services.under_way(timezone.now()):
        go_on(sending)


@task(backend=QUEUE)
def send_trial(issue: int, to: str) -> None:
    """Send the newest draft of an issue to one of the staff, also in Easy Read if there is one.

    Its links for readers lead nowhere.
    """
    draft = NewsletterIssuePage.objects.get(pk=issue).get_latest_revision_as_object()
    for is_easy_read in [False, True] if draft.easy_read else [False]:
        subject, html, text = render_letter(draft, Edition(is_easy_read=is_easy_read))
        message(f"[Test] {subject}", text, html, [to]).send()
