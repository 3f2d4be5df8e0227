"""The waiting list: first come, first served."""

import datetime as dt
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from courses.bookings import emails, services, tokens
from courses.bookings.models import Booking, WaitingListEntry
from courses.models import CourseRun
from tests import markup
from tests.factories import CourseRunFactory

from .booker import answers, send, token_of

pytestmark = pytest.mark.django_db

Outcome = WaitingListEntry.Outcome


@pytest.fixture
def run(client: Client) -> CourseRun:
    """A full date with one booking."""
    run = CourseRunFactory(capacity=1)
    send(client, run, people=["Ada Example"])
    return CourseRun.objects.get(pk=run.pk)


def wait(client: Client, run: CourseRun, name: str, **changes: Any) -> Any:
    url = reverse("courses_bookings:wait", args=[run.pk])
    typed = {"name": name, "email": f"{name.lower()}@example.org"} | changes
    if "token" not in typed:
        typed["token"] = token_of(client.get(url))
    return client.post(url, typed)


def entry_of(name: str) -> WaitingListEntry:
    return WaitingListEntry.objects.get(name=name)


def link_of(name: str) -> str:
    return emails.waiting_path(entry_of(name))


def cancel(booking: Booking) -> None:
    services.cancel(booking.pk, [person.pk for person in booking.coming])


def test_the_first_in_line_gets_the_place(client: Client, run: CourseRun, work: Any) -> None:
    for name in ("Grace", "Sam"):
        wait(client, run, name)
    assert "You are first in line" in client.get(link_of("Grace")).content.decode()
    assert (
        "1 person before you" in client.get(emails.waiting_path(entry_of("Sam"))).content.decode()
    )
    cancel(Booking.objects.get())
    work()
    assert [m.to[0] for m in mail.outbox if m.subject.startswith("A place for you")] == [
        "grace@example.org"
    ]
    assert entry_of("Grace").has_offer()
    # The place is held: nobody who comes later gets it.
    later = send(client, run, people=["Ella"], token=tokens.sign_form(run.pk))
    assert "last place has just gone" in later.content.decode()
    take = emails.waiting_path(entry_of("Grace")) + "take/"
    page = markup.read(client.get(take).content)
    assert page.find("input", {"name": "email"})["value"] == "grace@example.org"
    typed = answers(["Grace"], name="Grace", email="grace@example.org") | {"step": "book"}
    first = client.post(take, typed)
    assert first.status_code == 302
    assert client.post(take, typed).url.split("?")[0] == first.url.split("?")[0]
    assert Booking.objects.count() == 2
    assert run.places.taken().count() == 1
    assert entry_of("Grace").outcome == Outcome.BOOKED
    assert not entry_of("Sam").has_offer()


@pytest.mark.parametrize("end", ["renewed", "erased", "forgotten"])
def test_once_the_link_is_renewed_the_offer_leads_there_no_longer(
    end: str, client: Client, run: CourseRun
) -> None:
    wait(client, run, "Grace")
    cancel(Booking.objects.get())
    waiting = emails.waiting_path(entry_of("Grace"))
    typed = answers(["Grace"], name="Grace", email="grace@example.org") | {"step": "book"}
    first = client.post(f"{waiting}take/", typed)
    assert client.get(f"{waiting}take/").url == first.url.split("?")[0]
    booking = Booking.objects.get(name="Grace")
    if end == "renewed":
        services.renew_link(booking.pk)
    else:
        over = timezone.now() - dt.timedelta(days=3_000)
        CourseRun.objects.update(start=over, end=over + dt.timedelta(hours=7))
        if end == "erased":
            services.erase_bookings("grace@example.org")
        else:
            services.forget_people()
    for path in (waiting, f"{waiting}take/"):
        assert client.get(path).status_code == 404
        assert client.post(path, typed).status_code == 404


def test_who_comes_too_late_is_shown_the_way_to_the_list(client: Client, run: CourseRun) -> None:
    late = send(client, run, people=["Ella"], token=tokens.sign_form(run.pk))
    page = markup.read(late.content)
    assert page.main.find("a", href=reverse("courses_bookings:wait", args=[run.pk]))
    assert page.find("input", {"name": "people-0-name"})["value"] == "Ella"


