"""Many at the same moment: an address gets its three mails, and what is told of it ends well."""

from collections.abc import Callable
from functools import partial
from itertools import cycle
from pathlib import Path

import pytest
from django.db import connection
from django_tasks_db.models import DBTaskResult

from base.tasks import send_mail
from blog.newsletter import services
from blog.newsletter.models import WISHES, Consent, Delivery, Subscriber
from blog.newsletter.services.join import LIMITS
from tests import databases
from tests.factories import DeliveryFactory
from tests.real_server import Answer, RealServer, Visitor, at_once, serving

from .joiner import EMAIL, JOIN

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("real_database")]

A_DAY = LIMITS[1].email
# The same request twice counts once, so they ask for more things than an address gets mails.
NEWS, DATES, EASY = WISHES
DIFFERENT = [(NEWS,), (DATES,), (NEWS, DATES), (NEWS, EASY), (DATES, EASY), (NEWS, DATES, EASY)]
CHANCES = 10


def join_all(server: RealServer, count: int) -> list[Answer]:
    """Let everybody, each from another network, ask for the same address at the same moment."""
    typed = [
        {"email": EMAIL, "name": f"Robot {number}", "interests": wishes}
        for number, wishes in zip(range(count), cycle(DIFFERENT))
    ]
    visitors = [Visitor(server.port, f"10.{number}.0.1") for number in range(count)]
    asked = list(zip(visitors, typed, strict=True))
    return at_once(lambda each: each[0].post(JOIN, each[1]), asked)


def mails() -> int:
    return DBTaskResult.objects.filter(task_path=send_mail.module_path).count()


def test_no_mailbox_is_flooded(rounds: Callable[[int, int], int], tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        for _ in range(rounds(1, 10)):
            Consent.objects.all().delete()
            DBTaskResult.objects.all().delete()
            join_all(server, rounds(40, 100))
            assert Consent.objects.count() == mails() == A_DAY
        assert server.faults == []


def test_the_control_without_the_lock_lets_more_out(
    rounds: Callable[[int, int], int], tmp_path: Path
) -> None:
    """Shows that the test above would see a lock that holds nothing."""
    most = 0
    with serving(tmp_path, app="tests.blog.newsletter.unlocked") as server:
        # Whether two meet is chance, so they get a few chances.
        for _ in range(CHANCES):
            Consent.objects.all().delete()
            DBTaskResult.objects.all().delete()
            given = join_all(server, rounds(40, 100))
            most = max(most, mails())
            if most > A_DAY or server.faults:
                break
    if databases.is_sqlite():
        # One writer at a time, come what may: without the lock they fail instead.
        assert any(answer.status == 500 for answer in given)
        assert any("database is locked" in fault for fault in server.faults)
    else:
        assert most > A_DAY


def tell(what: Callable[[], object]) -> None:
    try:
        what()
    finally:
        connection.close()


def told_of(delivery: Delivery) -> list[Callable[[], object]]:
    subscriber = delivery.subscriber
    return [
        partial(services.bounced, subscriber.email, delivery.pk),
        partial(services.complained, subscriber.email),
        partial(services.unsubscribed, subscriber.email),
        partial(services.leave, subscriber),
    ]


def test_whatever_is_told_at_once_ends_well(rounds: Callable[[int, int], int]) -> None:
    """A bounce, a complaint and a press of the button, each several times, or an erasure too."""
    for _ in range(rounds(3, 50)):
        delivery, other = DeliveryFactory.create_batch(2)
        at_once(tell, told_of(delivery) * 3)
        delivery.refresh_from_db()
        assert delivery.state == Delivery.State.BOUNCED
        assert delivery.subscriber.state == Subscriber.State.COMPLAINED
        at_once(tell, [*told_of(other), partial(services.erase, other.subscriber.email)] * 3)
        other.refresh_from_db()
        assert other.subscriber is None
        assert not Subscriber.objects.exclude(pk=delivery.subscriber.pk).exists()
        Subscriber.objects.all().delete()
