"""What a visitor sees and sends, and what becomes of it."""

import re
from collections.abc import Callable

import pytest
from django.core import mail
from django.test import Client

from courses.enquiries import tokens
from courses.enquiries.models import Enquiry, EnquirySettings
from tests import markup
from tests.factories import CoursePageFactory, StandardPageFactory, TopicFactory

from .asker import URL, answers, send, token_of

pytestmark = pytest.mark.django_db

Work = Callable[[], None]


def text_of(content: bytes) -> str:
    return " ".join(markup.read(content).get_text(" ").split())


def test_an_enquiry_is_thanked_for_acknowledged_and_shown_to_the_office(
    client: Client, rules: EnquirySettings, work: Work
) -> None:
    answer = send(client, email="Ada@Example.org")
    enquiry = Enquiry.objects.get()
    assert re.fullmatch(r"E-[3-9A-Z]{6}", enquiry.reference)
    assert (enquiry.organisation, enquiry.people, enquiry.place) == ("Rose House", 12, "Leeds")
    assert enquiry.message == "Many of us are new.\nWe work nights."
    assert enquiry.email == "ada@example.org"
    assert "delete them" in enquiry.consent
    assert answer.status_code == 302
    thanks = client.get(answer.url)
    assert enquiry.reference in thanks.content.decode()
    work()
    to_person, to_office = mail.outbox
    assert to_person.to == ["ada@example.org"]
    assert enquiry.reference in to_person.subject
    assert "within 2 working days" in to_person.body
    assert "Many of us" not in to_person.body
    assert to_office.to == ["office@example.org"]
    assert to_office.reply_to == ["ada@example.org"]
    assert "Tuesdays in March" in to_office.body
    assert f"/admin/enquiries/inspect/{enquiry.pk}/" in to_office.body


def test_without_an_office_the_person_still_hears(client: Client, work: Work) -> None:
    send(client)
    work()
    assert [message.to for message in mail.outbox] == [["ada@example.org"]]


def test_no_page_is_kept_or_found(client: Client) -> None:
    StandardPageFactory()
    thanks = send(client).url
    for url in (URL, thanks, f"{URL}thanks/"):
        response = client.get(url)
        assert response["X-Robots-Tag"] == "noindex"
        assert "no-store" in response["Cache-Control"]
        assert markup.faults(response.content) == []
    assert client.get(f"{URL}thanks/E-ABCDEF:forged/").status_code == 404
    assert client.put(URL).status_code == 405


