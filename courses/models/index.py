from __future__ import annotations

import datetime as dt
from calendar import Calendar
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from uuid import uuid4

from django.core.paginator import InvalidPage, Page, Paginator
from django.db import models
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.routable_page.models import RoutablePageMixin, path, re_path
from wagtail.models import Page as TreePage
from wagtail.search import index

from base.models import BasePage
from base.querysets import BasePageQuerySet
from courses.catalogue import Catalogue
from courses.facets import Selection, Sort
from courses.facts import month_label
from courses.querysets import CourseRunQuerySet

from .pages import CoursePage
from .programmes import Around, around
from .runs import CourseRun

LIST = "courses/course_index_page.html"
CALENDAR = "courses/calendar.html"
PROGRAMME = "courses/programme.html"
COURSES_A_PAGE = 24
# What a browser can lay out and somebody may want to print; a choice makes it shorter.
DATES_A_PROGRAMME = 500
INDEXED = {"topic"}


@dataclass(frozen=True)
class Listing:
    """What the head of the page says of a view: `address` is relative to the catalogue."""

    address: str = ""
    heading: str = ""
    description: str = ""


@dataclass(frozen=True)
class Day:
    """A day of the calendar. Days of the months beside it are there to fill the weeks."""

    date: dt.date
    is_in_month: bool
    runs: list[CourseRun]


