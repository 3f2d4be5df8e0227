"""Three people are booked, one moves, one cancels; somebody waits for a place and takes it."""

import datetime as dt
import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core import mail
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from courses.bookings import emails, services
from courses.bookings.models import Booking, WaitingListEntry
from courses.models import CoursePage, CourseRun
from tests.browser.test_axe import RULES
from tests.browser.watch import Served, Watch
from tests.factories import CoursePageFactory, CourseRunFactory, UserFactory

pytestmark = pytest.mark.browser

Work = Callable[[], None]

PHONE = {"viewport": {"width": 390, "height": 844}}
NO_SCRIPTS = {"java_script_enabled": False}
with_and_without_scripts = pytest.mark.parametrize(
    "context_options", [PHONE, PHONE | NO_SCRIPTS], ids=["phone", "without scripts"]
)
CALM = PHONE | {"reduced_motion": "reduce"}
# In the dark, only what depends on colours can be different.
in_both_schemes = pytest.mark.parametrize(
    ("context_options", "rules"),
    [
        (CALM | {"color_scheme": "light"}, RULES),
        (CALM | {"color_scheme": "dark"}, {"runOnly": ["color-contrast", "link-in-text-block"]}),
    ],
    ids=["light", "dark"],
)


@pytest.fixture
def course(served: Served) -> CoursePage:
    mail.outbox.clear()
    WaitingListEntry.objects.all().delete()
    found: CoursePage = CoursePage.objects.live().exclude(price=None).first()
    return found


def book(run: CourseRun, *names: str) -> Booking:
    people = tuple(services.Person(name) for name in names)
    email = f"{names[0].lower()}@example.org"
    order = services.Order(names[0], email, people, accepts_terms=True)
    return services.book(run.pk, order, uuid.uuid4())


def give_back(booking: Booking) -> None:
    services.cancel(booking.pk, [person.pk for person in booking.coming])


def join(run: CourseRun, name: str) -> WaitingListEntry:
    waiter = services.Waiter(name, f"{name.lower()}@example.org")
    return services.join(run.pk, waiter, uuid.uuid4())


def link_in_mail(to: str, subject: str) -> str:
    """The path of the link in somebody's newest mail about something."""
    [*_, message] = [m for m in mail.outbox if m.to == [to] and m.subject.startswith(subject)]
    [address] = re.findall(r"https?://\S+/courses/bookings/\S+", message.body)
    return "/" + address.split("/", 3)[3]


def way(page: Page, run: CourseRun, kind: str) -> Any:
    """The button on a date's leaf."""
    return page.locator(f'a[href="{reverse(f"courses_bookings:{kind}", args=[run.pk])}"]')


def press(page: Page, button: str) -> None:
    page.get_by_role("button", name=button).click()


