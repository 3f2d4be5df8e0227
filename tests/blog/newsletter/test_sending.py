"""What is sent to whom: once each, to nobody who left, and only while staff want it."""

import datetime as dt
import email
import smtplib
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.core.mail.backends.locmem import EmailBackend
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from base.models import User
from blog.models import BlogPage
from blog.newsletter import services, tasks
from blog.newsletter.emails import mail_to
from blog.newsletter.models import Delivery, NewsletterIssuePage, Sending, Subscriber
from blog.newsletter.services import deliver
from tests.factories import (
    BlogPageFactory,
    NewsletterIssuePageFactory,
    SubscriberFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

Work = Callable[[], None]
EVERYBODY = Sending.Audience.EVERYBODY


@pytest.fixture
def staff(db: None) -> User:
    user: User = UserFactory()
    return user


@pytest.fixture
def issue(db: None) -> NewsletterIssuePage:
    page: NewsletterIssuePage = NewsletterIssuePageFactory(title="May", subject="News for May")
    return page


class Refusing(EmailBackend):
    """Says to some addresses what a mail server would."""

    says: dict[str, Exception] = {}
    opened = 0

    def open(self) -> bool:
        type(self).opened += 1
        if fault := self.says.get("open"):
            raise fault
        return True

    def send_messages(self, messages: Any) -> int:
        if fault := self.says.get(messages[0].to[0]):
            raise fault
        sent: int = super().send_messages(messages)
        return sent


@pytest.fixture
def says(settings: Any) -> Iterator[dict[str, Exception]]:
    """What the mail server says, by address, or to whoever opens a connection."""
    settings.EMAIL_BACKEND = f"{__name__}.{Refusing.__name__}"
    Refusing.says, Refusing.opened = {}, 0
    yield Refusing.says
    Refusing.says = {}


def refused(address: str, code: int, said: str) -> smtplib.SMTPRecipientsRefused:
    return smtplib.SMTPRecipientsRefused({address: (code, said.encode())})


def send(issue: NewsletterIssuePage, staff: User, audience: str = EVERYBODY) -> Sending:
    return services.schedule(issue, audience, None, staff)


def greeting_and_news(post: BlogPage) -> list[dict[str, Any]]:
    """A part for everybody, and one for those who want news."""
    page = {"type": "item", "id": str(uuid4()), "value": {"page": post.pk, "words": ""}}
    news = {"heading": "News", "pages": [page], "pictures": "none", "interest": "news"}
    return [
        {"type": "paragraph", "value": "<p>For everybody.</p>"},
        {"type": "items", "value": news},
    ]


def states(sending: Sending) -> Counter[str]:
    return Counter(sending.deliveries.values_list("state", flat=True))


def reached() -> list[str]:
    return sorted(sent.to[0] for sent in mail.outbox)


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


# What mail servers say


def test_what_is_refused_for_good_is_not_tried_again(
    issue: NewsletterIssuePage, staff: User, says: dict[str, Exception]
) -> None:
    gone, full, other = SubscriberFactory.create_batch(3)
    says[gone.email] = refused(gone.email, 550, f"5.1.1 <{gone.email}> No such mailbox")
    says[full.email] = refused(full.email, 552, "5.2.2 Mailbox full")
    sending = send(issue, staff)
    assert services.deliver_some(sending.pk) is None
    says.clear()
    assert services.deliver_some(sending.pk) is None
    assert states(sending) == {"refused": 2, "sent": 1}
    assert reached() == [other.email]
    problems = set(sending.deliveries.values_list("problem", flat=True))
    assert problems == {"", "550 5.1.1 … No such mailbox", "552 5.2.2 Mailbox full"}
    gone.refresh_from_db()
    full.refresh_from_db()
    assert (gone.state, full.state) == (Subscriber.State.BOUNCED, Subscriber.State.ACTIVE)


def test_what_is_refused_for_now_is_tried_later(
    issue: NewsletterIssuePage, staff: User, says: dict[str, Exception]
) -> None:
    busy, other = SubscriberFactory(), SubscriberFactory()
    says[busy.email] = refused(busy.email, 450, "4.2.1 Later please")
    sending = send(issue, staff)
    pause = services.deliver_some(sending.pk)
    assert pause is not None
    assert 50 < pause.total_seconds() <= 60
    assert reached() == [other.email]
    says.clear()
    Delivery.objects.filter(state="queued").update(due_at=timezone.now())
    assert services.deliver_some(sending.pk) is None
    assert reached() == sorted([busy.email, other.email])


def test_is_given_up_after_a_day(
    issue: NewsletterIssuePage, staff: User, says: dict[str, Exception]
) -> None:
    busy = SubscriberFactory()
    says[busy.email] = refused(busy.email, 451, "Later please")
    sending = send(issue, staff)
    waited = dt.timedelta()
    while (pause := services.deliver_some(sending.pk)) is not None:
        waited += pause
        Delivery.objects.filter(state="queued").update(due_at=timezone.now())
    assert dt.timedelta(hours=18) < waited < dt.timedelta(hours=30)
    assert states(sending) == {"refused": 1}
    busy.refresh_from_db()
    assert busy.is_active


@pytest.mark.parametrize(
    "fault",
    [
        ConnectionRefusedError("Connection refused"),
        smtplib.SMTPAuthenticationError(535, b"5.7.8 Wrong password"),
        smtplib.SMTPConnectError(421, b"Too many connections"),
        TimeoutError("timed out"),
    ],
)
def test_a_server_that_is_away_costs_nobody_an_attempt(
    fault: Exception, issue: NewsletterIssuePage, staff: User, says: dict[str, Exception]
) -> None:
    SubscriberFactory.create_batch(3)
    says["open"] = fault
    sending = send(issue, staff)
    rests = []
    for _ in range(7):
        pause = services.deliver_some(sending.pk)
        assert pause is not None
        rests.append(round(pause.total_seconds()))
        # Asked again too early it does nothing.
        opened = Refusing.opened
        services.deliver_some(sending.pk)
        assert Refusing.opened == opened
        Sending.objects.update(rests_until=timezone.now())
    assert rests == [5, 10, 20, 40, 80, 160, 300]
    sending.refresh_from_db()
    assert sending.problem
    assert set(Delivery.objects.values_list("state", "attempts")) == {("queued", 0)}
    says.clear()
    assert services.deliver_some(sending.pk) is None
    sending.refresh_from_db()
    assert (sending.state, sending.rests, sending.problem) == (Sending.State.SENT, 0, "")
    assert len(reached()) == 3


def test_one_mail_that_is_always_421_holds_nobody_back(
    issue: NewsletterIssuePage, staff: User, says: dict[str, Exception]
) -> None:
    poison, *others = SubscriberFactory.create_batch(4)
    says[poison.email] = refused(poison.email, 421, "4.3.2 Closing")
    sending = send(issue, staff)
    services.deliver_some(sending.pk)
    assert reached() == sorted(other.email for other in others)
    assert Delivery.objects.get(subscriber=poison).attempts == 1


def test_a_fault_that_nobody_foresaw_holds_nobody_back(
    issue: NewsletterIssuePage, staff: User, says: dict[str, Exception]
) -> None:
    poison, other = SubscriberFactory.create_batch(2)
    says[poison.email] = KeyError("surprise")
    sending = send(issue, staff)
    services.deliver_some(sending.pk)
    assert reached() == [other.email]
    assert Delivery.objects.get(subscriber=poison).attempts == 1


def test_staff_hear_of_a_fault_of_ours(
    issue: NewsletterIssuePage, staff: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    SubscriberFactory()

    def fail(*args: Any) -> None:
        raise RuntimeError("the picture is broken")

    sending = send(issue, staff)
    with monkeypatch.context() as broken:
        broken.setattr(deliver, "render_letter", fail)
        assert services.deliver_some(sending.pk) == deliver.AFTER_A_FAULT
    sending.refresh_from_db()
    assert "the picture is broken" in sending.problem
    services.deliver_some(sending.pk)
    sending.refresh_from_db()
    assert (len(reached()), sending.problem) == (1, "")


def test_delays_in_a_row_are_the_servers_wish(
    issue: NewsletterIssuePage, staff: User, says: dict[str, Exception]
) -> None:
    for reader in SubscriberFactory.create_batch(15):
        says[reader.email] = refused(reader.email, 451, "4.7.1 Slow down")
    sending = send(issue, staff)
    services.deliver_some(sending.pk)
    assert Counter(Delivery.objects.values_list("attempts", flat=True)) == {1: 10, 0: 5}
    sending.refresh_from_db()
    assert (sending.rests, sending.problem) == (1, "451 4.7.1 Slow down")


def test_broken_connections_in_a_row_are_the_servers_fault(
    issue: NewsletterIssuePage, staff: User, says: dict[str, Exception]
) -> None:
    for reader in SubscriberFactory.create_batch(5):
        says[reader.email] = smtplib.SMTPServerDisconnected("Connection unexpectedly closed")
    sending = send(issue, staff)
    services.deliver_some(sending.pk)
    assert Refusing.opened == 3
    assert Counter(Delivery.objects.values_list("attempts", flat=True)) == {1: 3, 0: 2}
    sending.refresh_from_db()
    assert sending.rests == 1


@pytest.mark.parametrize("rate", [0, 2])
def test_stops_where_mail_after_mail_is_refused(
    rate: float,
    issue: NewsletterIssuePage,
    staff: User,
    says: dict[str, Exception],
    settings: Any,
) -> None:
    settings.NEWSLETTER_MAILS_A_SECOND = rate
    for reader in SubscriberFactory.create_batch(30):
        says[reader.email] = smtplib.SMTPDataError(554, b"5.7.1 This looks like spam")
    sending = send(issue, staff)
    while services.deliver_some(sending.pk) is not None:
        pass
    sending.refresh_from_db()
    assert sending.state == Sending.State.PAUSED
    assert sending.problem == "554 5.7.1 This looks like spam"
    assert Subscriber.objects.active().count() == 30
    # Whoever was refused on the way is not left out.
    says.clear()
    services.resume(sending)
    while services.deliver_some(sending.pk) is not None:
        pass
    assert len(reached()) == 30


@pytest.mark.parametrize(
    "said",
    [
        "relay not permitted",
        "5.1.8 Access denied, bad outbound sender",
        "5.1.90 Your message can't be sent: daily limit",
        "Sorry, your domain is blocked (#5.7.1)",
        "Message rejected as spam",
    ],
)
def test_what_is_about_us_strikes_nobody_off(
    said: str, issue: NewsletterIssuePage, staff: User, says: dict[str, Exception]
) -> None:
    struck, *_ = SubscriberFactory.create_batch(3)
    says[struck.email] = refused(struck.email, 550, said)
    services.deliver_some(send(issue, staff).pk)
    assert len(reached()) == 2
    assert Subscriber.objects.active().count() == 3


def test_a_server_that_knows_nobody_is_not_believed(
    issue: NewsletterIssuePage, staff: User, says: dict[str, Exception]
) -> None:
    for reader in SubscriberFactory.create_batch(3):
        says[reader.email] = refused(reader.email, 550, "5.1.1 User unknown")
    sending = send(issue, staff)
    services.deliver_some(sending.pk)
    assert states(sending) == {"refused": 3}
    assert Subscriber.objects.active().count() == 3


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
    from base.mail import send_later

    SubscriberFactory.create_batch(3)
    send(issue, staff)
    send_later("Your booking", "Dear Ada,", ["ada@example.org"])
    work()
    assert mail.outbox[0].subject == "Your booking"


@pytest.mark.parametrize("subject", ["One\r\nBcc: all@example.org", "A\x00B", "‮Backwards"])
def test_no_subject_adds_a_header(subject: str, staff: User, work: Work) -> None:
    SubscriberFactory()
    send(NewsletterIssuePageFactory(subject=subject), staff)
    work()
    [sent] = mail.outbox
    headers = email.message_from_bytes(sent.message().as_bytes())
    assert "Bcc" not in headers
    assert len(headers.get_all("Subject", [])) == 1


def test_a_trial_goes_to_whoever_asked(issue: NewsletterIssuePage, staff: User, work: Work) -> None:
    from blog.newsletter.tasks import send_trial

    SubscriberFactory()
    issue.subject = "Half a thought"
    issue.save_revision()
    send_trial.enqueue(issue.pk, "me@example.org")
    work()
    [sent] = mail.outbox
    assert isinstance(sent, EmailMessage)
    assert (sent.to, sent.subject) == (["me@example.org"], "[Test] Half a thought")
    assert Delivery.objects.count() == 0
