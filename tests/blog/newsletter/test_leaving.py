"""Subscribers change what they get, leave with one press, and are erased: by links in mails."""

import datetime as dt
import random
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from base.keys import sign_link
from blog.newsletter import services, tokens
from blog.newsletter.emails import subscriber_path
from blog.newsletter.models import Consent, Delivery, Subscriber, Suppression
from tests import markup
from tests.factories import DeliveryFactory, SubscriberFactory
from tests.links import mutate, seen

pytestmark = pytest.mark.django_db

ONE_CLICK = "List-Unsubscribe=One-Click"
URLENCODED = ("application/x-www-form-urlencoded", ONE_CLICK)
MULTIPART = (
    "multipart/form-data; boundary=sep",
    '--sep\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n'
    "--sep--\r\n",
)


def text_of(content: bytes) -> str:
    return " ".join(markup.read(content).get_text(" ").split())


def test_somebody_changes_what_they_get(client: Client) -> None:
    subscriber = SubscriberFactory(name="Ada")
    url = subscriber_path(subscriber, "preferences")
    page = markup.read(client.get(url).content)
    ticked = [box["value"] for box in page.select("input[name=interests][checked]")]
    assert ticked == ["wants_news", "wants_dates"]
    chosen = ["wants_dates", "wants_easy_read"]
    answer = client.post(url, {"name": "Ada E.", "interests": chosen})
    assert "Saved" in text_of(answer.content)
    subscriber.refresh_from_db()
    assert subscriber.name == "Ada E."
    assert subscriber.wishes == {
        "wants_news": False,
        "wants_dates": True,
        "wants_easy_read": True,
    }
    answer = client.post(url, {"name": "Ada E."})
    assert "Please choose at least one." in text_of(answer.content)
    subscriber.refresh_from_db()
    assert subscriber.wants_dates


@pytest.mark.slow
def test_unsubscribe_tokens_by_get_then_post_in_both_encodings(
    rounds: Callable[[int, int], int],
) -> None:
    """GET changes nothing; POST, without cookie or redirect, does, also the second time."""
    client = Client(enforce_csrf_checks=True)
    for number in range(rounds(100, 2_000)):
        subscriber = SubscriberFactory()
        url = subscriber_path(subscriber, "leave")
        asked = client.get(url)
        assert "Leave the newsletter?" in text_of(asked.content)
        subscriber.refresh_from_db()
        assert subscriber.is_active
        kind, body = (URLENCODED, MULTIPART)[number % 2]
        since = None
        for _ in range(2):
            answer = client.post(url, body, content_type=kind)
            assert answer.status_code == 200
            assert not answer.cookies
            subscriber.refresh_from_db()
            assert subscriber.state == Subscriber.State.LEFT
            assert since in (None, subscriber.since)
            since = subscriber.since


def test_the_visible_link_leads_to_a_button(client: Client) -> None:
    subscriber = SubscriberFactory()
    url = subscriber_path(subscriber, "leave")
    form = markup.read(client.get(url).content).select_one("main form")
    assert form["method"] == "post"
    answer = client.post(url)
    assert "You get no more newsletters" in text_of(answer.content)
    assert markup.faults(answer.content) == []


def test_who_is_erased_leaves_a_digest(client: Client) -> None:
    subscriber = SubscriberFactory(email="ada@example.org")
    Consent.objects.create(
        email=subscriber.email, subscriber=subscriber, where="/", wording="Yes please"
    )
    url = subscriber_path(subscriber, "erase")
    assert "cannot be undone" in text_of(client.get(url).content)
    assert Subscriber.objects.exists()
    for _ in range(2):
        assert "Your newsletter details are deleted" in text_of(client.post(url).content)
    assert not Subscriber.objects.exists()
    assert not Consent.objects.exists()
    [suppression] = Suppression.objects.all()
    assert suppression.reason == "erased"
    assert "ada" not in suppression.digest
    for door in ("preferences", "leave", "erase"):
        for answer in (client.get, client.post):
            said = answer(subscriber_path(subscriber, door))
            assert said.status_code == 200
            assert "Your newsletter details are deleted" in text_of(said.content)


@pytest.mark.parametrize(
    ("state", "after"),
    [
        ("active", "left"),
        ("bounced", "left"),
        ("left", "left"),
        ("complained", "complained"),
    ],
)
def test_a_complaint_stays_one(client: Client, state: str, after: str) -> None:
    subscriber = SubscriberFactory(state=state)
    client.post(subscriber_path(subscriber, "leave"))
    subscriber.refresh_from_db()
    assert subscriber.state == after


