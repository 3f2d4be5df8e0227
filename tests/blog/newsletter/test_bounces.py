"""Mail providers tell of addresses that fail, of complaints and of those who left."""

import datetime as dt
import json
import logging
import re
import warnings
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import include, path
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from base.addresses import without_address
from base.mail_events import urls_of
from blog.newsletter import services
from blog.newsletter.models import Consent, Delivery, Subscriber
from blog.newsletter.services.suppress import suppressed_among
from config.urls import urlpatterns as real_urlpatterns
from tests.factories import DeliveryFactory, SubscriberFactory

from . import mail_events as sent
from .mail_events import ANSWER, EMAIL, post

pytestmark = pytest.mark.django_db

PROVIDERS = ("brevo", "mailgun", "mailjet", "postmark", "resend", "sendgrid", "sparkpost")
YEAR = dt.timedelta(days=365)
DAY = dt.timedelta(days=1)


class WithEvents:
    urlpatterns = [
        path("mail-events/", include([url for name in PROVIDERS for url in urls_of(name)])),
        *real_urlpatterns,
    ]


@pytest.fixture(autouse=True)
def _providers(settings: LazySettings) -> Iterator[None]:
    settings.ROOT_URLCONF = WithEvents
    settings.ANYMAIL = {
        "WEBHOOK_SECRET": [sent.SECRET],
        "MAILGUN_WEBHOOK_SIGNING_KEY": sent.SIGNING_KEY,
    }
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "django-anymail has dropped official support")
        yield


@pytest.fixture
def ada() -> Subscriber:
    subscriber: Subscriber = SubscriberFactory(email=EMAIL, since=timezone.now() - YEAR)
    return subscriber


@pytest.fixture
def issue(ada: Subscriber) -> Delivery:
    delivery: Delivery = DeliveryFactory(subscriber=ada)
    return delivery


def state(row: Subscriber | Delivery) -> str:
    row.refresh_from_db()
    return row.state


def everything() -> list[Any]:
    return [list(model.objects.order_by("pk").values()) for model in (Subscriber, Delivery)]


# What says that an address fails


@pytest.mark.parametrize(
    ("provider", "payload"),
    [
        ("postmark", lambda: sent.postmark("HardBounce")),
        ("postmark", lambda: sent.postmark("BadEmailAddress")),
        ("mailgun", sent.mailgun),
        ("sendgrid", lambda: [sent.sendgrid("bounce", type="bounce")]),
        ("sendgrid", lambda: [sent.sendgrid("dropped", reason="Bounced Address")]),
        ("sendgrid", lambda: [sent.sendgrid("dropped", reason="Invalid")]),
        ("brevo", lambda: sent.brevo("hard_bounce")),
        ("brevo", lambda: sent.brevo("invalid_email")),
        ("mailjet", lambda: sent.mailjet("user unknown", is_hard=True)),
        ("sparkpost", lambda: sent.sparkpost("10")),
        ("resend", lambda: sent.resend("Permanent")),
    ],
)
def test_an_address_that_fails_gets_no_more(
    provider: str, payload: Any, client: Client, issue: Delivery
) -> None:
    older = DeliveryFactory(subscriber=issue.subscriber, finished_at=timezone.now() - DAY)
    for _ in range(2):
        assert post(client, provider, payload()).status_code == 200
        assert state(issue.subscriber) == "bounced"
        assert state(issue) == "bounced"
        assert state(older) == "sent"
    assert issue.subscriber.since > timezone.now() - DAY
    assert issue.problem
    assert EMAIL not in issue.problem


