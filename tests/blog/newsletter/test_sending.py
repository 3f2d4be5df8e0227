"""What is sent to whom: once each, to nobody who left, and only while staff want it."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from base.models import User
from blog.newsletter import services
from blog.newsletter.models import NewsletterIssuePage, Sending, Subscriber
from tests.factories import BlogPageFactory, NewsletterIssuePageFactory, SubscriberFactory

from .sender import EVERYBODY, greeting_and_news, reached, send, states

pytestmark = pytest.mark.django_db

Work = Callable[[], None]


def test_everybody_gets_it_once(issue: NewsletterIssuePage, staff: User, work: Work) -> None:
    emails = sorted(SubscriberFactory().email for _ in range(5))
    SubscriberFactory(state=Subscriber.State.LEFT)
    sending = send(issue, staff)
    assert send(issue, staff) == sending
    work()
    work()
    assert reached() == emails
    sending.refresh_from_db()
    assert sending.state == Sending.State.SENT
    assert sending.finished_at
    assert states(sending) == {"sent": 5}
    assert len({sent.message()["Message-ID"] for sent in mail.outbox}) == 5


def test_the_mail_says_how_to_stop_it(
    issue: NewsletterIssuePage, staff: User, work: Work, client: Client
) -> None:
    reader, other = SubscriberFactory(), SubscriberFactory()
    send(issue, staff)
    work()
    [sent] = [sent for sent in mail.outbox if sent.to == [reader.email]]
    assert sent.subject == "News for May"
    headers = sent.message()
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = headers["List-Unsubscribe"].strip("<>")
    assert address.startswith("http")
    assert address in sent.body
    assert issue.url in sent.body
    # What a mail program sends (RFC 8058).
    path = address.removeprefix(address.split("/newsletter/")[0])
    answer = client.post(path, {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    reader.refresh_from_db()
    other.refresh_from_db()
    assert (reader.state, other.state) == (Subscriber.State.LEFT, Subscriber.State.ACTIVE)


def test_links_are_each_readers_own(issue: NewsletterIssuePage, staff: User, work: Work) -> None:
    SubscriberFactory.create_batch(3)
    send(issue, staff)
    work()
    for sent in mail.outbox:
        [(html, _)] = sent.alternatives
        assert "-token-of-the-reader-" not in sent.body + str(html)
    assert len({sent.message()["List-Unsubscribe"] for sent in mail.outbox}) == 3


def test_parts_go_to_those_who_want_them(staff: User, work: Work) -> None:
    post = BlogPageFactory(title="Only for news")
    issue = NewsletterIssuePageFactory(body=greeting_and_news(post))
    news = SubscriberFactory(wants_dates=False)
    SubscriberFactory(wants_news=False)  # only dates: nothing but the greeting is in it
    easy = SubscriberFactory(wants_news=False, wants_dates=False, wants_easy_read=True)
    send(issue, staff)
    work()
    assert reached() == sorted([news.email, easy.email])
    assert all("Only for news" in sent.body for sent in mail.outbox)


@pytest.mark.parametrize(
    ("audience", "expected"),
    [
        ("everybody", {"news", "dates", "both"}),
        ("news", {"news", "both"}),
        ("dates", {"dates", "both"}),
    ],
)
def test_audiences(
    audience: str, expected: set[str], issue: NewsletterIssuePage, staff: User, work: Work
) -> None:
    SubscriberFactory(email="news@example.org", wants_dates=False)
    SubscriberFactory(email="dates@example.org", wants_news=False)
    SubscriberFactory(email="both@example.org")
    assert services.readers_of(issue, audience).count() == len(expected)
    send(issue, staff, audience)
    work()
    assert {address.split("@")[0] for address in reached()} == expected


def test_those_who_leave_in_between_do_not_get_it(
    issue: NewsletterIssuePage, staff: User, work: Work, says: dict[str, Exception]
) -> None:
    leaves, stays = SubscriberFactory(), SubscriberFactory()
    says["open"] = ConnectionRefusedError("Nobody there")
    sending = send(issue, staff)
    services.deliver_some(sending.pk)
    assert states(sending) == {"queued": 2}
    services.leave(leaves)
    del says["open"]
    Sending.objects.update(rests_until=None)
    services.deliver_some(sending.pk)
    assert reached() == [stays.email]
    assert states(sending) == {"sent": 1, "skipped": 1}


def test_waits_for_its_time(issue: NewsletterIssuePage, staff: User, work: Work) -> None:
    SubscriberFactory()
    at = timezone.now() + dt.timedelta(hours=2)
    sending = services.schedule(issue, EVERYBODY, at, staff)
    work()
    assert reached() == []
    Sending.objects.update(send_at=timezone.now())
    services.deliver_some(sending.pk)
    assert len(reached()) == 1


def test_the_published_words_go_out(issue: NewsletterIssuePage, staff: User, work: Work) -> None:
    SubscriberFactory()
    issue.subject = "Half a thought"
    issue.save_revision()
    send(issue, staff)
    work()
    assert mail.outbox[0].subject == "News for May"


def test_an_unpublished_issue_waits_for_staff(
    issue: NewsletterIssuePage, staff: User, work: Work
) -> None:
    SubscriberFactory()
    issue.unpublish()
    sending = send(issue, staff)
    work()
    sending.refresh_from_db()
    assert sending.state == Sending.State.PAUSED
    assert "not published" in sending.problem
    issue.save_revision().publish()
    services.resume(sending)
    work()
    assert len(reached()) == 1


def test_pause_resume_cancel(
    issue: NewsletterIssuePage, staff: User, work: Work, settings: Any
) -> None:
    settings.NEWSLETTER_MAILS_A_SECOND = 0.2  # one in a slice
    SubscriberFactory.create_batch(3)
    sending = send(issue, staff)
    assert services.deliver_some(sending.pk) is not None
    assert states(sending) == {"sent": 1, "queued": 2}
    services.pause(sending)
    assert services.deliver_some(sending.pk) is None
    assert len(reached()) == 1
    services.resume(sending)
    services.deliver_some(sending.pk)
    assert len(reached()) == 2
    services.cancel(sending)
    services.resume(sending)
    assert services.deliver_some(sending.pk) is None
    assert states(sending) == {"sent": 2, "cancelled": 1}
    assert send(issue, staff).state == Sending.State.CANCELLED


def test_can_be_sent_again_if_cancelled_before_the_first_mail(
    issue: NewsletterIssuePage, staff: User, work: Work
) -> None:
    SubscriberFactory()
    at = timezone.now() + dt.timedelta(hours=2)
    services.cancel(services.schedule(issue, EVERYBODY, at, staff))
    sending = send(issue, staff)
    work()
    sending.refresh_from_db()
    assert (sending.state, len(reached())) == (Sending.State.SENT, 1)


def test_the_rate_is_kept(issue: NewsletterIssuePage, staff: User, settings: Any) -> None:
    settings.NEWSLETTER_MAILS_A_SECOND = 2
    SubscriberFactory.create_batch(30)
    sending = send(issue, staff)
    pause = services.deliver_some(sending.pk)
    assert len(mail.outbox) == 10
    assert pause is not None
    assert 3 < pause.total_seconds() <= 5