def expect_heading(page: Page, words: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(words)


@with_and_without_scripts
def test_three_are_booked_one_moves_and_one_cancels(
    page: Page, course: CoursePage, work: Work
) -> None:
    run = CourseRunFactory(course=course, capacity=3)
    other = CourseRunFactory(course=course, in_days=35)
    page.goto(course.url)
    way(page, run, "book").click()
    page.get_by_label("Your name").fill("Ada Example")
    page.get_by_label("Your e-mail").fill("ada@example.org")
    for number, name in enumerate(["Ada Example", "Grace Example", ""], start=1):
        person = page.get_by_role("group", name=f"Person {number}")
        person.locator("[name$=-name]").fill(name)
        person.get_by_label("Dietary needs").fill("No nuts")
        if number < 3:
            press(page, "Add another person")
    press(page, "Check the booking")
    expect(page.locator(".error-summary")).to_contain_text("Please write who comes.")
    last = page.get_by_role("group", name="Person 3")
    expect(last.get_by_label("Dietary needs")).to_have_value("No nuts")
    last.locator("[name$=-name]").fill("Sam Example")
    press(page, "Check the booking")
    expect(page.locator(".error-summary")).to_contain_text("Please tick this too")
    page.get_by_label("speak for people who agree").check()
    press(page, "Check the booking")
    expect_heading(page, "Check your booking")
    expect(page.locator(".booking-people li")).to_have_count(3)
    press(page, "Book now")
    expect(page.locator(".error-summary")).to_contain_text("tick that you accept them")
    page.get_by_label("I accept the terms").check()
    press(page, "Book now")
    expect_heading(page, "Thank you. It is booked")
    booking = Booking.objects.get(attendees__name="Sam Example", attendees__place__run=run)
    expect(page.locator(".booking-reference")).to_have_text(booking.reference)

    work()
    page.goto(link_in_mail("ada@example.org", f"Your booking {booking.reference}"))
    expect_heading(page, "Your booking")
    page.get_by_role("link", name="Move to another date").click()
    page.get_by_label("Grace Example").check()
    page.locator(f'[name=date][value="{other.pk}"]').check()
    press(page, "Move")
    expect(page.get_by_role("status")).to_contain_text("Moved.")
    page.get_by_role("link", name="Give places back").click()
    page.get_by_label("Ada Example").check()
    press(page, "Give the places back")
    expect(page.get_by_role("status")).to_contain_text("The place is given back.")
    expect(page.locator(".booking-people")).to_contain_text(["Sam Example", "Grace Example"])
    assert [run.places.taken().count(), other.places.taken().count()] == [1, 1]
    work()
    moved, cancelled = [m.body for m in mail.outbox if m.subject.endswith("has changed")]
    assert "Grace Example moved to" in moved
    assert "Ada Example no longer comes." in cancelled


@with_and_without_scripts
def test_who_waits_takes_the_place_that_comes_free(
    page: Page, course: CoursePage, work: Work
) -> None:
    run = CourseRunFactory(course=course, capacity=1)
    booking = book(run, "Ella")
    page.goto(course.url)
    way(page, run, "wait").click()
    page.get_by_label("Your name").fill("Grace Example")
    press(page, "Join the waiting list")
    expect(page.locator(".error-summary")).to_contain_text("Please write your e-mail address.")
    page.get_by_label("Your e-mail").fill("grace@example.org")
    press(page, "Join the waiting list")
    expect_heading(page, "You are on the waiting list")
    expect(page.get_by_text("We have sent you a mail")).to_be_visible()
    work()
    page.goto(link_in_mail("grace@example.org", "You are on the waiting list"))
    expect(page.get_by_text("You are first in line.")).to_be_visible()

    give_back(booking)
    work()
    offer = link_in_mail("grace@example.org", "A place for you")
    page.goto(offer)
    expect_heading(page, "A place is free for you")
    page.get_by_role("link", name="Take the place").click()
    expect(page.get_by_label("Your name")).to_have_value("Grace Example")
    expect(page.get_by_role("button", name="Add another person")).to_have_count(0)
    press(page, "Check the booking")
    page.get_by_label("I accept the terms").check()
    press(page, "Book now")
    expect_heading(page, "Thank you. It is booked")
    page.goto(offer)
    expect_heading(page, "You have a place")
    assert run.places.taken().count() == 1
    work()
    page.goto(link_in_mail("grace@example.org", "Your booking"))
    expect_heading(page, "Your booking")


def hold(run: CourseRun) -> None:
    """Let a date have been yesterday."""
    run.start, run.end = (at - dt.timedelta(days=29) for at in (run.start, run.end))
    run.save()


@pytest.mark.parametrize("context_options", [PHONE])
def test_staff_print_and_keep_the_register_and_a_certificate_is_genuine(
    office: Page, browser: Browser, served: Served, course: CoursePage, work: Work
) -> None:
    run = CourseRunFactory(course=course)
    book(run, "Ada", "Grace")
    work()
    hold(run)
    office.goto(reverse("courses_bookings_office:register", args=[run.pk]))
    ada, grace = (office.get_by_role("group", name=name) for name in ("Ada", "Grace"))
    office.emulate_media(media="print")
    expect(ada.locator(".register__box")).to_be_visible()
    expect(ada.get_by_label("present")).to_be_hidden()
    office.emulate_media(media="screen")
    ada.get_by_label("present").check()
    grace.get_by_label("absent").check()
    press(office, "Save the register")
    expect(office.locator(".messages .success")).to_contain_text("The register is saved.")
    press(office, "Send 1 certificate")
    expect(office.locator(".messages .success")).to_contain_text("Certificates sent: 1.")
    work()

    context = browser.new_context(base_url=served.url, **PHONE, **NO_SCRIPTS)
    watch = Watch(served.url)
    watch.over(context)
    visitor = context.new_page()
    visitor.goto(link_in_mail("ada@example.org", "Certificate of attendance"))
    expect_heading(visitor, "This certificate is genuine")
    expect(visitor.get_by_role("main")).to_contain_text(f"Ada attended {course.title}.")
    sheet = visitor.get_by_role("link", name="Open the certificate").get_attribute("href")
    assert context.request.get(sheet or "").body().startswith(b"%PDF-")
    ada.get_by_label("absent").check()
    press(office, "Save the register")
    expect(office.locator(".messages .success")).to_be_visible()
    assert context.request.get(visitor.url).status == 404
    context.close()
    assert watch.faults == []


@in_both_schemes
def test_no_page_of_bookings_has_a_violation(
    page: Page, course: CoursePage, rules: dict[str, Any]
) -> None:
    violations = {}

    def check(what: str) -> None:
        for details in page.locator("details").all():
            details.evaluate("element => { element.open = true }")
        if found := Axe().run(page, options=rules).response["violations"]:
            violations[what] = [(rule["id"], rule["nodes"][0]["html"][:200]) for rule in found]

    for what, path in addresses(course).items():
        page.goto(path)
        check(what)
    run = CourseRunFactory(course=course, capacity=2)
    page.goto(reverse("courses_bookings:book", args=[run.pk]))
    press(page, "Check the booking")
    expect(page.locator(".error-summary")).to_be_visible()
    check("book with errors")
    page.get_by_label("Your name").fill("Ada Example")
    page.get_by_label("Your e-mail").fill("ada@example.org")
    page.get_by_label("Access needs").fill("Large print")
    page.get_by_label("speak for people who agree").check()
    press(page, "Check the booking")
    expect_heading(page, "Check your booking")
    check("check")
    press(page, "Book now")
    expect(page.locator(".error-summary")).to_be_visible()
    check("check with errors")
    page.get_by_label("I accept the terms").check()
    booking = book(run, "Grace", "Sam")
    press(page, "Book now")
    expect(page.locator(".error-summary")).to_contain_text("The last place has just gone.")
    check("too late")
    for what, button in (("move", "Move"), ("cancel", "Give the places back"), ("names", "Save")):
        page.goto(f"{emails.booking_path(booking)}{what}/")
        if what == "names":
            page.locator("[name$=-name]").first.fill("")
        press(page, button)
        expect(page.locator(".field--wrong").first).to_be_visible()
        check(f"{what} with errors")
    page.goto(reverse("courses_bookings:wait", args=[run.pk]))
    press(page, "Join the waiting list")
    expect(page.locator(".error-summary")).to_be_visible()
    check("wait with errors")
    assert violations == {}


def addresses(course: CoursePage) -> dict[str, str]:
    """Every page of bookings that is there to be opened, in each of its states."""
    run = CourseRunFactory(course=course)
    CourseRunFactory(course=course, in_days=35)
    full = CourseRunFactory(course=course, capacity=1)
    holder = book(full, "Ella")
    line = {name: join(full, name) for name in ("Booked", "Left", "Lapsed", "Offered", "Waits")}
    give_back(holder)
    person = services.Person("Booked")
    take = services.Order("Booked", "booked@example.org", (person,), accepts_terms=True)
    taken = services.book(full.pk, take, line["Booked"].key, entry=line["Booked"])
    services.leave(line["Left"].pk)
    give_back(taken)
    WaitingListEntry.objects.filter(name="Lapsed").update(offered_until=timezone.now())
    services.move_lines_on(timezone.now())
    over = WaitingListEntry.objects.create(
        run=run, name="Over", ended_at=timezone.now(), outcome=WaitingListEntry.Outcome.OVER
    )
    booking, late = book(run, "Ada", "Grace"), CourseRunFactory(course=course, in_days=2)
    moved = book(run, "Sam")
    give_back(moved)
    link, too_late = emails.booking_path(booking), emails.booking_path(book(late, "Sam"))
    depends = CoursePageFactory(parent=course.get_parent(), price=None)
    unpriced = CourseRunFactory(course=depends)
    closed = CourseRunFactory(course=course, booking_closes_at=timezone.now())
    [present] = book(held := CourseRunFactory(course=course), "Ada").coming
    hold(held)
    services.mark_attendance(held.pk, {present.pk: "present"}, user=UserFactory())
    present.refresh_from_db()
    return {
        "book": reverse("courses_bookings:book", args=[run.pk]) + "?people=3",
        "book a full date": reverse("courses_bookings:book", args=[full.pk]),
        "book a closed date": reverse("courses_bookings:book", args=[closed.pk]),
        "wait": reverse("courses_bookings:wait", args=[full.pk]),
        "book without a price": reverse("courses_bookings:book", args=[unpriced.pk]),
        "joined": reverse("courses_bookings:joined", args=[full.pk]),
        "wait where places are": reverse("courses_bookings:wait", args=[run.pk]),
        "wait for a closed date": reverse("courses_bookings:wait", args=[closed.pk]),
        "new booking": f"{link}?new=1",
        "booking": f"{link}?done=cancel",
        "names": f"{link}names/",
        "move": f"{link}move/",
        "cancel": f"{link}cancel/",
        "booking too late": too_late,
        "move too late": f"{too_late}move/",
        "cancel too late": f"{too_late}cancel/",
        "booking without people": emails.booking_path(moved),
        "take": f"{emails.waiting_path(line['Offered'])}take/",
        **{f"waiting: {name}": emails.waiting_path(entry) for name, entry in line.items()},
        "certificate": reverse("courses_bookings:certificate", args=[present.certificate_key]),
        "waiting: over": emails.waiting_path(over),
    }
