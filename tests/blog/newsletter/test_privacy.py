"""What goes by itself, and what stays suppressed."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from base.tasks import send_mail
from blog.newsletter import services, tasks
from blog.newsletter.models import Consent, Delivery, Subscriber, Suppression
from blog.newsletter.services.suppress import lift, suppress, suppressed_among
from tests.factories import DeliveryFactory, SubscriberFactory

from .joiner import EMAIL, join

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)


def test_what_nobody_confirmed_goes_after_a_week(client: Client) -> None:
    join(client)
    now = timezone.now()
    assert services.forget_unconfirmed(now + 6 * DAY) == 0
    Consent.objects.create(email=EMAIL, where="A list", wording="Yes", proof="Sheet 3")
    assert services.forget_unconfirmed(now + 8 * DAY) == 1
    assert Consent.objects.get().proof == "Sheet 3"


def test_the_mail_goes_with_who_is_erased(client: Client) -> None:
    join(client)
    assert DBTaskResult.objects.filter(task_path=send_mail.module_path).count() == 1
    services.erase(EMAIL)
    assert not DBTaskResult.objects.filter(task_path=send_mail.module_path).exists()


def test_where_requests_came_from_goes_after_thirty_days(client: Client) -> None:
    join(client)
    assert Consent.objects.get().network
    now = timezone.now()
    assert services.forget_networks(now + 29 * DAY) == 0
    assert services.forget_networks(now + 31 * DAY) == 1
    assert not Consent.objects.get().network


@pytest.mark.parametrize("state", ["left", "bounced", "complained"])
def test_who_left_is_a_digest_after_a_year(state: str) -> None:
    now = timezone.now()
    SubscriberFactory(email=EMAIL, state=state, since=now - 366 * DAY)
    SubscriberFactory(state=state, since=now - 364 * DAY)
    SubscriberFactory(since=now - 999 * DAY)
    assert services.forget_those_who_left() == 1
    assert Subscriber.objects.count() == 2
    assert Suppression.objects.get().reason == state
    assert suppressed_among([EMAIL, "other@example.org"]) == {EMAIL}


def test_a_digest_outlives_a_change_of_the_secret_key(settings: Any) -> None:
    suppress([EMAIL], Suppression.Reason.ERASED)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another"
    assert suppressed_among(["ADA@example.org"])
    lift(EMAIL)
    assert not suppressed_among([EMAIL])
    settings.SECRET_KEY_FALLBACKS = []
    suppress([EMAIL, EMAIL], Suppression.Reason.LEFT)
    assert Suppression.objects.count() == 1


def test_who_confirms_again_is_suppressed_no_longer(client: Client) -> None:
    suppress([EMAIL], Suppression.Reason.ERASED)
    join(client)
    assert suppressed_among([EMAIL])
    services.confirm(Consent.objects.get().key)
    assert not suppressed_among([EMAIL])


# Which issues somebody got


def test_who_asks_learns_which_issues_they_got() -> None:
    now = timezone.now()
    older = DeliveryFactory(sending__subject="June", finished_at=now - DAY, left_at=now)
    DeliveryFactory(sending=older.sending)
    waiting = DeliveryFactory(
        subscriber=older.subscriber,
        sending__issue__title="July",
        sending__subject="",
        state="queued",
        finished_at=None,
    )
    assert waiting.sending.subject == ""
    rows = [row for row in services.export(older.subscriber.email.upper()) if "issue" in row]
    assert rows == [
        {"issue": "June", "state": "Sent", "sent": now - DAY, "left": now, "complained": None},
        {"issue": "July", "state": "Queued", "sent": None, "left": None, "complained": None},
    ]


def test_how_many_got_an_issue_stays_when_somebody_is_erased() -> None:
    delivery = DeliveryFactory()
    DeliveryFactory(sending=delivery.sending)
    # Two of one issue, neither of whom is known any more.
    for subscriber in Subscriber.objects.all():
        assert services.erase(subscriber.email) == 1
    assert delivery.sending.deliveries.filter(state="sent", subscriber=None).count() == 2


def test_who_got_an_issue_is_forgotten_after_a_year() -> None:
    now = timezone.now()
    old = DeliveryFactory(finished_at=now - 366 * DAY)
    DeliveryFactory(sending=old.sending, finished_at=now - 366 * DAY)
    recent = DeliveryFactory(sending=old.sending, finished_at=now - 364 * DAY)
    waiting = DeliveryFactory(sending=old.sending, state="queued", finished_at=None)
    assert services.forget_deliveries() == 2
    assert services.forget_deliveries() == 0
    assert set(Delivery.objects.exclude(subscriber=None)) == {recent, waiting}
    assert Delivery.objects.count() == 4
    assert Subscriber.objects.count() == 4


def test_the_worker_forgets_it_by_itself() -> None:
    DeliveryFactory(finished_at=timezone.now() - 366 * DAY)
    tasks.forget_people.call()
    assert Delivery.objects.get().subscriber is None
