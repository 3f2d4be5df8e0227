"""Staff look after the list: read it, import one with proof, export it, take somebody off."""

import csv
import io

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from base import personal_data
from blog.newsletter import lists
from blog.newsletter.models import Consent, Subscriber, Suppression
from blog.newsletter.services import erase
from tests import markup
from tests.factories import SubscriberFactory, UserFactory

pytestmark = pytest.mark.django_db

URL = "/admin/import-subscribers/"
LIST = "/admin/subscribers/"


def table(*rows: dict[str, str], columns: tuple[str, ...] = lists.COLUMNS) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, extrasaction="ignore")
    writer.writeheader()
    writer.writerows(lists.EXAMPLE | row for row in rows)
    return text.getvalue()


def send(admin: Client, content: str | bytes, *, is_sure: bool = True) -> HttpResponse:
    data = content.encode() if isinstance(content, str) else content
    typed = {"file": SimpleUploadedFile("list.csv", data)} | ({"is_sure": "on"} if is_sure else {})
    return admin.post(URL, typed, follow=True)


def said(answer: HttpResponse) -> str:
    return " ".join(markup.read(answer.content).get_text(" ").split())


def test_the_example_can_be_imported_as_it_is(admin: Client) -> None:
    example = admin.get(URL, {"example": ""})
    assert example["Content-Disposition"].startswith("attachment")
    answer = send(admin, example.content)
    assert "Added 1." in said(answer)
    subscriber = Subscriber.objects.get()
    consent = subscriber.consents.get()
    assert (subscriber.email, subscriber.is_active) == ("ada@example.org", True)
    assert consent.proof == "Sheet 3, line 12, in the office's folder"
    assert f"{consent.asked_at:%d/%m/%Y}" == "14/03/2024"
    assert consent.imported_by is not None
    assert consent.imported_at
    assert consent.confirmed_at is None


def test_a_list_changes_nobody_who_is_known_and_brings_nobody_back(admin: Client) -> None:
    SubscriberFactory(email="known@example.org", name="Known")
    SubscriberFactory(email="left@example.org", state=Subscriber.State.LEFT)
    erase("erased@example.org")
    emails = ("new@example.org", "KNOWN@example.org", "left@example.org", "Erased@example.org")
    content = table(*({"email": email, "name": "Other"} for email in (*emails, "new@example.org")))
    answer = said(send(admin, content))
    for words in ("Added 1.", "left as they are: 2.", "not to be written to: 1."):
        assert words in answer
    assert Subscriber.objects.get(email="known@example.org").name == "Known"
    assert Subscriber.objects.get(email="left@example.org").state == "left"
    assert not Subscriber.objects.filter(email="erased@example.org").exists()
    assert "left as they are: 3." in said(send(admin, content))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"email": "ada@"}, "valid email"),
        ({"proof": ""}, "please fill in proof"),
        ({"wording": " "}, "please fill in wording"),
        ({"agreed_on": "yesterday"}, "is no day"),
        ({"agreed_on": "01/01/2999"}, "cannot be"),
        ({"agreed_on": "14/03/0204"}, "cannot be"),
        ({"where": "x" * 201}, "is longer than 200"),
        ({"name": "x" * 101}, "is no name"),
        ({"email": "a" * 250 + "@example.org"}, "no complete e-mail"),
        ({"interests": "pills"}, "is no interest"),
        ({"name": "www.spam.example"}, "is no name"),
    ],
)
def test_one_wrong_line_stops_the_list_and_is_named(
    admin: Client, change: dict[str, str], words: str
) -> None:
    answer = send(admin, table({"email": "good@example.org"}, change))
    assert words.lower() in said(answer).lower()
    assert "Line 3:" in said(answer)
    assert not Subscriber.objects.exists()


def test_a_list_that_is_too_long_is_refused_once(
    admin: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "MOST_ROWS", 3)
    content = table(*({"email": f"r{number}@example.org"} for number in range(9)))
    assert lists.read(content.encode()).problems == ["More than 3 lines. Please split the list."]
    monkeypatch.setattr("blog.newsletter.admin_views.MOST_BYTES", 10)
    assert "larger than 10 bytes" in said(send(admin, content))
    assert not Subscriber.objects.exists()


def test_proof_is_a_column_that_must_be_there(admin: Client) -> None:
    answer = send(admin, table({}, columns=("email", "name")))
    assert "Columns are missing: agreed_on, where, wording, proof." in said(answer)


