"""What search engines read of courses and dates: schema.org's vocabulary, as JSON-LD.

Everything here stands on the page as well, and nothing is said that is not known. Who is credited
is left out: those people agreed to be named on the page, not in other people's lists.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

from django.utils.timezone import get_current_timezone_name, localtime

from .states import RunState

if TYPE_CHECKING:
    from base.models import OrganisationSettings

    from .models import CoursePage, CourseRun, Venue

Data = dict[str, Any]

SCHEMA = "https://schema.org"
LANGUAGE = "en-GB"
CURRENCY = "GBP"
MINUTES_AN_HOUR = 60
AVAILABILITY = {
    RunState.TO_BE_ANNOUNCED: "PreOrder",
    RunState.OPEN: "InStock",
    RunState.FEW_PLACES: "LimitedAvailability",
    RunState.FULL: "SoldOut",
    RunState.CLOSED: "OutOfStock",
    RunState.IN_PROGRESS: "OutOfStock",
    RunState.FINISHED: "OutOfStock",
    RunState.CANCELLED: "OutOfStock",
}


def course_data(course: CoursePage, organisation: OrganisationSettings) -> Data:
    """Return a course with its dates to come, each as an instance of it and as an event."""
    words = _Words(course, organisation)
    events = [words.event(run) for run in course.runs_to_come]
    return {"@context": SCHEMA, "@graph": [words.course(), *events]}


def catalogue_data(courses: Iterable[CoursePage], start: int = 1) -> Data:
    """Return a list of courses in the order shown, counted from `start`."""
    items = [
        {
            "@type": "ListItem",
            "position": position,
            "url": course.full_url,
            "name": course.title,
        }
        for position, course in enumerate(courses, start)
    ]
    return {"@context": SCHEMA, "@type": "ItemList", "itemListElement": items}


class _Words:
    """What is said of one course, with what all its dates share worked out once."""

    def __init__(self, course: CoursePage, organisation: OrganisationSettings) -> None:
        self._course = course
        self._url = course.full_url
        self._provider = {
            "@type": "Organization",
            "name": organisation.organisation_name,
            "url": urljoin(self._url, "/"),
        }
        self._instructors = [
            {"@type": "Person", "name": person.title, "url": person.full_url}
            for person in course.trainer_pages
        ]
        picture = course.image and course.image.for_sharing
        self._pictures = [urljoin(self._url, picture.url)] if picture else []

    def course(self) -> Data:
        """Return the course with its instances, those that were cancelled left out."""
        course = self._course
        return _known(
            {
                "@type": "Course",
                "@id": f"{self._url}#course",
                "name": course.title,
                "description": course.summary,
                "url": self._url,
                "provider": self._provider,
                "inLanguage": LANGUAGE,
                "educationalLevel": course.get_level_display(),
                "timeRequired": _duration(course.duration_minutes),
                "about": [topic.name for topic in course.topic_list],
                "teaches": [block.value for block in course.outcomes],
                "coursePrerequisites": course.prerequisites,
                "image": self._pictures,
                "offers": _offer(course),
                "hasCourseInstance": [self.instance(run) for run in course.upcoming_runs],
            }
        )

    def instance(self, run: CourseRun) -> Data:
        """Return a date as an instance of the course."""
        start, end = localtime(run.start), localtime(run.end)
        return _known(
            {
                "@type": "CourseInstance",
                "@id": f"{self._url}#instance-{run.pk}",
                "name": self._course.title,
                "courseMode": "Online" if run.online else "Onsite",
                "courseWorkload": _duration(self._course.duration_minutes),
                "courseSchedule": {
                    "@type": "Schedule",
                    "startDate": f"{start:%Y-%m-%d}",
                    "endDate": f"{end:%Y-%m-%d}",
                    "startTime": f"{start:%H:%M:%S}",
                    "endTime": f"{end:%H:%M:%S}",
                    "repeatFrequency": "Daily",
                    "repeatCount": (end.date() - start.date()).days + 1,
                    "scheduleTimezone": get_current_timezone_name(),
                },
                "startDate": start.isoformat(),
                "endDate": end.isoformat(),
                "location": self._location(run),
                "instructor": self._instructors,
                "offers": _offer(self._course, run),
            }
        )

    def event(self, run: CourseRun) -> Data:
        """Return a date as an event, which also says that it was cancelled."""
        status = "EventCancelled" if run.cancelled_at else "EventScheduled"
        mode = "OnlineEventAttendanceMode" if run.online else "OfflineEventAttendanceMode"
        return _known(
            {
                "@type": "EducationEvent",
                "@id": f"{self._url}#date-{run.pk}",
                "name": self._course.title,
                "description": self._course.summary,
                "url": self._url,
                "image": self._pictures,
                "startDate": localtime(run.start).isoformat(),
                "endDate": localtime(run.end).isoformat(),
                "eventStatus": f"{SCHEMA}/{status}",
                "eventAttendanceMode": f"{SCHEMA}/{mode}",
                "location": self._location(run),
                "organizer": self._provider,
                "performer": self._instructors,
                "offers": _offer(self._course, run),
                "maximumAttendeeCapacity": run.capacity,
                "remainingAttendeeCapacity": run.places_left,
                "inLanguage": LANGUAGE,
            }
        )

    def _location(self, run: CourseRun) -> Data:
        if run.venue is None:
            return {"@type": "VirtualLocation", "url": self._url}
        return _place(run.venue)


def _known(data: Data) -> Data:
    return {key: value for key, value in data.items() if value not in (None, "", [], {})}


def _place(venue: Venue) -> Data:
    features = [
        {"@type": "LocationFeatureSpecification", "name": matter.label, "value": matter.is_there}
        for matter in venue.access_guide
        if matter.is_there is not None
    ]
    return _known(
        {
            "@type": "Place",
            "name": venue.name,
            "address": _known(
                {
                    "@type": "PostalAddress",
                    "streetAddress": ", ".join(venue.address.splitlines()),
                    "addressLocality": venue.town,
                    "postalCode": venue.postcode,
                    "addressCountry": "GB",
                }
            ),
            "hasMap": venue.map_url,
            "amenityFeature": features,
        }
    )


def _offer(course: CoursePage, run: CourseRun | None = None) -> Data:
    """Return what one place costs; nothing where the price is asked for."""
    if course.price is None:
        return {}
    price = f"{course.price:.2f}"
    offer: Data = {
        "@type": "Offer",
        "url": course.full_url,
        "category": "Paid" if course.price else "Free",
        "price": price,
        "priceCurrency": CURRENCY,
    }
    if course.price and course.vat != course.Vat.EXEMPT:
        offer["priceSpecification"] = {
            "@type": "UnitPriceSpecification",
            "price": price,
            "priceCurrency": CURRENCY,
            "valueAddedTaxIncluded": course.vat == course.Vat.INCLUDED,
        }
    if run:
        opens = run.booking_opens_at
        offer["availability"] = f"{SCHEMA}/{AVAILABILITY[run.state]}"
        offer["validFrom"] = localtime(opens).isoformat() if opens else None
        offer["validThrough"] = localtime(run.booking_closes_at or run.start).isoformat()
    return _known(offer)


def _duration(minutes: int | None) -> str:
    """Return a length as ISO 8601 writes it: "PT6H30M"."""
    if not minutes:
        return ""
    hours, rest = divmod(minutes, MINUTES_AN_HOUR)
    return "PT" + (f"{hours}H" if hours else "") + (f"{rest}M" if rest else "")