def test_an_offer_that_lapses_goes_to_the_next(client: Client, run: CourseRun, work: Any) -> None:
    for name in ("Grace", "Sam"):
        wait(client, run, name)
    cancel(Booking.objects.get())
    assert services.move_lines_on(timezone.now()) == 0
    later = timezone.now() + dt.timedelta(hours=49)
    WaitingListEntry.objects.filter(name="Grace").update(offered_until=timezone.now())
    assert services.move_lines_on(timezone.now()) == 1
    assert entry_of("Grace").outcome == Outcome.LAPSED
    assert entry_of("Sam").has_offer()
    assert not entry_of("Sam").has_offer(later)
    take = emails.waiting_path(entry_of("Grace")) + "take/"
    refused = client.post(take, answers(["Grace"]) | {"step": "book"})
    assert "held no longer" in refused.content.decode()
    assert run.places.taken().count() == 1
    work()
    assert "It went to the next person in line." in lapsed_mail("grace@example.org")


def lapsed_mail(address: str) -> str:
    [message] = [m for m in mail.outbox if m.to == [address] and "no longer held" in m.subject]
    return str(message.body)


def test_an_offer_that_lapses_while_nobody_waits_leaves_the_place_free(
    client: Client, run: CourseRun, work: Any
) -> None:
    answer = wait(client, run, "Grace")
    cancel(Booking.objects.get())
    WaitingListEntry.objects.update(offered_until=timezone.now())
    work()
    said = lapsed_mail("grace@example.org")
    assert "a place is free" in said
    assert "next person" not in said
    assert "next in line" not in client.get(answer.url).content.decode()
    assert run.places.taken().count() == 0
    assert send(client, run, people=["Ella"]).status_code == 302


def test_an_offer_that_lapses_after_booking_has_closed_promises_nothing(
    client: Client, run: CourseRun, work: Any
) -> None:
    wait(client, run, "Grace")
    cancel(Booking.objects.get())
    now = timezone.now()
    WaitingListEntry.objects.update(offered_until=now)
    CourseRun.objects.update(booking_closes_at=now)
    work()
    said = lapsed_mail("grace@example.org")
    assert "a place is free" not in said
    assert "next person" not in said


def test_the_place_of_a_date_that_was_cancelled_cannot_be_taken(
    client: Client, run: CourseRun
) -> None:
    wait(client, run, "Grace")
    cancel(Booking.objects.get())
    CourseRun.objects.update(cancelled_at=timezone.now())
    take = emails.waiting_path(entry_of("Grace")) + "take/"
    refused = client.post(take, answers(["Grace"]) | {"step": "book"})
    assert "This date was cancelled." in refused.content.decode()
    assert Booking.objects.count() == 1


def test_one_place_that_is_held_is_not_taken_for_two(client: Client, run: CourseRun) -> None:
    wait(client, run, "Grace")
    cancel(Booking.objects.get())
    take = emails.waiting_path(entry_of("Grace")) + "take/"
    refused = client.post(take, answers(["Grace", "Sam"]) | {"step": "book"})
    assert "for one person" in markup.read(refused.content).find(class_="error-summary").get_text()
    assert run.places.taken().count() == 1
    assert entry_of("Grace").has_offer()


def test_the_line_moves_when_booking_opens_again(client: Client, run: CourseRun) -> None:
    """A place came free while nobody could book: the next minute offers it."""
    for name in ("Grace", "Sam"):
        wait(client, run, name)
    CourseRun.objects.update(booking_opens_at=timezone.now() + dt.timedelta(hours=1))
    cancel(Booking.objects.get())
    services.move_lines_on(timezone.now())
    assert not entry_of("Grace").has_offer()
    CourseRun.objects.update(booking_opens_at=timezone.now())
    services.move_lines_on(timezone.now())
    assert [entry_of("Grace").has_offer(), entry_of("Sam").has_offer()] == [True, False]


def test_leaving_takes_one_click_and_frees_what_was_held(client: Client, run: CourseRun) -> None:
    for name in ("Grace", "Sam"):
        wait(client, run, name)
    cancel(Booking.objects.get())
    link = emails.waiting_path(entry_of("Grace"))
    client.get(link)
    assert entry_of("Grace").has_offer()
    for _ in range(2):
        assert "You have left the list" in client.post(link).content.decode()
    assert entry_of("Sam").has_offer()
    assert run.places.taken().count() == 1


def test_a_larger_date_has_places_for_those_who_wait(client: Client, run: CourseRun) -> None:
    for name in ("Grace", "Sam", "Ella"):
        wait(client, run, name)
    run.capacity = 3
    run.save()
    assert [entry_of(name).has_offer() for name in ("Grace", "Sam", "Ella")] == [True, True, False]
    assert run.places.taken().count() == 3


def mails_about_the_list() -> list[str]:
    return [m.to[0] for m in mail.outbox if m.subject.startswith("You are on the waiting list")]