def test_a_course_page_chooses_the_course(client: Client) -> None:
    topic = TopicFactory(name="Rights")
    course = CoursePageFactory(in_house=True, title="Being heard", topics=[topic])
    hidden = CoursePageFactory(in_house=True, live=False)
    page = markup.read(client.get(f"{URL}?course={course.pk}").content)
    assert page.find("option", selected=True)["value"] == f"course-{course.pk}"
    page = markup.read(client.get(f"{URL}?topic={topic.pk}").content)
    assert page.find("option", selected=True).text == "Rights"
    for nonsense in (hidden.pk, "9" * 40, "\x00", "'", "-1", "²"):
        response = client.get(URL, {"course": nonsense})
        assert response.status_code == 200
        chosen = markup.read(response.content).find("option", selected=True)
        assert chosen is None or chosen["value"] == ""
    send(client, about=f"course-{course.pk}")
    enquiry = Enquiry.objects.get()
    assert (enquiry.about, enquiry.course) == ("Being heard", course)
    course.delete()
    enquiry.refresh_from_db()
    assert (enquiry.about, enquiry.course) == ("Being heard", None)


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("about", "", "choose a course"),
        ("about", "course-999999", "not one of the available choices"),
        ("organisation", " ", "which organisation"),
        ("name", "\x00", "write your name"),
        ("name", "Win at https://spam.example", "without an address"),
        ("organisation", "WWW.spam.example", "without an address"),
        ("email", "ada@", "no complete e-mail address"),
        ("people", "many", "whole number"),
        ("people", "0", "At least one"),
        ("people", "1001", "Up to 1,000"),
        ("when", "", "roughly when"),
        ("place", "", "say where"),
        ("message", "A shift. " * 334, "at most"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_nothing_is_lost(
    client: Client, field: str, value: str, words: str
) -> None:
    response = send(client, **{field: value})
    assert response.status_code == 200
    page = markup.read(response.content)
    assert page.title.text.startswith("Error: ")
    assert words in page.find(id=f"id_{field}_error").text
    assert page.select_one(f'.error-summary a[href="#id_{field}"]')
    assert not Enquiry.objects.exists()
    kept = {tag["name"]: tag.get("value") for tag in page.select("form input[name]")}
    for name in ("organisation", "name", "telephone", "budget", "when", "place"):
        if name != field:
            assert kept[name] == answers()[name]
    if field != "message":
        assert "We work nights." in page.find("textarea").text
    assert markup.faults(response.content) == []


def test_online_needs_no_place(client: Client) -> None:
    send(client, place="", online="on")
    assert Enquiry.objects.get().where_text == "online"


def test_browsers_may_fill_in_what_they_know(client: Client) -> None:
    page = markup.read(client.get(URL).content)
    known = {
        name: page.find(id=f"id_{name}")["autocomplete"]
        for name in ("organisation", "name", "email", "telephone", "place")
    }
    assert known == {
        "organisation": "organization",
        "name": "name",
        "email": "email",
        "telephone": "tel",
        "place": "postal-code",
    }


def test_the_privacy_page_is_linked_while_it_can_be_read(
    client: Client, rules: EnquirySettings
) -> None:
    page = StandardPageFactory(title="Your data with us")
    rules.privacy_page = page
    rules.save()
    assert "Your data with us" in client.get(URL).content.decode()
    page.unpublish()
    assert "Your data with us" not in client.get(URL).content.decode()


# Once


def test_a_double_click_a_refresh_and_a_retry_are_one_enquiry(
    client: Client, rules: EnquirySettings, work: Work
) -> None:
    token = token_of(client.get(URL))
    told = {send(client, token=token).url for _ in range(3)}
    told.add(send(client).url)  # the form opened again, the same words
    work()
    assert len(told) == 1
    assert Enquiry.objects.count() == 1
    assert len(mail.outbox) == 2


def test_other_words_in_the_same_copy_are_not_lost(client: Client) -> None:
    token = token_of(client.get(URL))
    send(client, token=token)
    response = send(client, token=token, when="In June")
    first = Enquiry.objects.get()
    assert f"that is {first.reference}" in text_of(response.content)
    assert send(client, token=token_of(response), when="In June").status_code == 302
    assert Enquiry.objects.count() == 2


def test_an_old_or_foreign_copy_is_renewed_and_keeps_its_words(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    for token in ("nonsense", ""):
        response = send(client, token=token)
        assert "Your words are still here" in text_of(response.content)
    with monkeypatch.context() as patch:
        patch.setattr(tokens, "FORM_LIFE", -tokens.FORM_LIFE)
        response = send(client)
        assert "Your words are still here" in text_of(response.content)
    assert not Enquiry.objects.exists()
    assert send(client, token=token_of(response)).status_code == 302


def test_a_robot_is_thanked_and_ignored(client: Client) -> None:
    response = send(client, nothing="https://spam.example", name="")
    assert client.get(response.url).status_code == 200
    assert not Enquiry.objects.exists()


def test_an_address_and_a_network_ask_only_so_often(client: Client) -> None:
    for number in range(4):
        assert send(client, when=f"Week {number}", ip=f"10.{number}.0.1").status_code == 302
    response = send(client, when="Week 5", ip="10.9.0.1")
    assert "send them again in an hour" in text_of(response.content)
    for number in range(10):
        send(client, email=f"p{number}@example.org", ip="192.0.2.7")
    response = send(client, email="last@example.org", ip="192.0.2.99")
    assert "send them again in an hour" in text_of(response.content)
    assert Enquiry.objects.count() == 14