class CourseIndexPage(RoutablePageMixin, BasePage):
    """The catalogue: a list that visitors narrow down, a calendar, and a programme to print."""

    subpage_types = ["courses.CoursePage", "courses.ProgrammePage", "courses.CareCertificatePage"]
    max_count_per_parent = 1
    kind = "Courses"
    offers = {
        "All courses, by topic, place and price": "",
        "Course dates by month": "calendar/",
    }

    intro = models.CharField(
        max_length=300, blank=True, help_text="One or two sentences. Shown under the title."
    )

    # Another one after every change of what is below: see `courses.editions`.
    edition = models.UUIDField(default=uuid4, editable=False)

    content_panels = [*BasePage.content_panels, FieldPanel("intro")]
    search_fields = [*BasePage.search_fields, index.SearchField("intro")]

    class Meta:
        verbose_name = "course catalogue"

    @cached_property
    def guides(self) -> Around:
        """The programmes and the map of standards, in the order staff gave them."""
        either = Q(programmepage__isnull=False) | Q(carecertificatepage__isnull=False)
        below = BasePageQuerySet(TreePage).child_of(self)
        return around(below.filter(either).order_by("path"))

    @path("")
    def list_courses(self, request: HttpRequest) -> HttpResponse:
        """List the courses that fit, a page at a time: `?page=` takes a number from 1."""
        catalogue, selection = self._read(request)
        courses = self._page(catalogue.in_order(selection), request.GET.get("page", "1"))
        context = {
            "listing": self._listing(catalogue, selection, courses),
            "courses": courses,
            "query": f"{selection.query}&" if selection.query else "",
            "facets": catalogue.facets(selection),
            "sorts": [
                (label, selection.sort_by(value), value == selection.sort)
                for value, label in Sort.choices
            ],
            "wider": None if courses.paginator.count else catalogue.nearest_wider(selection),
            "is_indexed": courses.paginator.count > 0 and set(selection.values) <= INDEXED,
        }
        return self._show(request, LIST, catalogue, selection, context)

    @re_path(r"^calendar/$")
    @re_path(r"^calendar/(?P<year>20[0-9]{2})/(?P<month>0[1-9]|1[0-2])/$")
    def show_month(self, request: HttpRequest, year: str = "", month: str = "") -> HttpResponse:
        """Show a month's dates; without a month, the first one with dates to come."""
        catalogue, selection = self._read(request)
        selection = selection.drop("month")
        this_month = f"{timezone.localtime(catalogue.facts.now):%Y-%m}"
        months = catalogue.months or [this_month]
        name = f"{year}-{month}" if year else catalogue.first_month or months[0]
        if not this_month <= name <= months[-1]:
            raise Http404
        first = dt.date.fromisoformat(f"{name}-01")
        runs = list(self._runs(catalogue.find_shown(selection.choose("month", name))))
        count = sum(run.state.is_to_come for run in runs)
        before = first - dt.timedelta(days=1)
        after = (first + dt.timedelta(days=32)).replace(day=1)
        context = {
            "listing": Listing(
                f"calendar/{first:%Y/%m}/",
                f"Courses in {month_label(name)}",
                "Every course date in one month.",
            ),
            "month": first,
            "weeks": self._weeks(first, runs),
            "count": count,
            "neighbours": [
                (rel, day, f"{self.get_url(request)}calendar/{day:%Y/%m}/")
                for rel, day in (("prev", before), ("next", after))
                if this_month <= f"{day:%Y-%m}" <= months[-1]
            ],
            "facets": catalogue.facets(selection, month=name),
            "is_indexed": count > 0 and not selection.values,
        }
        return self._show(request, CALENDAR, catalogue, selection, context)

    @path("programme/")
    def show_programme(self, request: HttpRequest) -> HttpResponse:
        """Show all dates that are not over, month by month, to print."""
        catalogue, selection = self._read(request)
        dates = catalogue.find_shown(selection)
        runs = self._runs(list(dates)[:DATES_A_PROGRAMME])
        months = groupby(runs, key=lambda run: timezone.localdate(run.start).replace(day=1))
        context = {
            "listing": Listing("programme/", "All course dates", "All course dates, to print."),
            "months": [(month, list(runs)) for month, runs in months],
            "count": len(catalogue.find_dates(selection)),
            "left_out": len(dates) - DATES_A_PROGRAMME,
            "facets": catalogue.facets(selection),
            "is_indexed": not selection.values,
        }
        return self._show(request, PROGRAMME, catalogue, selection, context)

    def _read(self, request: HttpRequest) -> tuple[Catalogue, Selection]:
        """Return the catalogue and what the address chooses of it. Nonsense raises Http404."""
        try:
            selection = Selection.asked_for(request.GET)
        except ValueError as error:
            raise Http404 from error
        catalogue = Catalogue.of(self)
        if not catalogue.knows(selection):
            raise Http404
        return catalogue, selection

    def _page(self, order: dict[int, int | None], number: str) -> Page:
        """Return a page of courses with the date that each card shows."""
        if not number.isdecimal():
            raise Http404
        try:
            page = Paginator(list(order), COURSES_A_PAGE).page(number)
        except InvalidPage as error:
            raise Http404 from error
        dates = CourseRun.objects.filter(pk__in=[order[pk] for pk in page if order[pk]])
        courses = CoursePage.objects.for_cards(dates).in_bulk(list(page))
        page.object_list = [courses[pk] for pk in page if pk in courses]
        return page

    def _runs(self, keys: Any) -> CourseRunQuerySet:
        runs: CourseRunQuerySet = CourseRun.objects.shown().for_leaves()
        return runs.filter(pk__in=list(keys))

    def _calendars(self, catalogue: Catalogue, selection: Selection) -> list[tuple[str, str]]:
        """Return the feeds for people's calendars: of all dates, and of the topic chosen."""
        calendars = [("All course dates", reverse("courses:dates"))]
        if slug := selection.values.get("topic"):
            label = f"Dates on {catalogue.label('topic', slug)}"
            calendars.append((label, reverse("courses:dates_of_topic", args=[slug])))
        return calendars

    def _weeks(self, first: dt.date, runs: list[CourseRun]) -> list[list[Day]]:
        by_day: dict[dt.date, list[CourseRun]] = {}
        for run in runs:
            # What is in progress since an earlier month stands on the first day.
            by_day.setdefault(max(timezone.localdate(run.start), first), []).append(run)
        weeks = Calendar().monthdatescalendar(first.year, first.month)
        return [
            [Day(day, day.month == first.month, by_day.get(day, [])) for day in week]
            for week in weeks
        ]

    def _listing(self, catalogue: Catalogue, selection: Selection, courses: Page) -> Listing:
        """Say what the list is of. A sorted list is the same list to search engines."""
        query = selection.sort_by(Sort.DATE).query
        if courses.number > 1:
            query = f"{query}&page={courses.number}" if query else f"page={courses.number}"
        description = catalogue.facts.descriptions.get(selection.values.get("topic", ""), "")
        return Listing(f"?{query}" if query else "", description=description)

    def _show(
        self,
        request: HttpRequest,
        template: str,
        catalogue: Catalogue,
        selection: Selection,
        context: dict[str, Any],
    ) -> HttpResponse:
        """Answer with a view of the catalogue. All of them share what was chosen."""
        url = self.get_url(request)
        month = selection.values.get("month", "")
        in_month = f"{month.replace('-', '/')}/" if month in catalogue.months else ""
        views = [
            (LIST, "List", selection.address(url)),
            (CALENDAR, "Calendar", selection.drop("month").address(f"{url}calendar/{in_month}")),
            (PROGRAMME, "To print", selection.address(f"{url}programme/")),
        ]
        path = f"{url}{context['listing'].address.split('?')[0]}"
        common = {
            "path": path,
            "has_choice": bool(selection.values),
            "calendars": self._calendars(catalogue, selection),
            "selection": selection,
            "chosen": ", ".join(catalogue.label(*item) for item in selection.values.items()),
            "views": [(label, address, name == template) for name, label, address in views],
        }
        return TemplateResponse(request, template, self.get_context(request) | common | context)
