"""Forms that staff build: what is sent is kept, once, whatever happens around it."""

import json
import threading
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from home.models import ContactPage, ContactSubmission
from tests import markup
from tests.factories import ContactPageFactory


def answers(**changes: Any) -> dict[str, Any]:
    """What a visitor fills in, with some answers changed."""
    return {
        "_key": str(uuid.uuid4()),
        "_nothing": "",
        "your_name": "Sam Hill",
        "your_e_mail": "sam@example.org",
        "course": "",
        "message": "Is there step-free access?",
        "places": "",
        "day": "",
    } | changes


def fields(response: HttpResponse) -> dict[str, Any]:
    """What the form of a page holds, by the names of its fields."""
    form = markup.read(response.content).main.find("form", method="post")
    inputs = {
        tag["name"]: tag.get("value", "") for tag in form.find_all("input", attrs={"name": True})
    }
    return inputs | {tag["name"]: tag.get_text().strip() for tag in form.find_all("textarea")}


@pytest.fixture
def page(db: None) -> ContactPage:
    return ContactPageFactory(slug="contact", to_address="office@example.org")


# What is sent is kept


def test_an_answer_is_kept_and_told_to_staff(
    page: ContactPage, client: Client, work: Callable[[], None]
) -> None:
    response = client.post(page.url, answers(places="3", ways=["Room", "Online"]))
    assert response.status_code == 302
    submission = ContactSubmission.objects.get()
    assert submission.form_data["your_name"] == "Sam Hill"
    assert submission.form_data["ways"] == ["Room", "Online"]
    assert not {name for name in submission.form_data if name.startswith("_")}
    work()
    [message] = mail.outbox
    assert message.to == ["office@example.org"]
    assert message.reply_to == ["sam@example.org"]
    for words in ("Is there step-free access?", "Room, Online"):
        assert words in message.body
    assert "None" not in message.body
    thanks = client.get(response["Location"])
    assert "We answer within two working days." in thanks.content.decode()
    assert markup.faults(thanks.content) == []


def test_reading_the_page_again_keeps_nothing(page: ContactPage, client: Client) -> None:
    client.post(page.url, answers(), follow=True)
    client.get(f"{page.url}?sent=1")
    client.get(page.url)
    assert ContactSubmission.objects.count() == 1


def test_a_second_click_is_kept_once(
    page: ContactPage, client: Client, work: Callable[[], None]
) -> None:
    same = answers()
    for _ in range(3):
        assert client.post(page.url, same).status_code == 302
    assert ContactSubmission.objects.count() == 1
    work()
    assert len(mail.outbox) == 1


def test_other_words_in_the_same_form_are_kept_too(
    page: ContactPage, client: Client, work: Callable[[], None]
) -> None:
    first = answers()
    client.post(page.url, first)
    client.post(page.url, first | {"message": "One more thing."})
    client.post(page.url, first)
    assert ContactSubmission.objects.count() == 2
    work()
    assert len(mail.outbox) == 2


def test_two_people_with_the_same_words_are_both_kept(page: ContactPage, client: Client) -> None:
    for _ in range(2):
        form = fields(client.get(page.url))
        client.post(page.url, answers(_key=form["_key"]))
    assert ContactSubmission.objects.count() == 2


@pytest.mark.parametrize("key", ["", "nonsense", "x" * 500, "\x00", None])
def test_a_mangled_key_loses_nothing(key: str | None, page: ContactPage, client: Client) -> None:
    sent = answers(_key=key)
    if key is None:
        del sent["_key"]
    response = client.post(page.url, sent)
    client.post(page.url, sent)
    if key == "\x00":  # a robot's; the form is shown again
        assert response.status_code == 200
        return
    assert response.status_code == 302
    assert ContactSubmission.objects.count() == 1


def test_what_a_robot_fills_in_is_dropped_without_a_word(page: ContactPage, client: Client) -> None:
    response = client.post(page.url, answers(_nothing="https://spam.example"))
    assert response.status_code == 302
    assert not ContactSubmission.objects.exists()
    assert not DBTaskResult.objects.exists()


def test_people_neither_see_nor_reach_the_trap(page: ContactPage, client: Client) -> None:
    form = markup.read(client.get(page.url).content).main.find("form", method="post")
    trap = form.find("input", {"name": "_nothing"})
    assert trap["tabindex"] == "-1"
    assert trap.find_parent(attrs={"aria-hidden": "true"})


class SilentServer(EmailBackend):
    """A mail server that does not answer."""

    def send_messages(self, messages: Any) -> int:
        raise ConnectionRefusedError


