"""Somebody joins: asked once by mail, whoever typed the address, and never without their yes."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from base.keys import sign_link
from blog.newsletter import tokens
from blog.newsletter.models import Consent, NewsletterIndexPage, Subscriber
from blog.newsletter.services import LINK_LIFE
from tests import markup
from tests.factories import StandardPageFactory, SubscriberFactory

from .joiner import ASKED, BOTH, EMAIL, JOIN, join, link_in

pytestmark = pytest.mark.django_db

Work = Callable[[], None]


def text_of(content: bytes) -> str:
    return " ".join(markup.read(content).get_text(" ").split())


def mails(work: Work) -> list[mail.EmailMessage]:
    work()
    return mail.outbox


def test_only_the_second_step_puts_somebody_on_the_list(client: Client, work: Work) -> None:
    answer = join(client, email="Ada@Example.org", name="Ada Example", where="/blog/")
    assert (answer.status_code, answer.url) == (302, ASKED)
    assert "look at your e-mails" in text_of(client.get(ASKED).content)
    assert not Subscriber.objects.exists()
    [message] = mails(work)
    assert message.to == [EMAIL]
    link = link_in(message)
    for _ in range(2):
        page = client.get(link)
        assert "Yes, send it to me" in text_of(page.content)
        assert not Subscriber.objects.exists()
    assert "You are on the list" in text_of(client.post(link).content)
    subscriber = Subscriber.objects.get()
    assert (subscriber.email, subscriber.name) == (EMAIL, "Ada Example")
    assert subscriber.is_active
    assert subscriber.wishes == {
        "wants_news": True,
        "wants_dates": True,
        "wants_easy_read": False,
    }


def test_the_evidence_says_when_where_and_to_which_words(
    client: Client, newsletter: NewsletterIndexPage, work: Work
) -> None:
    before = timezone.now()
    join(client, where="/blog/")
    [message] = mails(work)
    client.post(link_in(message))
    consent = Subscriber.objects.get().consents.get()
    assert before < consent.asked_at < consent.confirmed_at < timezone.now()
    assert consent.where == "/blog/"
    for page in ("/", "/newsletter/", JOIN):
        shown = text_of(client.get(page).content)
        for words in consent.wording.split(". "):
            assert words.rstrip(".") in shown


def test_nothing_that_was_typed_is_in_the_mail(client: Client, work: Work) -> None:
    join(client, name="Ring 0900 123 456 now", where="/?buy=pills")
    [message] = mails(work)
    for words in ("0900", "pills"):
        assert words not in message.message().as_string()


@pytest.mark.parametrize("state", [None, *Subscriber.State])
def test_the_answer_is_the_same_whoever_is_on_the_list(
    client: Client, work: Work, state: str | None
) -> None:
    if state:
        SubscriberFactory(email=EMAIL, state=state)
    answer = join(client)
    assert (answer.status_code, answer.url, dict(answer.cookies)) == (302, ASKED, {})
    [message] = mails(work)
    assert message.subject == "Please confirm: our newsletter"
    assert Subscriber.objects.count() == bool(state)
    client.post(link_in(message))
    assert Subscriber.objects.get().is_active


def test_who_joins_again_changes_what_they_get(client: Client, work: Work) -> None:
    SubscriberFactory(email=EMAIL, name="Ada")
    join(client, interests=["wants_news", "wants_easy_read"])
    assert Subscriber.objects.get().wants_dates
    client.post(link_in(mails(work)[0]))
    subscriber = Subscriber.objects.get()
    assert subscriber.name == "Ada"
    assert (subscriber.wants_dates, subscriber.wants_easy_read) == (False, True)


def test_a_double_click_is_one_request(client: Client, work: Work) -> None:
    for _ in range(3):
        assert join(client).url == ASKED
    assert len(mails(work)) == 1


def test_an_address_gets_three_mails_a_day_whoever_asks(client: Client, work: Work) -> None:
    wishes = [BOTH, BOTH[:1], BOTH[1:], ["wants_easy_read"]]
    for number, interests in enumerate(wishes):
        answer = join(Client(), ip=f"10.0.{number}.1", interests=interests)
    assert answer.status_code == 200
    assert "ask again tomorrow" in text_of(answer.content)
    assert markup.read(answer.content).find(id="id_email")["value"] == EMAIL
    assert len(mails(work)) == 3
    Consent.objects.update(asked_at=timezone.now() - dt.timedelta(days=1, minutes=1))
    for number, interests in enumerate(wishes):
        join(Client(), ip=f"10.1.{number}.1", interests=interests)
    assert len(mails(work)) == 6
    Consent.objects.update(asked_at=timezone.now() - dt.timedelta(days=2))
    join(client)
    assert len(mails(work)) == 6


def test_a_network_asks_for_so_many(client: Client, work: Work) -> None:
    answers = [join(client, email=f"r{number}@example.org") for number in range(22)]
    assert [answer.status_code for answer in answers] == [302] * 20 + [200] * 2
    assert join(client, ip="10.9.9.9").status_code == 302
    assert len(mails(work)) == 21


def test_robots_with_many_networks_are_stopped(
    client: Client, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("blog.newsletter.services.join.MOST_AN_HOUR", 5)
    for number in range(8):
        join(client, email=f"r{number}@example.org", ip=f"10.0.{number}.1")
    assert len(mails(work)) == 5


def test_a_robot_hears_the_same_and_nothing_happens(client: Client, work: Work) -> None:
    assert join(client, nothing="x").url == ASKED
    assert not mails(work)
    assert not Consent.objects.exists()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"email": ""}, "Please write your e-mail address."),
        ({"email": "ada@"}, "no complete e-mail address"),
        ({"email": "a\nb@example.org"}, "no complete e-mail address"),
        ({"name": "Win at https://spam.example"}, "without an address"),
        ({"name": "x" * 101}, "at most 100"),
        ({"interests": []}, "Please choose at least one."),
        ({"interests": ["wants_pills"]}, "wants_pills is not one"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_nothing_is_lost(
    client: Client, changes: dict[str, Any], words: str
) -> None:
    answer = join(client, **{"name": "Ada", **changes})
    assert answer.status_code == 200
    page = markup.read(answer.content)
    assert page.title.text.startswith("Error: ")
    assert words in text_of(answer.content)
    if "email" not in changes:
        assert page.find(id="id_email")["value"] == EMAIL
    assert markup.faults(answer.content) == []
    assert not Consent.objects.exists()


def test_hostile_places_are_no_places(client: Client) -> None:
    for number, where in enumerate(
        (
            "https://evil.example/",
            "//evil.example/",
            "javascript:x",
            "\x00",
            "/" + "a" * 900,
        )
    ):
        assert join(client, email=f"r{number}@example.org", where=where).status_code == 302
    kept = set(Consent.objects.values_list("where", flat=True))
    assert kept == {"", "/" + "a" * 199}


def test_a_link_works_for_seven_days(client: Client, work: Work) -> None:
    join(client)
    link = link_in(mails(work)[0])
    Consent.objects.update(asked_at=timezone.now() - LINK_LIFE - dt.timedelta(minutes=1))
    for answer in (client.get(link), client.post(link)):
        assert answer.status_code == 410
        assert "no longer works" in text_of(answer.content)
    assert not Subscriber.objects.exists()


def test_a_used_link_brings_nobody_back(client: Client, work: Work) -> None:
    join(client)
    link = link_in(mails(work)[0])
    client.post(link)
    assert "You are on the list" in text_of(client.get(link).content)
    Subscriber.objects.update(state=Subscriber.State.LEFT)
    for answer in (client.get(link), client.post(link)):
        assert "You are not on the list" in text_of(answer.content)
    assert Subscriber.objects.get().state == Subscriber.State.LEFT


def test_forms_to_join_need_no_cookie_and_no_script(
    client: Client, newsletter: NewsletterIndexPage
) -> None:
    StandardPageFactory(slug="about")
    for url, name in (
        ("/", "newsletter-email"),
        ("/about/", "footer-email"),
        ("/newsletter/", "id_email"),
        (JOIN, "id_email"),
    ):
        answer = client.get(url)
        assert not answer.cookies
        page = markup.read(answer.content)
        form = page.find(id=name).find_parent("form")
        assert (form["action"], form["method"]) == (JOIN, "post")
        typed = defaultdict(list)
        for field in form.find_all("input"):
            if field.get("type") != "checkbox" or field.has_attr("checked"):
                typed[field["name"]].append(field.get("value", ""))
        typed["email"] = [EMAIL]
        sent = Client(enforce_csrf_checks=True).post(form["action"], typed)
        assert (sent.status_code, sent.url) == (302, ASKED)
        assert Consent.objects.last().where == url
        Consent.objects.all().delete()


def test_a_page_asks_once(client: Client, newsletter: NewsletterIndexPage) -> None:
    """Where the page itself invites, its foot does not."""
    for url in ("/", "/newsletter/", JOIN, ASKED):
        page = markup.read(client.get(url).content)
        assert len(page.select("form input[type=email]")) == (0 if url == ASKED else 1), url


def test_without_a_page_to_join_nothing_invites(
    client: Client, newsletter: NewsletterIndexPage
) -> None:
    newsletter.unpublish()
    assert not markup.read(client.get("/").content).select("input[type=email]")


def test_no_page_of_somebody_is_kept_or_found(client: Client, work: Work) -> None:
    join(client)
    link = link_in(mails(work)[0])
    for answer in (client.get(link), client.get(JOIN), client.post(link)):
        assert answer["X-Robots-Tag"] == "noindex"
        assert answer["Referrer-Policy"] == "same-origin"
        assert "no-store" in answer["Cache-Control"]
        assert markup.faults(answer.content) == []
        assert not answer.cookies
    assert client.put(JOIN).status_code == 405


def test_a_request_that_was_deleted_is_too_old(client: Client) -> None:
    consent = Consent.objects.create(email=EMAIL, where="/", wording="Yes")
    token = sign_link(consent.key, tokens.CONFIRM_SALT)
    consent.delete()
    assert client.post(f"/newsletter/confirm/{token}/").status_code == 410


def test_the_evidence_holds_what_was_ticked_and_no_more(client: Client) -> None:
    join(client, interests=["wants_easy_read"])
    assert Consent.objects.get().wishes_text == "Easy Read edition"


@pytest.mark.parametrize(
    "email", ["ADA@EXAMPLE.org", "ada@ｅxample.org", "ada@example.org.", "ada+news@example.org"]
)
def test_one_mailbox_is_one_however_it_is_spelt(client: Client, work: Work, email: str) -> None:
    for interests in (BOTH, BOTH[:1], BOTH[1:]):
        join(client, interests=interests)
    assert join(client, email=email, interests=["wants_easy_read"]).status_code == 200
    assert len(mails(work)) == 3


@pytest.mark.parametrize(
    "email",
    [
        '"ada"@example.org',
        "ädà@example.org",
        "a" * 250 + "@example.org",
        "ada@xn--.org",
        f"ada@{'b' * 80}.org",
    ],
)
def test_unusual_addresses_are_refused_in_words(client: Client, email: str) -> None:
    answer = join(client, email=email)
    assert answer.status_code == 200
    assert markup.read(answer.content).find(id="id_email_error")
    assert not Consent.objects.exists()


def test_halves_of_characters_are_left_out(client: Client) -> None:
    body = (
        '--s\r\nContent-Disposition: form-data; name="email"\r\n\r\nada@example.org\r\n'
        '--s\r\nContent-Disposition: form-data; name="name"\r\n\r\nA+2AA-da\r\n'
        '--s\r\nContent-Disposition: form-data; name="interests"\r\n\r\nwants_news\r\n--s--\r\n'
    )
    answer = client.generic(
        "POST", JOIN, body, content_type="multipart/form-data; boundary=s; charset=utf-7"
    )
    assert answer.status_code == 302
    assert Consent.objects.get().name == "Ada"


def test_an_older_link_does_not_bring_an_older_wish_back(client: Client, work: Work) -> None:
    join(client, name="First")
    join(client, name="Second", interests=["wants_easy_read"])
    links = [link_in(message) for message in mails(work)]
    first, second = sorted(links, key=lambda link: "“Second”" in client.get(link).content.decode())
    shown = text_of(client.get(second).content)
    assert "with the greeting “Second”: Easy Read edition" in shown
    assert EMAIL in shown
    client.post(second)
    assert client.post(first).status_code == 410
    subscriber = Subscriber.objects.get()
    assert (subscriber.name, subscriber.wishes_text) == ("Second", "Easy Read edition")
