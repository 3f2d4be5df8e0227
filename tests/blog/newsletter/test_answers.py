"""What a mail server says concerns an address, a mail, a moment or the server itself."""

import datetime as dt
import smtplib
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from base.models import User
from blog.newsletter import services
from blog.newsletter.models import Delivery, NewsletterIssuePage, Sending, Subscriber
from blog.newsletter.services import deliver
from tests.factories import SubscriberFactory

from .sender import Refusing, reached, refused, send, states

pytestmark = pytest.mark.django_db

Work = Callable[[], None]


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
