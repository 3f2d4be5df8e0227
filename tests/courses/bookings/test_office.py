"""What the office does with one booking, and books for people who telephone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.core import mail
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from courses.bookings import services
from courses.bookings.emails import booking_path
from courses.bookings.models import Attendee, Booking, BookingEvent, BookingSettings
from courses.models import CourseRun
from tests import markup
from tests.factories import CourseRunFactory, UserFactory

from .booker import answers, send, token_of

pytestmark = pytest.mark.django_db

Work = Callable[[], None]


@pytest.fixture
def booking(client: Client, work: Work) -> Booking:
    run = CourseRunFactory(capacity=9)
    send(client, run, people=["Ada Example", {"name": "Grace Example", "access_needs": "A ramp"}])
    work()
    mail.outbox.clear()
    return Booking.objects.get()


@pytest.fixture
def office(client: Client, booking: Booking) -> Client:
    user = UserFactory(username="sam")
    user.groups.add(Group.objects.get(name="Moderators"))
    client.force_login(user)
    return client


def url(booking: Booking) -> str:
    return f"/admin/bookings/inspect/{booking.pk}/"


def press(office: Client, booking: Booking, do: str, **typed: Any) -> str:
    answer: HttpResponse = office.post(url(booking), {"do": do} | typed, follow=True)
    assert answer.status_code == 200
    return markup.read(answer.content).get_text()


def test_everything_about_it_stands_on_one_page(office: Client, booking: Booking) -> None:
    page = markup.read(office.get(url(booking)).content)
    said = page.get_text()
    for words in (booking.reference, "Ada Example", "A ramp", "ada@example.org", "Booked 2 on"):
        assert words in said
    assert page.find("a", href=booking_path(booking))


def test_people_move_even_when_it_is_too_late_for_the_booker(
    office: Client, booking: Booking, work: Work
) -> None:
    [ada, grace] = booking.coming
    soon = timezone.now() + timezone.timedelta(hours=5)
    CourseRun.objects.update(start=soon, end=soon + timezone.timedelta(hours=3))
    other = CourseRunFactory(course=ada.run.course, in_days=40)
    for _ in range(2):
        said = press(office, booking, "move", person=[grace.pk], date=other.pk)
    assert "Grace Example moved to" in said
    assert ", by sam" in said
    assert [run.places.taken().count() for run in (ada.run, other)] == [1, 1]
    work()
    assert len(mail.outbox) == 1


def test_places_are_given_back_once(office: Client, booking: Booking, work: Work) -> None:
    [ada, grace] = booking.coming
    for _ in range(2):
        press(office, booking, "cancel", person=[ada.pk])
    assert [person.name for person in Booking.objects.get().coming] == ["Grace Example"]
    work()
    assert len(mail.outbox) == 1
    press(office, booking, "cancel", person=[grace.pk])
    assert "Nobody is left" in office.get(url(booking)).content.decode()


def test_the_confirmation_goes_out_again_once(office: Client, booking: Booking, work: Work) -> None:
    for _ in range(2):
        press(office, booking, "resend", sequence=booking.sequence)
    work()
    [message] = mail.outbox
    assert message.to == ["ada@example.org"]
    assert booking.reference in message.subject


def test_a_new_link_makes_the_old_one_worthless(office: Client, booking: Booking) -> None:
    old = booking_path(booking)
    for _ in range(2):
        press(office, booking, "renew", known=str(booking.link_key))
    assert office.get(old).status_code == 404
    assert office.get(booking_path(Booking.objects.get())).status_code == 200
    assert BookingEvent.objects.filter(text="The link was renewed").count() == 1


def test_notes_are_kept_for_the_office_only(office: Client, booking: Booking) -> None:
    press(office, booking, "notes", notes="Pays by cheque")
    assert "Pays by cheque" in office.get(url(booking)).content.decode()
    assert "Pays by cheque" not in office.get(booking_path(booking)).content.decode()


@pytest.mark.parametrize(
    "typed",
    [{"do": "cancel"}, {"do": "move", "person": "x"}, {"do": "nonsense"}, {}],
    ids=str,
)
def test_nonsense_changes_nothing(typed: dict[str, str], office: Client, booking: Booking) -> None:
    answer = office.post(url(booking), typed, follow=True)
    assert "Please tick the people first." in answer.content.decode()
    assert len(Booking.objects.get().coming) == 2


def test_a_date_of_another_course_is_refused(office: Client, booking: Booking) -> None:
    other = CourseRunFactory()
    person = booking.coming[0].pk
    for date in (other.pk, "x", "9" * 30):
        said = press(office, booking, "move", person=[person], date=date)
        assert "Please choose one of the dates of this course." in said


def test_editors_do_none_of_it(client: Client, booking: Booking) -> None:
    user = UserFactory()
    user.groups.add(Group.objects.get(name="Editors"))
    client.force_login(user)
    people = [person.pk for person in booking.coming]
    answer = client.post(url(booking), {"do": "cancel", "person": people})
    assert answer.status_code in (302, 403)
    assert len(Booking.objects.get().coming) == 2
    assert client.get(f"/courses/bookings/office/{booking.coming[0].run.pk}/").status_code == 404


# Who booked


def contact_typed(office: Client, booking: Booking) -> dict[str, str]:
    """What a browser sends when somebody opens the form and changes nothing."""
    form = markup.read(office.get(url(booking)).content).select_one(".office-contact form")
    assert form
    fields = form.select("input[name], textarea[name]")
    ticked = {field["name"]: "on" for field in fields if field.has_attr("checked")}
    return ticked | {
        field["name"]: field.get("value", field.get_text().removeprefix("\n"))
        for field in fields
        if field.get("type") != "checkbox"
    }


def test_an_address_is_corrected_and_the_old_link_is_worthless(
    office: Client, client: Client, work: Work
) -> None:
    run = CourseRunFactory()
    send(Client(), run, people=[{}, {"name": "Grace Example"}], email="wrong@example.org")
    booking = Booking.objects.get(email="wrong@example.org")
    work()
    mail.outbox.clear()
    old, typed = booking_path(booking), contact_typed(office, booking)
    typed |= {"email": "right@example.org", "organisation": "Rose House"}
    for _ in range(2):
        said = press(office, booking, "contact", **typed)
    assert "Corrected: e-mail address, organisation, by sam" in " ".join(said.split())
    booking = Booking.objects.get(pk=booking.pk)
    assert (booking.email, booking.organisation) == ("right@example.org", "Rose House")
    assert [person.email for person in booking.people] == ["right@example.org", ""]
    assert booking.events.filter(text__startswith="Corrected").count() == 1
    assert not booking.events.filter(text__contains="@").exists()
    assert client.get(old).status_code == 404
    press(office, booking, "resend", sequence=booking.sequence)
    work()
    [message] = mail.outbox
    assert message.to == ["right@example.org"]
    assert booking_path(booking) in message.body


def test_a_purchase_order_that_comes_later_is_entered(office: Client, booking: Booking) -> None:
    old = booking_path(booking)
    invoice = {"purchase_order": "PO-7", "wants_invoice": "on"}
    press(office, booking, "contact", **contact_typed(office, booking) | invoice)
    address = {"invoice_address": "1 High Street\r\nLeeds"}
    press(office, booking, "contact", **contact_typed(office, booking) | address)
    booking = Booking.objects.get()
    assert (booking.purchase_order, booking.wants_invoice) == ("PO-7", True)
    assert booking.invoice_address == "1 High Street\nLeeds"
    assert booking_path(booking) == old
    events = booking.events.filter(text__startswith="Corrected")
    assert [event.text.removeprefix("Corrected: ") for event in events] == [
        "invoice address",
        "purchase order number, whether they want an invoice",
    ]
    press(office, booking, "contact", **contact_typed(office, booking))
    assert events.count() == 2


def test_two_who_correct_take_back_nothing(office: Client, booking: Booking) -> None:
    mine, hers = contact_typed(office, booking), contact_typed(office, booking)
    press(office, booking, "contact", **mine | {"telephone": "01632 960120"})
    press(office, booking, "contact", **hers | {"purchase_order": "PO-7"})
    booking = Booking.objects.get()
    assert (booking.telephone, booking.purchase_order) == ("01632 960120", "PO-7")


def test_what_is_typed_wrongly_is_said_beside_it_and_not_lost(
    office: Client, booking: Booking
) -> None:
    typed = contact_typed(office, booking) | {"name": "", "email": "ada@", "telephone": "01632"}
    page = office.post(url(booking), typed | {"do": "contact"})
    form = markup.read(page.content).select_one(".office-contact[open] form")
    assert form
    assert "Please write who booked." in form.get_text()
    assert "no complete e-mail address" in form.get_text()
    assert form.find("input", {"name": "telephone"})["value"] == "01632"
    assert Booking.objects.get().telephone == ""


# Who may


def reader() -> Client:
    """Somebody who may look at all of it, and change nothing."""
    user = UserFactory()
    names = ("access_admin", "view_booking", "view_attendee")
    user.user_permissions.set(Permission.objects.filter(codename__in=names))
    client = Client()
    client.force_login(user)
    return client


def buttons(page: HttpResponse) -> set[str]:
    main = markup.read(page.content).find(class_="office")
    return {field.get("value", "") for field in main.find_all(["button", "textarea"])}


def test_to_look_at_bookings_is_not_enough_to_change_them(office: Client, booking: Booking) -> None:
    client, run = reader(), booking.coming[0].run
    register = f"/admin/dates/{run.pk}/register/"
    before = BookingEvent.objects.count()
    people = [person.pk for person in booking.coming]
    for path, typed in (
        (url(booking), {"do": "cancel", "person": people}),
        (url(booking), {"do": "notes", "notes": "Mine"}),
        (url(booking), {"do": "renew", "known": str(booking.link_key)}),
        (register, {f"mark-{people[0]}": "present"}),
        (register, {"certificates": "send"}),
    ):
        assert client.post(path, typed)["Location"] == "/admin/"
    assert client.get(f"/courses/bookings/office/{run.pk}/").status_code == 404
    assert BookingEvent.objects.count() == before
    assert not Attendee.objects.exclude(attendance="").exists()
    assert Booking.objects.get().link_key == booking.link_key
    for path in (url(booking), register):
        page = client.get(path)
        assert "Grace Example" in page.content.decode()
        assert buttons(page) == set()
        assert buttons(office.get(path)) != set()
    assert booking_path(booking) not in client.get(url(booking)).content.decode()
    assert "Book for somebody" not in client.get(register).content.decode()


def test_trainers_keep_the_register_and_see_nothing_else(client: Client, booking: Booking) -> None:
    user = UserFactory()
    user.groups.add(Group.objects.get(name="Trainers"))
    client.force_login(user)
    run, [ada, grace] = booking.coming[0].run, booking.coming
    register = f"/admin/dates/{run.pk}/register/"
    assert register in client.get("/admin/dates/").content.decode()
    page = client.get(register).content.decode()
    assert "A ramp" in page
    assert url(booking) not in page
    client.post(register, {f"mark-{grace.pk}": "present"})
    assert Attendee.objects.get(attendance="present") == grace
    assert client.get("/admin/attendees/").status_code == 200
    for path in (url(booking), "/admin/bookings/", "/admin/waiting-list/"):
        assert client.get(path)["Location"] == "/admin/"
    for path in (f"/admin/dates/{run.pk}/cancel/", f"/admin/dates/edit/{run.pk}/"):
        assert client.post(path, {"capacity": 1})["Location"] == "/admin/"
    client.post(url(booking), {"do": "cancel", "person": [ada.pk]})
    assert len(Booking.objects.get().coming) == 2


# By hand


def test_the_office_books_for_somebody_after_booking_has_closed(
    office: Client, booking: Booking, work: Work
) -> None:
    run = CourseRunFactory(capacity=1, booking_closes_at=timezone.now())
    path = f"/courses/bookings/office/{run.pk}/"
    form = office.get(path)
    typed = answers(["Sam Hill"], email="sam@example.org") | {"step": "book"}
    typed["token"] = token_of(form)
    answers_given = [office.post(path, typed) for _ in range(2)]
    made = Booking.objects.get(email="sam@example.org")
    assert [answer["Location"] for answer in answers_given] == [url(made)] * 2
    assert run.places.taken().count() == 1
    assert made.events.get().user.username == "sam"
    work()
    assert [message.to for message in mail.outbox] == [["sam@example.org"]]
    again = answers(["Max Hill"]) | {"step": "book", "token": token_of(office.get(path))}
    assert "No place is left on this date." in office.post(path, again).content.decode()


def test_somebody_without_an_address_is_booked_and_gets_no_mail(
    office: Client, booking: Booking, work: Work
) -> None:
    BookingSettings.objects.update(office="office@example.org")
    run = CourseRunFactory()
    path = f"/courses/bookings/office/{run.pk}/"
    people = ["Sam Hill", {"name": "Max Hill", "email": "max@example.org"}]
    typed = answers(people, name="Sam Hill", email="", tells_attendees="on")
    token = {"token": token_of(office.get(path))}
    assert "Check your booking" in office.post(path, typed | token).content.decode()
    office.post(path, typed | token | {"step": "book"})
    made = Booking.objects.get(name="Sam Hill")
    page = markup.read(office.get(url(made)).content)
    assert "There is no e-mail address" in page.get_text()
    assert "Send the confirmation again" not in page.get_text()
    [sam, _] = made.coming
    other = CourseRunFactory(course=run.course, in_days=40)
    assert "please tell them yourself" in press(
        office, made, "move", person=[sam.pk], date=other.pk
    )
    services.cancel_date(run.pk, "", user=UserFactory())
    services.remind(other.start - timezone.timedelta(days=1))
    assert "no e-mail address" in office.get(f"/admin/dates/{other.pk}/cancel/").content.decode()
    work()
    assert {address for message in mail.outbox for address in message.to} == {
        "office@example.org",
        "max@example.org",
    }
    assert not any(message.reply_to for message in mail.outbox if made.name in message.body)


def test_visitors_leave_an_address(client: Client) -> None:
    page = send(client, CourseRunFactory(), email="")
    assert "Please write your e-mail address." in page.content.decode()


def test_visitors_do_not_find_that_form(client: Client) -> None:
    run = CourseRunFactory(booking_closes_at=timezone.now())
    assert client.get(f"/courses/bookings/office/{run.pk}/").status_code == 404