DAY = dt.timedelta(days=1)


def left_by(subscriber: Subscriber) -> list[Delivery]:
    return list(subscriber.deliveries.exclude(left_at=None))


def test_it_is_known_by_which_issue_somebody_left(client: Client) -> None:
    subscriber, now = SubscriberFactory(), timezone.now()
    DeliveryFactory(subscriber=subscriber, finished_at=now - 60 * DAY)
    newest = DeliveryFactory(subscriber=subscriber, finished_at=now - 30 * DAY)
    DeliveryFactory(subscriber=subscriber, finished_at=now - DAY, state="bounced")
    DeliveryFactory(subscriber=subscriber, finished_at=now - DAY, state="refused")
    DeliveryFactory(subscriber=subscriber, finished_at=None, state="queued")
    DeliveryFactory(sending=newest.sending)
    client.post(subscriber_path(subscriber, "leave"))
    [left] = left_by(subscriber)
    assert left == newest
    assert left.left_at > now
    assert Delivery.objects.exclude(left_at=None).count() == 1


def test_an_issue_is_left_by_once() -> None:
    subscriber, now = SubscriberFactory(), timezone.now()
    first = DeliveryFactory(subscriber=subscriber, finished_at=now - 30 * DAY)
    services.leave(subscriber)
    [was] = left_by(subscriber)
    later = DeliveryFactory(subscriber=subscriber)
    services.leave(subscriber)
    assert [each.left_at for each in left_by(subscriber)] == [was.left_at]
    later.delete()
    Subscriber.objects.update(state="active")
    services.leave(subscriber)
    assert [each.left_at for each in left_by(subscriber)] == [was.left_at]
    assert left_by(subscriber) == [first]


@pytest.mark.parametrize("state", ["active", "complained"])
def test_nobody_leaves_by_what_is_long_ago_or_by_a_complaint(state: str) -> None:
    days = 91 if state == "active" else 1
    subscriber = SubscriberFactory(state=state)
    DeliveryFactory(subscriber=subscriber, finished_at=timezone.now() - days * DAY)
    services.leave(subscriber)
    assert left_by(subscriber) == []


def test_more_is_kept_as_evidence_and_less_is_not(client: Client) -> None:
    subscriber = SubscriberFactory(wants_dates=False)
    url = subscriber_path(subscriber, "preferences")
    client.post(url, {"interests": ["wants_dates"]})
    consent = Consent.objects.get()
    assert (consent.wishes_text, consent.subscriber) == ("course dates", subscriber)
    assert consent.confirmed_at
    client.post(url, {"interests": ["wants_dates"]})
    subscriber.refresh_from_db()
    assert Consent.objects.count() == 1
    assert subscriber.last_consent == consent


@pytest.mark.slow
def test_forged_links_open_nothing_and_tell_nothing(
    client: Client, rounds: Callable[[int, int], int]
) -> None:
    chance = random.Random(11)  # noqa: S311
    subscriber = SubscriberFactory()
    consent = Consent.objects.create(email="new@example.org", where="/", wording="Yes")
    doors = {
        "preferences": (subscriber.link_key, tokens.SUBSCRIBER_SALT),
        "leave": (subscriber.link_key, tokens.SUBSCRIBER_SALT),
        "erase": (subscriber.link_key, tokens.SUBSCRIBER_SALT),
        "confirm": (consent.key, tokens.CONFIRM_SALT),
    }
    models = (Subscriber, Consent, Suppression)
    before = [list(model.objects.values()) for model in models]
    unknown = {
        (door, method): seen(client.generic(method, f"/newsletter/{door}/nonsense/"))
        for door in doors
        for method in ("GET", "POST")
    }
    assert {answer[0] for answer in unknown.values()} == {404}
    for _ in range(rounds(500, 10_000)):
        door, (key, salt) = chance.choice(list(doors.items()))
        method = chance.choice(["GET", "POST"])
        token = sign_link(key, salt)
        mutated = mutate(token, chance)
        if mutated != token:
            answer = seen(client.generic(method, f"/newsletter/{door}/{mutated}/"))
            assert answer == unknown[door, method], mutated
    other = sign_link(consent.key, tokens.CONFIRM_SALT)
    for door in ("preferences", "leave"):
        for token in (other, subscriber.link_key.hex, str(subscriber.link_key)):
            assert client.post(f"/newsletter/{door}/{token}/").status_code == 404
    assert before == [list(model.objects.values()) for model in models]