@pytest.mark.parametrize(
    ("provider", "payload"),
    [
        ("postmark", lambda: sent.postmark("SoftBounce")),
        ("postmark", lambda: sent.postmark("Transient")),
        ("postmark", lambda: sent.postmark("Blocked")),
        ("postmark", lambda: sent.postmark_left(stays=True)),
        ("mailgun", lambda: sent.mailgun("temporary")),
        ("mailgun", lambda: sent.mailgun(event="delivered", severity="")),
        ("sendgrid", lambda: [sent.sendgrid("bounce", type="blocked")]),
        ("sendgrid", lambda: [sent.sendgrid("dropped", reason="Spam Content")]),
        ("sendgrid", lambda: [sent.sendgrid("deferred"), sent.sendgrid("open")]),
        ("brevo", lambda: sent.brevo("soft_bounce")),
        ("brevo", lambda: sent.brevo("blocked")),
        ("mailjet", lambda: sent.mailjet("quota exceeded", is_hard=False)),
        ("sparkpost", lambda: sent.sparkpost("22")),
        ("sparkpost", lambda: sent.sparkpost("51")),
        ("resend", lambda: sent.resend("Transient")),
    ],
)
@pytest.mark.usefixtures("issue")
def test_what_passes_changes_nothing(provider: str, payload: Any, client: Client) -> None:
    before = everything()
    assert post(client, provider, payload()).status_code == 200
    assert everything() == before


def test_what_the_server_said_is_kept_without_the_address(client: Client, issue: Delivery) -> None:
    post(client, "postmark", sent.postmark())
    issue.refresh_from_db()
    assert issue.problem == "smtp;550 5.1.1 … Recipient address rejected: … unknown"


@given(before=st.text(), after=st.text(), mark=st.sampled_from(["<{}>:", "{}", "({})", "'{}'"]))
def test_no_answer_holds_an_address(before: str, after: str, mark: str) -> None:
    for named in (EMAIL, EMAIL.upper(), "ada"):
        said = without_address(f"{before} {mark.format(named)} {after}", EMAIL)
        assert "@" not in said
        assert not re.search(r"\bada\b", said, re.IGNORECASE)
        assert len(said.splitlines()) <= 1


@pytest.mark.parametrize("was", ["active", "left", "bounced", "complained"])
def test_a_server_that_refuses_an_address_ends_it(
    was: str, ada: Subscriber, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "blog.newsletter")
    Subscriber.objects.update(state=was)
    services.address_fails(ada, ANSWER)
    services.address_fails(ada, ANSWER)
    assert state(ada) == ("bounced" if was == "active" else was)
    said = [f"The address of subscriber {ada.pk} fails: 550 5.1.1 … Recipient address rejected"]
    assert [message.split(": …")[0] for message in caplog.messages] == said * (was == "active")
    assert EMAIL not in caplog.text


def test_a_long_answer_is_cut(issue: Delivery) -> None:
    services.bounced(EMAIL, description="word\0 \ud800" * 500)
    issue.refresh_from_db()
    assert len(issue.problem) == 200


# Which issue is meant


def test_the_delivery_named_is_the_one(client: Client, issue: Delivery) -> None:
    older = DeliveryFactory(subscriber=issue.subscriber, finished_at=timezone.now() - 60 * DAY)
    post(client, "mailgun", sent.mailgun(delivery=str(older.pk)))
    assert (state(older), state(issue)) == ("bounced", "sent")


def test_nobody_elses_delivery_is_touched(client: Client, issue: Delivery) -> None:
    other = DeliveryFactory(sending=issue.sending)
    post(client, "postmark", sent.postmark(delivery=str(other.pk)))
    assert (state(other), state(other.subscriber)) == ("sent", "active")
    assert (state(issue), state(issue.subscriber)) == ("bounced", "bounced")


def test_an_issue_of_long_ago_arrived(client: Client, ada: Subscriber) -> None:
    """What failed is another mail, such as a booking's: the address fails all the same."""
    issue = DeliveryFactory(subscriber=ada, finished_at=timezone.now() - 8 * DAY)
    post(client, "postmark", sent.postmark())
    assert (state(ada), state(issue)) == ("bounced", "sent")


@pytest.mark.parametrize("kept", ["queued", "refused", "skipped", "cancelled"])
def test_what_was_not_sent_does_not_come_back(kept: str, client: Client, ada: Subscriber) -> None:
    issue = DeliveryFactory(subscriber=ada, state=kept)
    post(client, "postmark", sent.postmark(delivery=str(issue.pk)))
    assert (state(ada), state(issue)) == ("bounced", kept)


