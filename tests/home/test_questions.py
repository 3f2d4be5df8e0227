"""The questions of a form: what a browser may fill in, and what staff cannot ask."""

import csv
import io
from typing import Any

import pytest
from bs4 import Tag
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from home.models import ContactFormField, ContactPage, ContactSubmission
from tests import markup
from tests.factories import ContactPageFactory

pytestmark = pytest.mark.django_db


def form_with(**question: Any) -> ContactPage:
    page: ContactPage = ContactPageFactory(
        questions=[{"label": "Question", "field_type": "singleline", "required": False} | question]
    )
    return page


def the_input(client: Client, page: ContactPage) -> Tag:
    return markup.read(client.get(page.url).content).find(attrs={"name": "question"})


@pytest.mark.parametrize(
    ("field_type", "purpose", "token", "kind"),
    [
        ("singleline", "name", "name", "text"),
        ("singleline", "tel", "tel", "tel"),
        ("singleline", "organization", "organization", "text"),
        ("singleline", "postal-code", "postal-code", "text"),
        ("singleline", "email", "email", "text"),
        ("singleline", "course", None, "text"),
        ("singleline", "", None, "text"),
        ("email", "", "email", "email"),
        ("date", "", None, "date"),
        ("datetime", "", None, "datetime-local"),
    ],
)
def test_browsers_know_what_is_asked(
    field_type: str, purpose: str, token: str | None, kind: str, client: Client
) -> None:
    tag = the_input(client, form_with(field_type=field_type, purpose=purpose))
    assert tag.get("autocomplete") == token
    assert tag["type"] == kind


def test_a_chosen_moment_is_kept_and_shown_again(client: Client) -> None:
    page = form_with(field_type="datetime")
    wrong = {"question": "2027-03-01T09:30", "_key": "\x00"}
    again = markup.read(client.post(page.url, wrong).content).find(attrs={"name": "question"})
    assert again["value"] == "2027-03-01T09:30"
    client.post(page.url, {"question": "2027-03-01T09:30"})
    assert ContactSubmission.objects.get().form_data["question"].startswith("2027-03-01T09:30")


def test_a_line_stays_a_line(client: Client) -> None:
    client.post(form_with().url, {"question": "Sam\r\nHill\t(she)"})
    assert ContactSubmission.objects.get().form_data["question"] == "Sam Hill (she)"


def test_a_line_break_counts_once(client: Client) -> None:
    page = form_with(field_type="multiline")
    assert client.post(page.url, {"question": "a" * 4_998 + "\r\nb"}).status_code == 302
    assert client.post(page.url, {"question": "a" * 4_999 + "\r\nb"}).status_code == 200


@pytest.mark.parametrize("field_type", ["radio", "checkboxes", "dropdown", "checkbox"])
def test_the_summary_leads_to_every_kind_of_question(field_type: str, client: Client) -> None:
    page = form_with(field_type=field_type, required=True, choices="Room\nOnline")
    soup = markup.read(client.post(page.url, {"question": ""}).content)
    [link] = soup.find(id="errors").find_all("a")
    target = soup.find(id=link["href"].removeprefix("#"))
    assert target.name in ("fieldset", "select", "input")
    assert target.name != "fieldset" or target["tabindex"] == "-1"
    assert soup.find(id="errors").has_attr("autofocus")


@pytest.mark.parametrize(
    ("label", "words"),
    [("???", "letters or digits"), ("—", "letters or digits"), ("Submit time", "has this name")],
)
def test_some_labels_are_refused(label: str, words: str) -> None:
    question = ContactFormField(label=label, field_type="singleline", page=ContactPageFactory())
    with pytest.raises(ValidationError, match=words) as refused:
        question.full_clean()
    assert list(refused.value.message_dict) == ["label"]


def test_nobody_asks_what_nobody_sees() -> None:
    question = ContactFormField(label="Secret", field_type="hidden", page=ContactPageFactory())
    with pytest.raises(ValidationError, match="not a valid choice"):
        question.full_clean()


def test_each_form_thanks_in_its_own_words(client: Client) -> None:
    page = ContactPageFactory(thank_you_heading="You are on the list")
    soup = markup.read(client.get(f"{page.url}?sent=1").content)
    assert soup.h1.get_text() == "You are on the list"
    assert soup.title.get_text().startswith("You are on the list")


def download(admin: Client, page: ContactPage) -> HttpResponse:
    return admin.get(reverse("wagtailforms:list_submissions", args=[page.pk]), {"export": "csv"})


@pytest.mark.parametrize("answer", ["=1+1", "@SUM(A1)", "-2+3", "＝1+1"])
def test_no_answer_calculates_in_a_spreadsheet(answer: str, admin: Client) -> None:
    page = form_with()
    admin.post(page.url, {"question": answer})
    rows = b"".join(download(admin, page).streaming_content).decode()
    assert list(csv.reader(io.StringIO(rows)))[1][1] == f"'{answer}"


def test_telephone_numbers_stay_whole(admin: Client) -> None:
    page = form_with(purpose="tel")
    admin.post(page.url, {"question": "+44 117 496 0000"})
    rows = b"".join(download(admin, page).streaming_content).decode()
    assert list(csv.reader(io.StringIO(rows)))[1][1] == "+44 117 496 0000"
