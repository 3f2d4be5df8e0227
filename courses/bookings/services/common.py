from __future__ import annotations

from collections.abc import Sequence

from django.utils import timezone
from wagtail.models import Site

from base.keys import new_key
from base.models import User
from courses import services as places
from courses.models import CoursePage, CourseRun

from ..models import Booking, BookingEvent, BookingSettings, WaitingListEntry

ASK_FOR_PRICE = "The price of this course depends. Please ask us for it before you book."

NO_CONSENT = "Please tick this too, or take the access and dietary needs out."


class RefusedError(Exception):
    """A person has to change something first: what, and in which field (None: in no single one).

    `renews_form` is true where the same copy of the form cannot be sent again.
    """

    def __init__(self, errors: dict[str | None, str], *, renews_form: bool = False) -> None:
        super().__init__(*errors.values())
        self.errors = errors
        self.renews_form = renews_form


def settings_of(course: CoursePage) -> BookingSettings:
    """Return the settings of the site to which a course belongs."""
    site = course.get_site() or Site.objects.get(is_default_site=True)
    settings: BookingSettings = BookingSettings.for_site(site)
    return settings


def lock_booking(pk: int, *more_runs: int) -> tuple[Booking, dict[int, CourseRun]]:
    """Lock a booking and every date it can have to do with; return both.

    Dates come first, as everywhere, so that two changes wait for one another and never for ever. A
    booking stays with one course, whose dates to come are locked with those it has.
    """
    own = CourseRun.objects.filter(places__attendee__booking=pk)
    coming = CourseRun.objects.filter(course__in=own.values("course"), end__gt=timezone.now())
    runs = places.lock(*own.values_list("pk", flat=True), *coming.values_list("pk", flat=True))
    return Booking.objects.select_for_update().get(pk=pk), runs


def renew_links(booking: Booking) -> None:
    """Make every address that led to a locked booking worthless, those of its waiting list too."""
    booking.link_key = new_key()
    booking.save(update_fields=["link_key"])
    for entry in WaitingListEntry.objects.filter(booking=booking):
        entry.link_key = new_key()
        entry.save(update_fields=["link_key"])


def note(
    text: str,
    *,
    booking: Booking | None = None,
    run: CourseRun | None = None,
    user: User | None = None,
) -> None:
    """Keep what happened."""
    BookingEvent.objects.create(text=text[:300], booking=booking, run=run, user=user)


def names(people: Sequence[object]) -> str:
    """Return names as they are said: "Ada, Grace and Sam"."""
    *others, last = map(str, people)
    return f"{', '.join(others)} and {last}" if others else last