# Complaints, and those who leave


@pytest.mark.parametrize("was", ["active", "left", "bounced", "complained"])
@pytest.mark.parametrize("kind", ["SpamComplaint", "SpamNotification"])
def test_a_complaint_ends_it_from_any_state(
    was: str, kind: str, client: Client, issue: Delivery
) -> None:
    Subscriber.objects.update(state=was)
    post(client, "postmark", sent.postmark(kind))
    issue.refresh_from_db()
    noted = issue.complained_at
    assert noted is not None
    assert state(issue.subscriber) == "complained"
    assert suppressed_among([EMAIL]) == {EMAIL}
    since = issue.subscriber.since
    post(client, "postmark", sent.postmark(kind))
    issue.refresh_from_db()
    issue.subscriber.refresh_from_db()
    assert (issue.complained_at, issue.subscriber.since) == (noted, since)
    assert issue.state == "sent"


def test_a_complaint_stays_one_whatever_comes_late(client: Client, issue: Delivery) -> None:
    post(client, "mailgun", sent.mailgun(event="complained", severity=""))
    for late in (sent.postmark(), sent.postmark_left(), sent.postmark("SpamComplaint")):
        post(client, "postmark", late)
        assert state(issue.subscriber) == "complained"
    assert state(issue) == "bounced"
    assert issue.complained_at is not None
    assert issue.left_at is None


def test_a_complaint_about_another_mail_lets_no_list_bring_the_address(client: Client) -> None:
    post(client, "postmark", sent.postmark("SpamComplaint"))
    assert not Subscriber.objects.exists()
    assert suppressed_among([EMAIL]) == {EMAIL}


def test_who_complained_can_ask_for_it_again(client: Client, issue: Delivery) -> None:
    post(client, "postmark", sent.postmark("SpamComplaint"))
    consent = Consent.objects.create(email=EMAIL, where="/", wording="Yes please")
    services.confirm(consent.key)
    assert state(issue.subscriber) == "active"
    assert not suppressed_among([EMAIL])
    before = everything()
    an_hour_ago = timezone.now() - dt.timedelta(hours=1)
    for late in ("SpamComplaint", "HardBounce"):
        post(client, "postmark", sent.postmark(late, at=an_hour_ago))
    assert everything() == before
    assert not suppressed_among([EMAIL])


def test_who_leaves_at_the_provider_leaves(client: Client, issue: Delivery) -> None:
    for _ in range(2):
        post(client, "postmark", sent.postmark_left())
        assert state(issue.subscriber) == "left"
        assert state(issue) == "sent"
        assert issue.left_at is not None


def test_who_left_before_the_mail_came_back_has_left(client: Client, issue: Delivery) -> None:
    services.leave(issue.subscriber)
    post(client, "postmark", sent.postmark())
    assert (state(issue.subscriber), state(issue)) == ("left", "bounced")


def test_a_batch_is_taken_event_by_event(client: Client, issue: Delivery) -> None:
    others = SubscriberFactory.create_batch(2, since=timezone.now() - YEAR)
    batch = [
        sent.sendgrid("bounce", type="bounce", email="nobody@example.org"),
        sent.sendgrid("bounce", type="bounce", email=others[0].email, delivery="nonsense"),
        sent.sendgrid("spamreport", delivery=str(issue.pk)),
        sent.sendgrid("unsubscribe", email=others[1].email),
    ]
    assert post(client, "sendgrid", batch).status_code == 200
    assert [state(each) for each in others] == ["bounced", "left"]
    assert state(issue.subscriber) == "complained"


# Who calls, and with what


@pytest.mark.parametrize("secret", [None, "", "None", "mail-events:wrong", "a-long-random-text"])
@pytest.mark.usefixtures("issue")
def test_without_the_secret_nothing_is_taken(secret: str | None, client: Client) -> None:
    before = everything()
    payloads = {
        "postmark": sent.postmark(),
        "mailgun": sent.mailgun(),
        "sendgrid": [sent.sendgrid("bounce", type="bounce")],
    }
    for provider, payload in payloads.items():
        assert post(client, provider, payload, secret=secret).status_code == 400
    assert everything() == before


