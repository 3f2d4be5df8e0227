"""What the office sees of enquiries and does with them."""

import csv
import datetime as dt
import io
from collections.abc import Callable

import pytest
from django.contrib.auth.models import Group
from django.core import mail
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from base.models import User
from courses.enquiries import services
from courses.enquiries.models import Enquiry, EnquirySettings, Status
from tests import markup
from tests.factories import EnquiryFactory, UserFactory
from tests.test_queries import queries

pytestmark = pytest.mark.django_db

LIST = "/admin/enquiries/"
Work = Callable[[], None]


def member(group: str, **values: str) -> User:
    user: User = UserFactory(**values)
    user.groups.add(Group.objects.get(name=group))
    return user


@pytest.fixture
def ada() -> User:
    return member("Moderators", first_name="Ada", last_name="Example")


@pytest.fixture
def office(client: Client, ada: User) -> Client:
    client.force_login(ada)
    return client


def page_of(enquiry: Enquiry) -> str:
    return f"{LIST}inspect/{enquiry.pk}/"


def save(client: Client, enquiry: Enquiry, **changes: object) -> None:
    """Fill in the form as it is shown, and press the button."""
    form = markup.read(client.get(page_of(enquiry)).content).select_one(".enquiry__form")
    assert form
    typed = {tag["name"]: tag.get("value", "") for tag in form.select("input[name]")}
    for select in form.find_all("select"):
        chosen = select.find("option", selected=True)
        typed[select["name"]] = chosen["value"] if chosen else ""
    assert {"initial-status", "initial-owner"} <= typed.keys()
    assert client.post(page_of(enquiry), typed | changes).status_code == 302


def listed(client: Client, **query: str) -> set[str]:
    page = markup.read(client.get(LIST, query).content)
    return {
        str(enquiry.reference)
        for enquiry in Enquiry.objects.all()
        if enquiry.reference in page.text
    }


def test_filters_show_what_was_asked_for(office: Client, ada: User) -> None:
    new = EnquiryFactory()
    mine = EnquiryFactory(status=Status.QUOTED, owner=ada)
    hers = EnquiryFactory(status=Status.CLOSED, owner=UserFactory())
    everything = {one.reference for one in (new, mine, hers)}
    assert listed(office) == everything
    assert listed(office, status="new") == {new.reference}
    assert listed(office, status="quoted") == {mine.reference}
    assert listed(office, owner="me") == {mine.reference}
    assert listed(office, owner="nobody") == {new.reference}
    assert listed(office, owner=str(hers.owner.pk)) == {hers.reference}
    assert listed(office, owner="me", status="closed") == set()
    for nonsense in ("\x00", "9" * 40, "'", "None", "²"):
        assert listed(office, owner=nonsense) == everything
        assert listed(office, status=nonsense) == everything


def test_the_list_takes_any_words_and_no_other_questions(office: Client) -> None:
    found = EnquiryFactory(organisation="Rose House", reference="E-7K4QRD")
    EnquiryFactory(organisation="Oak Lodge", reference="E-AAAAAA")
    for words in ("rose", "E-7K4QRD", "7k4qrd", found.email):
        assert listed(office, q=words) == {"E-7K4QRD"}
    for words in ('"', "50% (off", "\x00", "x" * 5_000):
        assert office.get(LIST, {"q": words}).status_code == 200
    for lookup in ("owner__password__startswith", "key__startswith", "network__startswith"):
        assert len(listed(office, **{lookup: "~"})) == 2


def test_one_row_or_twenty(office: Client, ada: User) -> None:
    EnquiryFactory(owner=ada)
    office.get(LIST)
    few = len(queries(office, LIST))
    for _ in range(19):
        EnquiryFactory(owner=ada)
    assert len(queries(office, LIST)) == few


def test_the_table_is_safe_to_open(office: Client) -> None:
    EnquiryFactory(organisation="=1+1", telephone="+44 1632 960120", message="@SUM(A1)\nx")
    answer = office.get(LIST, {"export": "csv"})
    [row] = csv.DictReader(io.StringIO(answer.getvalue().decode()))
    assert {"'=1+1", "+44 1632 960120", "'@SUM(A1)\nx"} <= set(row.values())
    answer = office.get(LIST, {"export": "xlsx"})
    sheet = load_workbook(io.BytesIO(answer.getvalue())).active
    cells = {cell.value: cell.data_type for cell in list(sheet.rows)[1]}
    assert cells["=1+1"] == "s"


def test_what_staff_change_is_kept_with_who_and_when(office: Client, ada: User) -> None:
    enquiry = EnquiryFactory()
    save(office, enquiry, status="quoted", owner=str(ada.pk), note="Price sent\nby post")
    save(office, enquiry)
    enquiry.refresh_from_db()
    assert (enquiry.status, enquiry.owner) == (Status.QUOTED, ada)
    kept = [(event.user, event.text, event.is_note) for event in enquiry.events.all()]
    assert kept == [
        (ada, "New → Quoted", False),
        (ada, "Nobody → Ada Example", False),
        (ada, "Price sent\nby post", True),
    ]
    history = markup.read(office.get(page_of(enquiry)).content).select(".enquiry__history li")
    assert len(history) == 4
    assert "Price sent" in history[0].text
    assert ada.username in history[0].text
    assert f"{timezone.localtime():%H:}" in history[0].text