def test_nobody_stands_in_line_twice(client: Client, run: CourseRun, work: Any) -> None:
    """Whoever joins again is mailed their link again, at the address that is known, in an hour."""
    token = tokens.sign_form(run.pk)
    for _ in range(3):
        assert wait(client, run, "Grace", token=token).status_code == 302
    for name in ("Grace", "grace"):
        wait(client, run, name, email="Grace@Example.org", telephone="01632 960999")
    entry = WaitingListEntry.objects.get()
    assert entry.telephone == ""
    work()
    assert mails_about_the_list() == ["grace@example.org"]
    WaitingListEntry.objects.update(told_at=timezone.now() - dt.timedelta(hours=1))
    for _ in range(2):
        wait(client, run, "Grace")
    work()
    assert mails_about_the_list() == ["grace@example.org"] * 2
    assert emails.waiting_path(entry) in mail.outbox[-1].body
    assert WaitingListEntry.objects.count() == 1


def test_joining_again_brings_an_offer_again(client: Client, run: CourseRun, work: Any) -> None:
    wait(client, run, "Grace")
    cancel(Booking.objects.get())
    WaitingListEntry.objects.update(told_at=timezone.now() - dt.timedelta(hours=1))
    wait(client, run, "Grace")
    work()
    offers = [m.to[0] for m in mail.outbox if m.subject.startswith("A place for you")]
    assert offers == ["grace@example.org"] * 2


def test_who_knows_a_name_and_an_address_learns_nothing(client: Client, run: CourseRun) -> None:
    """Not the link, not the telephone number, and not whether somebody waits at all."""
    wait(client, run, "Grace", telephone="01632 960120")
    link = link_of("Grace")
    stranger = Client()
    known, unknown = wait(stranger, run, "Grace"), wait(stranger, run, "Sam")
    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    page = stranger.get(known.url).content.decode()
    assert page == stranger.get(unknown.url).content.decode()
    for secret in (link, "Grace", "grace@example.org", "01632"):
        assert secret not in page
    assert stranger.get(known.url)["X-Robots-Tag"] == "noindex"
    for change in ({"capacity": 9}, {"cancelled_at": timezone.now()}):
        CourseRun.objects.update(**change)
        token = tokens.sign_form(run.pk)
        refused = [wait(stranger, run, name, token=token) for name in ("Grace", "Stranger")]
        summaries = [markup.read(answer.content).find(class_="error-summary") for answer in refused]
        assert str(summaries[0]) == str(summaries[1])


def test_a_form_with_other_words_asks_first(client: Client, run: CourseRun) -> None:
    token = tokens.sign_form(run.pk)
    wait(client, run, "Grace", token=token)
    again = wait(client, run, "Sam", token=token)
    page = markup.read(again.content)
    assert "You sent this form before." in page.find(class_="error-summary").get_text()
    assert page.find("input", {"name": "name"})["value"] == "Sam"
    assert wait(client, run, "Sam", token=token_of(again)).status_code == 302
    assert [entry.name for entry in WaitingListEntry.objects.waiting()] == ["Grace", "Sam"]


def test_the_form_for_a_place_opens_with_an_offer_only(client: Client, run: CourseRun) -> None:
    wait(client, run, "Grace", telephone="01632 960120")
    link = link_of("Grace")
    assert client.get(f"{link}take/").url == link
    cancel(Booking.objects.get())
    assert "01632 960120" in client.get(f"{link}take/").content.decode()
    services.leave(entry_of("Grace").pk)
    assert client.get(f"{link}take/").url == link


def test_there_is_no_line_where_there_are_places(client: Client) -> None:
    run = CourseRunFactory()
    url = reverse("courses_bookings:wait", args=[run.pk])
    assert "You need not wait" in client.get(url).content.decode()
    token = token_of(client.get(reverse("courses_bookings:book", args=[run.pk])))
    answer = client.post(url, {"token": token, "name": "Ada", "email": "ada@example.org"})
    assert "You can book now" in answer.content.decode()
    assert not WaitingListEntry.objects.exists()


def test_the_line_ends_when_the_date_begins(client: Client, run: CourseRun) -> None:
    wait(client, run, "Grace")
    CourseRun.objects.update(start=timezone.now() - dt.timedelta(minutes=1))
    assert services.move_lines_on(timezone.now()) == 1
    assert entry_of("Grace").outcome == Outcome.OVER


def test_a_wrong_link_is_not_found(client: Client, run: CourseRun) -> None:
    wait(client, run, "Grace")
    assert client.get("/courses/bookings/waiting/nonsense:x/").status_code == 404