@pytest.mark.parametrize("secrets", [[], [sent.SECRET]])
def test_a_signature_is_asked_for_with_and_without_a_secret(
    secrets: list[str], client: Client, issue: Delivery, settings: LazySettings
) -> None:
    settings.ANYMAIL = settings.ANYMAIL | {"WEBHOOK_SECRET": secrets}
    before = everything()
    forged = sent.mailgun()
    forged["signature"]["signature"] = "0" * 64
    assert post(client, "mailgun", forged).status_code == 400
    assert everything() == before
    assert post(client, "mailgun", sent.mailgun()).status_code == 200
    assert state(issue) == "bounced"


@pytest.mark.parametrize(
    "spelling", ["ADA@Example.org", " ada@example.org ", "ada@EXAMPLE.ORG.", "ada@ｅxample.org"]
)
def test_an_address_is_known_in_any_spelling(
    spelling: str, client: Client, ada: Subscriber
) -> None:
    post(client, "postmark", sent.postmark(email=spelling))
    assert state(ada) == "bounced"


@pytest.mark.parametrize(
    "delivery", ["0", "-1", "9" * 18, "9" * 400, "1.5", "³", "٣", None, True, [1], {"a": 1}, "x\0"]
)
def test_nonsense_beside_an_event_does_not_matter(
    delivery: object, client: Client, issue: Delivery
) -> None:
    assert post(client, "postmark", sent.postmark(delivery=delivery)).status_code == 200
    assert state(issue) == "bounced"


@pytest.mark.parametrize("email", [None, "", "@", "nobody", "ä@example.org", 7, [EMAIL], "a\0@b.c"])
def test_who_is_unknown_changes_nothing(email: object, client: Client, issue: Delivery) -> None:
    before = everything()
    for kind in ("HardBounce", "SpamComplaint"):
        assert post(client, "postmark", sent.postmark(kind, email=email)).status_code == 200
    assert everything() == before


def test_who_was_erased_stays_so(client: Client, issue: Delivery) -> None:
    services.erase(EMAIL)
    for kind in ("HardBounce", "SpamComplaint"):
        event = sent.postmark(kind, delivery=str(issue.pk))
        assert post(client, "postmark", event).status_code == 200
    assert not Subscriber.objects.exists()
    assert state(issue) == "sent"
    assert issue.complained_at is None


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.sampled_from([EMAIL, "bounce", "HardBounce", "failed", "spamreport", "permanent"])
    | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


@given(st.data())
@pytest.mark.usefixtures("issue")
def test_junk_is_no_fault_of_ours(data: st.DataObject) -> None:
    """Whole payloads of junk, and true ones of which a part is."""
    client = Client(raise_request_exception=False)
    true = {
        "postmark": sent.postmark(delivery="1"),
        "mailgun": sent.mailgun(),
        "sendgrid": [sent.sendgrid("bounce", type="bounce", delivery="1")],
        "brevo": sent.brevo("hard_bounce"),
    }
    provider = data.draw(st.sampled_from(sorted(true)))
    payload = true[provider]
    part = payload[0] if isinstance(payload, list) else payload.get("event-data", payload)
    part[data.draw(st.sampled_from(sorted(part)))] = data.draw(JSON)
    junk = data.draw(JSON)
    for body in (payload, junk, [junk], {"event-data": junk, **payload} if part is payload else {}):
        assert post(client, provider, json.dumps(body).encode()).status_code in (200, 400)
    assert post(client, provider, data.draw(st.binary())).status_code == 400


def test_a_database_that_is_away_is_asked_again(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Providers keep an event that we could not take, and send it again."""

    def away(*args: object, **kwargs: object) -> None:
        raise OSError

    monkeypatch.setattr(services, "bounced", away)
    client.raise_request_exception = False
    assert post(client, "postmark", sent.postmark()).status_code == 500