def test_a_mail_server_that_does_not_answer_loses_nothing(
    page: ContactPage, client: Client, settings: Any, work_later: Callable[[], None]
) -> None:
    working, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, f"{__name__}.SilentServer"
    assert client.post(page.url, answers()).status_code == 302
    work_later()
    assert ContactSubmission.objects.count() == 1
    settings.EMAIL_BACKEND = working
    work_later()
    assert len(mail.outbox) == 1


def test_without_an_address_nobody_is_told(client: Client, db: None) -> None:
    page = ContactPageFactory(to_address="")
    client.post(page.url, answers())
    assert ContactSubmission.objects.count() == 1
    assert not DBTaskResult.objects.exists()


def test_staff_may_say_who_the_notice_comes_from(
    client: Client, db: None, work: Callable[[], None]
) -> None:
    page = ContactPageFactory(
        to_address="a@example.org, b@example.org", from_address="w@example.org"
    )
    client.post(page.url, answers())
    work()
    [message] = mail.outbox
    assert message.to == ["a@example.org", "b@example.org"]
    assert message.message()["From"] == "w@example.org"


def test_a_long_answer_stands_under_its_question(page: ContactPage, client: Client) -> None:
    client.post(page.url, answers(message="First.\nSecond."))
    text = DBTaskResult.objects.get().args_kwargs["args"][1]
    assert "\n\nMessage:\n> First.\n> Second.\n\n" in text
    assert "Your name: Sam Hill\nYour e-mail: sam@example.org\n" in text