def test_staff_say_that_everybody_agreed(admin: Client) -> None:
    assert "Please tick this" in said(send(admin, table({}), is_sure=False))
    assert not Subscriber.objects.exists()


def test_spreadsheets_of_other_countries_are_read() -> None:
    text = table({"name": "Zoë"}).replace(",", ";").replace("news; dates", "news, dates")
    for content in (text.encode("cp1252"), text.encode("utf-8-sig")):
        listing = lists.read(content)
        assert listing.problems == []
        assert [row.name for row in listing.rows] == ["Zoë"]


@given(st.binary(max_size=400))
def test_no_file_breaks_the_reader(content: bytes) -> None:
    listing = lists.read(content)
    assert listing.rows or listing.problems
    listing = lists.read(table({}).encode() + content)
    assert listing.rows or listing.problems


def test_the_list_shows_finds_filters_and_exports(admin: Client) -> None:
    SubscriberFactory(email="ada@example.org", name="=1+1")
    SubscriberFactory(email="bo@example.org", state="left", wants_dates=False)
    both = said(admin.get(LIST))
    assert "ada@example.org" in both
    assert "bo@example.org" in both
    for query in ({"state": "left"}, {"q": "bo@"}, {"state": "left", "wants": "wants_news"}):
        found = said(admin.get(LIST, query))
        assert "bo@example.org" in found
        assert "ada@example.org" not in found
    assert "bo@example.org" not in said(admin.get(LIST, {"wants": "wants_dates"}))
    exported = b"".join(admin.get(LIST, {"export": "csv"}).streaming_content).decode()
    assert "ada@example.org,'=1+1" in exported
    assert len(exported.splitlines()) == 3


def test_the_export_holds_the_evidence(admin: Client) -> None:
    send(admin, table({}))
    exported = b"".join(admin.get(LIST, {"export": "csv"}).streaming_content).decode()
    [row] = csv.DictReader(io.StringIO(exported))
    assert row["Agreed"] == "2024-03-14 00:00"
    assert row["Where"] == lists.EXAMPLE["where"]
    assert row["Words"] == lists.EXAMPLE["wording"]
    assert row["Proof"] == lists.EXAMPLE["proof"]


def test_staff_see_the_evidence_and_take_somebody_off(admin: Client) -> None:
    send(admin, table({}))
    subscriber = Subscriber.objects.get()
    url = f"{LIST}inspect/{subscriber.pk}/"
    shown = said(admin.get(url))
    for words in ("Sign-up sheet, open day in Leeds", "Sheet 3, line 12", "Take off the list"):
        assert words in shown
    answer = said(admin.post(url, follow=True))
    assert "gets no more newsletters" in answer
    assert "Take off the list" not in answer
    assert Subscriber.objects.get().state == "left"


def test_who_may_do_what(client: Client) -> None:
    subscriber = SubscriberFactory()
    addresses = (LIST, f"{LIST}inspect/{subscriber.pk}/", URL)
    for group, allowed in (("Editors", False), ("Moderators", True)):
        user = UserFactory()
        user.groups.add(Group.objects.get(name=group))
        client.force_login(user)
        for address in addresses:
            assert (client.get(address).status_code == 200) is allowed, (group, address)
        answer = client.post(f"{LIST}inspect/{subscriber.pk}/")
        subscriber.refresh_from_db()
        assert subscriber.is_active is not allowed, answer.status_code


def test_who_may_only_look_takes_nobody_off(client: Client) -> None:
    subscriber = SubscriberFactory()
    user = UserFactory()
    wanted = ("access_admin", "view_subscriber")
    user.user_permissions.set(Permission.objects.filter(codename__in=wanted))
    client.force_login(user)
    url = f"{LIST}inspect/{subscriber.pk}/"
    assert "Take off the list" not in said(client.get(url))
    client.post(url)
    subscriber.refresh_from_db()
    assert subscriber.is_active


def test_one_persons_data_is_handed_over_and_erased() -> None:
    subscriber = SubscriberFactory(email="ada@example.org", name="Ada")
    Consent.objects.create(
        email="ada@example.org", subscriber=subscriber, where="/", wording="Yes please"
    )
    [row, now] = personal_data.export("Ada@Example.org")["Newsletter"]
    assert row["wording"] == "Yes please"
    assert now["state"] == "Gets it"
    assert personal_data.erase("ada@example.org")["Newsletter"] == 2
    assert personal_data.export("ada@example.org") == {}
    assert Suppression.objects.get().reason == "erased"
