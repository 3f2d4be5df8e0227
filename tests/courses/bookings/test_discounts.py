"""What a discount depends on, also after some of those who were booked no longer come."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.contrib.auth.models import Group
from django.core import mail
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from courses.bookings import emails, services
from courses.bookings.models import Booking, Discount
from courses.models import CourseRun
from tests import markup
from tests.factories import CourseRunFactory, DiscountFactory, UserFactory

from .booker import send

pytestmark = pytest.mark.django_db

Work = Callable[[], None]
FIVE = ["Ada", "Ella", "Grace", "Max", "Sam"]
NO_LONGER = "Fewer than 5 people are left, so 20 per cent off (Five or more) no longer counts"


@pytest.fixture
def run() -> CourseRun:
    run: CourseRun = CourseRunFactory(course__price=Decimal(100), course__vat="exempt")
    return run


@pytest.fixture
def group(run: CourseRun) -> Discount:
    discount: Discount = DiscountFactory(name="Five or more", percent=20, people_from=5)
    return discount


def booked(client: Client, run: CourseRun, people: list[str] = FIVE, **changes: str) -> Booking:
    before = Booking.objects.count()
    send(client, run, people=people, **changes)
    assert Booking.objects.count() == before + 1
    return Booking.objects.latest("pk")


def picked(booking: Booking, *names: str) -> list[int]:
    return [
        person.pk for person in Booking.objects.get(pk=booking.pk).people if str(person) in names
    ]


def give_back(client: Client, booking: Booking, *names: str, **more: str) -> HttpResponse:
    url = f"{emails.booking_path(booking)}cancel/"
    return client.post(url, {"people": picked(booking, *names)} | more)


def total_on(page: HttpResponse) -> str:
    return str(markup.read(page.content).find("input", {"name": "total"})["value"])


def test_the_new_price_is_shown_before_too_few_are_left(
    client: Client, run: CourseRun, group: Discount, work: Work
) -> None:
    booking = booked(client, run)
    work()
    mail.outbox.clear()
    page = client.get(f"{emails.booking_path(booking)}cancel/")
    assert "20 per cent off (Five or more) counts from 5 people." in page.content.decode()

    page = give_back(client, booking, *FIVE[:4])
    text = " ".join(markup.read(page.content).main.get_text(" ").split())
    assert f"{NO_LONGER}. Nothing is given back yet." in text
    assert "For 1 person it is then" in text
    assert "To pay £100" in text
    ticked = markup.read(page.content).find_all("input", {"name": "people", "checked": True})
    assert len(ticked) == 4
    assert run.places.taken().count() == 5
    assert booking.price.total == 400

    total = total_on(page)
    for _ in range(2):
        give_back(client, booking, *FIVE[:4], total=total)
    after = Booking.objects.get()
    assert [str(person) for person in after.coming] == ["Sam"]
    assert (after.price.total, after.discount, after.discount_name) == (100, None, "")
    assert [event.text for event in after.events.all()][:2] == [
        f"{NO_LONGER}.",
        "Ada, Ella, Grace and Max cancelled",
    ]
    work()
    [message] = mail.outbox
    assert NO_LONGER in message.body
    assert "To pay: £100" in message.body


@pytest.mark.parametrize("total", ["80.00", "", "x", "NaN", "400"])
def test_another_sum_than_the_new_one_asks_once_more(
    total: str, client: Client, run: CourseRun, group: Discount
) -> None:
    booking = booked(client, run)
    assert total_on(give_back(client, booking, *FIVE[:4], total=total)) == "100.00"
    assert run.places.taken().count() == 5


def test_whoever_picks_others_than_before_is_asked_once_more(
    client: Client, run: CourseRun, group: Discount
) -> None:
    booking = booked(client, run)
    total = total_on(give_back(client, booking, *FIVE[:4]))
    assert total_on(give_back(client, booking, *FIVE[:3], total=total)) == "200.00"
    assert run.places.taken().count() == 5


def test_nobody_is_asked_while_enough_come_or_nobody_does(
    client: Client, run: CourseRun, group: Discount
) -> None:
    booking = booked(client, run, [*FIVE, "Zoe"])
    give_back(client, booking, "Ada")
    assert Booking.objects.get().price.total == 400
    give_back(client, booking, *FIVE[1:], "Zoe")
    assert Booking.objects.get().coming == []


def test_what_counted_beside_it_counts_instead(
    client: Client, run: CourseRun, group: Discount
) -> None:
    DiscountFactory(name="Early", kind=Discount.Kind.EARLY, percent=10, days_before=20)
    booking = booked(client, run)
    DiscountFactory(name="New since", kind=Discount.Kind.EARLY, percent=50, days_before=20)
    # On the day of the booking it was early enough, today it is not.
    CourseRun.objects.update(start=run.start - dt.timedelta(days=10))
    Booking.objects.update(created_at=timezone.now() - dt.timedelta(days=15))
    page = give_back(client, booking, "Ada")
    assert "Now 10 per cent is off (Early)." in page.content.decode()
    give_back(client, booking, "Ada", total=total_on(page))
    after = Booking.objects.get()
    assert (after.discount_name, after.price.total) == ("Early", 360)


def test_what_was_agreed_on_stays_whatever_becomes_of_the_discount(
    client: Client, run: CourseRun, group: Discount
) -> None:
    booking = booked(client, run, [*FIVE, "Zoe"])
    group.people_from = 9
    group.save()
    give_back(client, booking, "Ada")
    assert Booking.objects.get().price.total == 400
    group.delete()
    assert NO_LONGER in give_back(client, booking, "Ella").content.decode()


def test_a_date_that_was_called_off_takes_nobodys_discount(
    client: Client, run: CourseRun, group: Discount
) -> None:
    booking = booked(client, run)
    other = CourseRunFactory(course=run.course, in_days=40)
    services.cancel_date(run.pk, "", user=UserFactory())
    services.move(booking.pk, picked(booking, "Sam"), other.pk)
    give_back(client, booking, *FIVE[:4])
    assert Booking.objects.get().price.total == 80


def test_the_office_gives_places_back_and_whoever_booked_is_told(
    client: Client, run: CourseRun, group: Discount, work: Work
) -> None:
    booking = booked(client, run)
    office = UserFactory()
    office.groups.add(Group.objects.get(name="Moderators"))
    client.force_login(office)
    url = reverse("bookings_modeladmin_inspect", args=[booking.pk])
    assert "counts from 5 people" in client.get(url).content.decode()
    client.post(url, {"do": "cancel", "person": picked(booking, "Ada")})
    assert Booking.objects.get().price.total == 400
    work()
    assert NO_LONGER in mail.outbox[-1].body


# Vouchers


@pytest.fixture
def voucher() -> Discount:
    voucher: Discount = DiscountFactory(
        kind=Discount.Kind.VOUCHER, code="FRIENDS", times=1, people_from=None
    )
    return voucher


def test_a_voucher_is_free_again_once_its_booking_is_wholly_cancelled(
    client: Client, run: CourseRun, voucher: Discount
) -> None:
    first = booked(client, run, ["Ada", "Ella"], voucher="friends")
    give_back(client, first, "Ada")
    assert "used up" in send(client, run, people=["Sam"], voucher="FRIENDS").content.decode()
    give_back(client, first, "Ella")
    assert booked(client, run, ["Sam"], voucher="FRIENDS").discount == voucher
    assert "used up" in send(client, run, people=["Max"], voucher="FRIENDS").content.decode()


@pytest.mark.parametrize(
    "kind", [{"kind": "early", "days_before": "5"}, {"kind": "group", "people_from": "1"}], ids=str
)
def test_only_a_voucher_is_ever_used_up(
    kind: dict[str, str], admin: Client, client: Client, run: CourseRun
) -> None:
    url = reverse("wagtailsnippets_courses_bookings_discount:add")
    typed = {"name": "Ten off", "percent": "10", "times": "1"} | kind
    assert admin.post(url, typed).status_code == 302
    for name in ("Ada", "Sam"):
        assert booked(client, run, [name]).discount_percent == 10