# What does not fit is said beside the question, and what was typed stays


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"your_name": ""}, "your_name", "Please answer"),
        ({"your_name": "   "}, "your_name", "Please answer"),
        ({"your_name": "Sam " * 80}, "your_name", "255"),
        ({"your_e_mail": "sam"}, "your_e_mail", "valid email"),
        ({"your_e_mail": "sam@example.org\nBcc: all@example.org"}, "your_e_mail", "valid email"),
        ({"message": "a\x00b"}, "message", "ull character"),
        ({"message": "words " * 1_000}, "message", "5000"),
        ({"places": "three"}, "places", "number"),
        ({"places": "1e400"}, "places", "digits"),
        ({"places": "NaN"}, "places", "number"),
        ({"day": "2027-02-31"}, "day", "valid date"),
        ({"ways": ["By post"]}, "ways", "valid choice"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_does_not_fit(
    changes: dict[str, Any], field: str, words: str, page: ContactPage, client: Client
) -> None:
    response = client.post(page.url, answers(course="Care & “support”") | changes)
    assert response.status_code == 200
    assert not ContactSubmission.objects.exists()
    soup = markup.read(response.content)
    assert soup.title.get_text().startswith("Error")
    notes = soup.find(id=f"id_{field}_error")
    assert words in notes.get_text()
    assert soup.find(id="errors").find("a", href=f"#id_{field}")
    assert markup.faults(response.content) == []
    kept = fields(response)
    assert kept["course"] == "Care & “support”"
    if "your_e_mail" not in changes:
        assert kept["your_e_mail"] == "sam@example.org"


def test_a_form_with_a_mistake_keeps_its_key(page: ContactPage, client: Client) -> None:
    sent = answers(your_name="")
    again = fields(client.post(page.url, sent))
    assert again["_key"] == sent["_key"]
    client.post(page.url, answers(_key=again["_key"]))
    client.post(page.url, answers(_key=again["_key"]))
    assert ContactSubmission.objects.count() == 1


@pytest.mark.parametrize("text", ["\r\n\r\n", "\u202e", "😀" * 200, "<b>&", "=1+1"])
def test_any_words_are_kept_as_they_are(text: str, page: ContactPage, client: Client) -> None:
    message = f"before {text} after"
    assert client.post(page.url, answers(message=message)).status_code == 302
    kept = ContactSubmission.objects.get().form_data["message"]
    assert kept == message.replace("\r\n", "\n")


@pytest.mark.parametrize("sign", ["\x0b", "\x1b", "\ufffe"])
def test_no_answer_breaks_the_spreadsheet(sign: str, page: ContactPage, admin: Client) -> None:
    admin.post(page.url, answers(message=f"before {sign} after"))
    assert ContactSubmission.objects.get().form_data["message"] == "before  after"
    url = reverse("wagtailforms:list_submissions", args=[page.pk])
    response = admin.get(url, {"export": "xlsx"})
    assert response.status_code == 200
    assert b"".join(response.streaming_content) if response.streaming else response.content


def test_a_line_break_in_a_name_forges_no_header(
    page: ContactPage, client: Client, work: Callable[[], None]
) -> None:
    response = client.post(page.url, answers(your_name="Sam\r\nBcc: all@example.org"))
    if response.status_code == 302:
        work()
        [message] = mail.outbox
        assert message.recipients() == ["office@example.org"]
        message.message()


# What a link already knows


def test_a_link_fills_in_what_it_knows(page: ContactPage, client: Client) -> None:
    response = client.get(page.url, {"course": "Care & “support”", "message": "I ask", "x": "y"})
    kept = fields(response)
    assert kept["course"] == "Care & “support”"
    assert kept["message"] == ""


def test_a_link_knows_the_question_by_its_purpose(client: Client, db: None) -> None:
    question = {"label": "Which training?", "field_type": "singleline", "purpose": "course"}
    page = ContactPageFactory(questions=[question])
    assert fields(client.get(page.url, {"course": "Dementia"}))["which_training"] == "Dementia"


@pytest.mark.parametrize("name", ["_key", "_nothing", "csrfmiddlewaretoken", "ways"])
def test_a_link_cannot_fill_in_the_hidden_fields(
    name: str, page: ContactPage, client: Client
) -> None:
    value = str(uuid.uuid4())
    response = client.get(page.url, {name: value})
    assert response.status_code == 200
    assert value not in response.content.decode()


def test_what_a_link_fills_in_is_escaped_and_cut(page: ContactPage, client: Client) -> None:
    nasty = '"><script>alert(1)</script>'
    response = client.get(page.url, {"course": nasty + "x" * 20_000})
    assert nasty not in response.content.decode()
    assert len(fields(response)["course"]) <= 5_000


@pytest.mark.parametrize("value", ["\x00", "%ff", "\u202e"])
def test_any_link_gives_a_page(value: str, page: ContactPage, client: Client) -> None:
    assert client.get(page.url, {"course": value, "places": value}).status_code == 200


# What staff see


def test_staff_read_the_answers(page: ContactPage, admin: Client) -> None:
    admin.post(page.url, answers(your_name="Sam <Hill>"))
    url = reverse("wagtailforms:list_submissions", args=[page.pk])
    text = markup.read(admin.get(url).content).get_text()
    assert "Sam <Hill>" in text


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_staff_take_the_answers_home(kind: str, page: ContactPage, admin: Client) -> None:
    admin.post(page.url, answers())
    url = reverse("wagtailforms:list_submissions", args=[page.pk])
    response = admin.get(url, {"export": kind})
    assert response.status_code == 200
    content = b"".join(response.streaming_content) if response.streaming else response.content
    if kind == "csv":
        lines = content.decode().splitlines()
        assert "Your name" in lines[0]
        assert "Sam Hill" in lines[1]
        assert len(lines) == 2
    else:
        assert content.startswith(b"PK")


def test_staff_delete_an_answer(page: ContactPage, admin: Client) -> None:
    admin.post(page.url, answers())
    submission = ContactSubmission.objects.get()
    url = reverse("wagtailforms:delete_submissions", args=[page.pk])
    admin.post(f"{url}?selected-submissions={submission.pk}")
    assert not ContactSubmission.objects.exists()


def test_a_form_without_questions_is_shown(client: Client, db: None) -> None:
    page = ContactPageFactory(questions=[])
    assert client.get(page.url).status_code == 200


# Two clicks at the very same time


CLICKS = 4


def send_at_once(url: str, data: dict[str, Any]) -> list[object]:
    """Send the same in several threads that wait for each other; return the answers' codes."""
    barrier = threading.Barrier(CLICKS)
    results: list[object] = []

    def run() -> None:
        barrier.wait()
        try:
            results.append(Client().post(url, data).status_code)
        except Exception as error:
            results.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(CLICKS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.mark.slow
@pytest.mark.usefixtures("real_database")
def test_clicks_at_the_same_time_are_kept_once(rounds: Callable[[int, int], int]) -> None:
    page = ContactPageFactory(to_address="office@example.org")
    url = page.url
    for _ in range(rounds(3, 50)):
        ContactSubmission.objects.all().delete()
        DBTaskResult.objects.all().delete()
        assert send_at_once(url, answers()) == [302] * CLICKS
        assert ContactSubmission.objects.count() == 1
        assert DBTaskResult.objects.count() == 1


@pytest.mark.slow
@pytest.mark.usefixtures("real_database")
def test_the_control_without_the_unique_key_keeps_them_twice() -> None:
    """Shows that the test above would see a key that guards nothing."""
    page = ContactPageFactory(to_address="")
    key = ContactSubmission._meta.get_field("key")
    unguarded = key.clone()
    unguarded._unique = False
    unguarded.set_attributes_from_name("key")
    with connection.schema_editor() as editor:
        editor.alter_field(ContactSubmission, key, unguarded)
    send_at_once(page.url, answers())
    assert ContactSubmission.objects.count() == CLICKS


def test_answers_are_kept_as_plain_data(page: ContactPage, client: Client) -> None:
    client.post(page.url, answers(day="2027-03-01", places="2"))
    stored = ContactSubmission.objects.get().form_data
    assert json.loads(json.dumps(stored))["day"] == "2027-03-01"
