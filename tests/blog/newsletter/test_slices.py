"""Workers that are slow, gone or two, and what goes out beside and because of them."""

import datetime as dt
import email
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from base.mail import send_later
from base.models import User
from blog.newsletter import services, tasks
from blog.newsletter.emails import mail_to
from blog.newsletter.models import Delivery, NewsletterIssuePage, Sending
from blog.newsletter.services import deliver
from tests.factories import BlogPageFactory, NewsletterIssuePageFactory, SubscriberFactory

from .sender import greeting_and_news, reached, send

pytestmark = pytest.mark.django_db

Work = Callable[[], None]


def test_a_claim_that_is_over_is_not_used(
    issue: NewsletterIssuePage, staff: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker that stood still for minutes finds its rows with somebody else."""
    SubscriberFactory.create_batch(3)
    sending = send(issue, staff)
    theirs = timezone.now() + dt.timedelta(minutes=9)

    def stand_still(reader: Any, letter: Any, delivery: Delivery) -> EmailMessage:
        Delivery.objects.update(leased_until=theirs)
        return mail_to(reader, letter, delivery)

    monkeypatch.setattr(deliver, "mail_to", stand_still)
    services.deliver_some(sending.pk)
    assert len(reached()) == 1
    assert set(Delivery.objects.values_list("state", "leased_until")) == {("sending", theirs)}


def test_two_at_once_are_one(issue: NewsletterIssuePage, staff: User) -> None:
    SubscriberFactory()
    sending = send(issue, staff)
    Sending.objects.update(held_until=timezone.now() + dt.timedelta(minutes=1))
    assert services.deliver_some(sending.pk) is None
    assert reached() == []
    Sending.objects.update(held_until=timezone.now())
    services.deliver_some(sending.pk)
    assert len(reached()) == 1


def test_a_doubled_task_does_not_stay_two(
    issue: NewsletterIssuePage, staff: User, settings: Any
) -> None:
    settings.NEWSLETTER_MAILS_A_SECOND = 0.2
    SubscriberFactory.create_batch(4)
    sending = send(issue, staff)
    waiting = DBTaskResult.objects.filter(task_path=tasks.send_slice.module_path, status="READY")
    waiting.delete()
    tasks.send_slice.call(sending.pk)
    tasks.send_slice.call(sending.pk)
    assert waiting.count() == 1


def test_what_was_put_off_is_done_when_staff_say_so(
    issue: NewsletterIssuePage, staff: User, work: Work, says: dict[str, Exception]
) -> None:
    SubscriberFactory()
    says["open"] = ConnectionRefusedError("Nobody there")
    sending = send(issue, staff)
    work()
    says.clear()
    services.pause(sending)
    services.resume(sending)
    work()
    assert len(reached()) == 1


def test_a_greeting_alone_goes_to_nobody(staff: User) -> None:
    post = BlogPageFactory()
    SubscriberFactory()
    sending = send(NewsletterIssuePageFactory(body=greeting_and_news(post)), staff)
    post.unpublish()
    services.deliver_some(sending.pk)
    sending.refresh_from_db()
    assert (sending.state, sending.problem) == (Sending.State.PAUSED, deliver.EMPTY)
    assert reached() == []


def test_a_worker_that_is_gone_holds_nothing_back(issue: NewsletterIssuePage, staff: User) -> None:
    SubscriberFactory.create_batch(2)
    sending = send(issue, staff)
    services.deliver_some(sending.pk)
    mail.outbox.clear()
    Sending.objects.update(state=Sending.State.SENDING)
    held = timezone.now() + dt.timedelta(minutes=1)
    Delivery.objects.update(state="sending", leased_until=held)
    services.deliver_some(sending.pk)
    assert reached() == []
    Delivery.objects.update(leased_until=timezone.now())
    services.deliver_some(sending.pk)
    assert len(reached()) == 2


def test_other_mails_go_first(
    issue: NewsletterIssuePage, staff: User, work: Work, settings: Any
) -> None:
    SubscriberFactory.create_batch(3)
    send(issue, staff)
    send_later("Your booking", "Dear Ada,", ["ada@example.org"])
    work()
    assert mail.outbox[0].subject == "Your booking"


@pytest.mark.parametrize("subject", ["One\r\nBcc: all@example.org", "A\x0bB", "‮Backwards"])
def test_no_subject_adds_a_header(subject: str, staff: User, work: Work) -> None:
    SubscriberFactory()
    send(NewsletterIssuePageFactory(subject=subject), staff)
    work()
    [sent] = mail.outbox
    headers = email.message_from_bytes(sent.message().as_bytes())
    assert "Bcc" not in headers
    assert len(headers.get_all("Subject", [])) == 1


def test_a_trial_goes_to_whoever_asked(issue: NewsletterIssuePage, staff: User, work: Work) -> None:
    SubscriberFactory()
    issue.subject = "Half a thought"
    issue.save_revision()
    tasks.send_trial.enqueue(issue.pk, "me@example.org")
    work()
    [sent] = mail.outbox
    assert isinstance(sent, EmailMessage)
    assert (sent.to, sent.subject) == (["me@example.org"], "[Test] Half a thought")
    assert Delivery.objects.count() == 0