def test_a_note_sent_twice_is_one_and_takes_back_nothing(office: Client, ada: User) -> None:
    enquiry = EnquiryFactory()
    form = {"status": "new", "initial-status": "new", "owner": "", "initial-owner": ""}
    services.set_status(enquiry.pk, Status.BOOKED, ada)
    for _ in range(2):
        office.post(page_of(enquiry), form | {"note": "They called"})
    enquiry.refresh_from_db()
    assert enquiry.status == Status.BOOKED
    assert enquiry.events.filter(is_note=True).count() == 1


def test_only_those_who_may_answer_can_be_chosen(office: Client) -> None:
    enquiry = EnquiryFactory()
    editor = member("Editors")
    response = office.post(
        page_of(enquiry), {"status": "nonsense", "owner": editor.pk, "note": "Kept"}
    )
    assert response.status_code == 200
    assert "Kept" in response.content.decode()
    enquiry.refresh_from_db()
    assert (enquiry.owner, enquiry.status) == (None, Status.NEW)


def test_the_page_answers_the_person(office: Client) -> None:
    enquiry = EnquiryFactory(email="ada+rose@example.org", message="<script>alert(1)</script>")
    response = office.get(page_of(enquiry))
    page = markup.read(response.content)
    [link] = {tag["href"] for tag in page.select('a[href^="mailto:"]')}
    assert link == f"mailto:ada%2Brose@example.org?subject=Your%20enquiry%20{enquiry.reference}"
    assert "<script>alert(1)" not in response.content.decode()


@pytest.mark.parametrize("path", ["", "inspect/{}/"])
def test_editors_see_no_personal_data(path: str, client: Client) -> None:
    enquiry = EnquiryFactory(email="ada@example.org", name="Ada Secret")
    client.force_login(member("Editors"))
    answer = client.get(LIST + path.format(enquiry.pk), follow=True)
    assert answer.redirect_chain or answer.status_code == 403
    assert "Ada Secret" not in answer.content.decode()
    assert enquiry.reference not in answer.content.decode()
    assert "to answer" not in client.get("/admin/").content.decode()
    client.post(LIST + path.format(enquiry.pk), {"status": "closed", "owner": "", "erase": "1"})
    enquiry.refresh_from_db()
    assert enquiry.status == Status.NEW


def test_nobody_writes_rows_by_hand(admin: Client) -> None:
    enquiry = EnquiryFactory()
    for path in ("create/", f"edit/{enquiry.pk}/", f"delete/{enquiry.pk}/"):
        assert admin.post(f"{LIST}{path}").status_code in (302, 403, 404)
    assert Enquiry.objects.count() == 1


def test_the_dashboard_counts_what_waits(office: Client) -> None:
    EnquiryFactory()
    EnquiryFactory(status=Status.CLOSED)
    page = markup.read(office.get("/admin/").content)
    [link] = page.select('a[href="/admin/enquiries/?status=new"]')
    assert link.text.split() == ["1", "enquiry", "to", "answer"]


def test_the_office_sets_the_rules_and_the_roles(office: Client, rules: EnquirySettings) -> None:
    url = f"/admin/settings/courses_enquiries/enquirysettings/{rules.site_id}/"
    assert office.get(url).status_code == 200
    typed = {
        "office": "a@b",
        "answer_days": 2,
        "closed_days": "Christmas",
        "keep_months": 12,
        "in_house_from": 6,
    }
    said = office.post(url, typed).content.decode()
    assert "is not an e-mail address" in said
    assert "one day a line" in said
    office.post(url, typed | {"office": "a@example.org", "closed_days": "24/12/2026\r\n\r\n"})
    rules.refresh_from_db()
    assert rules.closed_list == [dt.date(2026, 12, 24)]
    assert office.get("/admin/snippets/courses_enquiries/role/add/").status_code == 200


# Reminders


def ago(days: float) -> dt.datetime:
    return timezone.now() - dt.timedelta(days=days)


def test_who_deals_with_it_is_reminded_once(rules: EnquirySettings, ada: User, work: Work) -> None:
    EnquiryFactory(created_at=ago(30), organisation="Nobody's")
    EnquiryFactory(created_at=ago(30), owner=ada, organisation="Ada's")
    EnquiryFactory(created_at=ago(30), status=Status.ANSWERED)
    EnquiryFactory(created_at=ago(0.5))
    for _ in range(3):
        work()
        services.remind(rules)
    work()
    told = {message.subject.split(": ")[1]: message.to for message in mail.outbox}
    assert told == {"Nobody's": ["office@example.org"], "Ada's": [ada.email]}
    assert len(mail.outbox) == 2


def test_weekends_and_closed_days_do_not_count(rules: EnquirySettings) -> None:
    friday = dt.datetime(2026, 11, 20, 10, tzinfo=dt.UTC)
    EnquiryFactory(created_at=friday)
    hour = dt.timedelta(hours=1)
    assert services.remind(rules, friday + dt.timedelta(days=4) - hour) == 0
    rules.closed_days = "24/11/2026"
    assert services.remind(rules, friday + dt.timedelta(days=4)) == 0
    assert services.remind(rules, friday + dt.timedelta(days=5)) == 1
    assert services.remind(rules, friday + dt.timedelta(days=6)) == 0
