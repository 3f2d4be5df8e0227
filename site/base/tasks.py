from collections.abc import Sequence
from datetime import timedelta

from django.core.mail.utils import DNS_NAME
from django.core.management import call_command
from django.utils import timezone
from django_tasks import TaskContext, task

from base.clock.schedule import QUEUE, every
from base.letters import as_html, as_text, message
from base.publishing import publish_what_is_due


@task(backend=QUEUE, takes_context=True)
def send_mail(
    context: TaskContext,
    subject: str,
    text: str,
    to: list[str],
    reply_to: list[str],
    headers: dict[str, str],
    attachments: Sequence[list[str]] = (),
    why: str = "",
) -> None:
    """Send one e-mail. Raises OSError and its kin where the server refuses: it is tried again.

    Its Message-ID (RFC 5322, section 3.6.4) is that of the task: should a worker die between
    sending and noting it, mailboxes know the second copy as the same message.
    """
    headers = {"Message-ID": f"<{context.task_result.id}@{DNS_NAME}>"} | headers
    words, html = as_text(text, why), as_html(subject, text, why)
    mail = message(subject, words, html, to, reply_to=reply_to, headers=headers)
    # Outlook and Exchange look for an invitation beside the letter's words, and nowhere else;
    # others look among the attachments.
    if invitation := next((each for each in attachments if "method=" in each[2]), None):
        mail.attach_alternative(*invitation[1:])
    for attachment in attachments:
        mail.attach(*attachment)
    mail.send()


@every(timedelta(minutes=1))
@task(backend=QUEUE)
def publish_scheduled() -> None:
    """Publish the pages whose time has come, and take down those whose time is over."""
    publish_what_is_due(timezone.now())


@every(timedelta(days=1))
@task(backend=QUEUE)
def forget_what_is_over() -> None:
    """Delete expired sessions and the records of tasks that were done weeks ago."""
    call_command("clearsessions")
    call_command("prune_db_task_results", "--backend", QUEUE, "--queue-name", "*")
