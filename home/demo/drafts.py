"""The demo's content as its texts have it: nothing here is saved."""

import datetime as dt
import uuid
from collections.abc import Callable, Iterator
from functools import reduce
from operator import or_
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.db.models import Model, Q
from django.utils import timezone
from wagtail.blocks import StreamValue
from wagtail.documents import get_document_model
from wagtail.models import Collection, Page, Site

from base.models import (
    CallToAction,
    CustomImage,
    MenuItem,
    OrganisationSettings,
    PeopleIndexPage,
    PersonPage,
    Testimonial,
    Topic,
)
from blog.models import BlogIndexPage, BlogPage
from blog.newsletter.models import NewsletterIndexPage, NewsletterIssuePage, NewsletterSettings
from courses.bookings.models import BookingSettings
from courses.enquiries.models import EnquirySettings
from courses.models import (
    Audience,
    CareCertificatePage,
    CourseIndexPage,
    CoursePage,
    CourseRun,
    ProgrammePage,
    Venue,
)
from home.models import ContactPage, HomePage, StandardPage

from .content import FOLDER, References, read, read_all
from .keeping import same

Say = Callable[[str], object]

COLLECTION = "Demo content"
COMMENT_KEYS = uuid.UUID("5d0a4f0a-6a43-4a53-9bd0-4a5d6a6dfb1c")
MOST_COMMENTS = 10
SATURDAY = 5
DAYS_A_WEEK = 7
RULES: dict[str, type[Model]] = {
    "bookings": BookingSettings,
    "enquiries": EnquirySettings,
    "newsletter": NewsletterSettings,
}
# The model of what pages share, how the texts refer to one, and by what it is found again.
SHARED: dict[str, tuple[type[Model], str, tuple[str, ...]]] = {
    "topics": (Topic, "topic", ("slug", "name")),
    "audiences": (Audience, "audience", ("slug", "name")),
    "venues": (Venue, "venue", ("name",)),
    "testimonials": (Testimonial, "testimonial", ("name",)),
    "calls_to_action": (CallToAction, "cta", ("title",)),
}
PAGE_TYPES: dict[str, type[Page]] = {
    "StandardPage": StandardPage,
    "ContactPage": ContactPage,
    "PeopleIndexPage": PeopleIndexPage,
    "BlogIndexPage": BlogIndexPage,
    "CourseIndexPage": CourseIndexPage,
    "NewsletterIndexPage": NewsletterIndexPage,
    "CareCertificatePage": CareCertificatePage,
}


class Drafts:
    """What the texts say, as unsaved pages and items for the default site."""

    def __init__(self, say: Say, references: References) -> None:
        self.say = say
        self.references = references
        self.site = Site.objects.select_related("root_page").get(is_default_site=True)
        self.home: HomePage = self.site.root_page.specific

    def collection(self) -> Collection | None:
        """Return the folder of the demo's pictures and documents, once it is made."""
        root = Collection.get_first_root_node()
        collection: Collection | None = root.get_children().filter(name=COLLECTION).first()
        return collection

    def files(self, texts: dict[str, Any]) -> Iterator[tuple[str, str, Model, Path]]:
        """Yield kind, name, unsaved item and file of every picture and document."""
        for name, text in read("../images/descriptions").items():
            x, y, width, height = text["focal_point"]
            image = CustomImage(
                title=text["title"],
                description=text["description"],
                credit="Drawn for Brightening Minds Training",
                focal_point_x=x + width // 2,
                focal_point_y=y + height // 2,
                focal_point_width=width,
                focal_point_height=height,
            )
            yield "image", name, image, FOLDER / "images" / f"{name}.png"
        for text in texts["documents"]:
            path = FOLDER / "documents" / f"{text['name']}.pdf"
            document = get_document_model()(title=text["title"], file_size=path.stat().st_size)
            yield "document", text["name"], document, path

    def shared_content(self, kind: str, texts: dict[str, Any]) -> Iterator[tuple[str, Model]]:
        """Yield name and unsaved item of everything of a kind that pages share."""
        model = SHARED[kind][0]
        fields = {field.name: field for field in model._meta.concrete_fields}
        for text in texts[kind]:
            values = {key: value for key, value in text.items() if key in fields}
            for key, value in values.items():
                if fields[key].is_relation:
                    values[key] = self.references.get(value)
                elif isinstance(value, list):
                    values[key] = self._raw_stream(fields[key], text["slug"], value)
                elif isinstance(value, str):
                    values[key] = value.strip()
            yield text["slug"], model(**values)

    def _raw_stream(self, field: Any, name: str, blocks: list[Any]) -> StreamValue:
        """Return a StreamField's value, with the same ids each time so that it compares."""
        raw = [
            block | {"id": str(uuid5(NAMESPACE_URL, f"{name}/{place}"))}
            for place, block in enumerate(self.references.resolve(blocks))
        ]
        return StreamValue(field.stream_block, raw, is_lazy=True)

    def like(self, kind: str, item: Model) -> Any:
        """Return those that count as this item: they have its name, or its slug."""
        keys = SHARED[kind][2]
        query = reduce(or_, (Q(**{key: getattr(item, key)}) for key in keys))
        return type(item)._default_manager.filter(query)

    def pages(self) -> Iterator[tuple[str, Page, dict[str, Any]]]:
        """Yield the parent's name, the unsaved page and its texts, parents first."""
        for text in read_all("pages"):
            page = PAGE_TYPES[text["type"]](title=text["title"], slug=text["slug"])
            yield text.get("parent", "page:home"), page, text
        for text in read("people")["people"]:
            person = PersonPage(title=text["title"], slug=text["slug"], role=text["role"])
            yield "page:people", person, text
        for text in read_all("courses"):
            course = CoursePage(
                title=text["title"],
                slug=text["slug"],
                summary=text["summary"],
                duration_minutes=text["duration_minutes"],
            )
            yield "page:courses", course, text
        for text in read_all("programmes"):
            programme = ProgrammePage(title=text["title"], slug=text["slug"], intro=text["intro"])
            yield "page:courses", programme, text
        for text in read_all("posts"):
            post = BlogPage(title=text["title"], slug=text["slug"], intro=text["intro"])
            yield "page:blog", post, text
        for text in read_all("issues"):
            issue = NewsletterIssuePage(title=text["title"], slug=text["slug"], intro=text["intro"])
            yield "page:newsletter", issue, text

    def runs(self, course: CoursePage, text: dict[str, Any]) -> Iterator[CourseRun]:
        """Yield the course's dates, unsaved, counted from the day on which it was published."""
        today = timezone.localdate(course.first_published_at)
        for run in text["runs"]:
            day = today + dt.timedelta(days=run["in_days"])
            if day.weekday() >= SATURDAY:
                day += dt.timedelta(days=DAYS_A_WEEK - day.weekday())
            venue = self.references.get(run.get("venue", ""))
            yield CourseRun(
                course=course,
                start=self.at(day, run["start"]),
                end=self.at(day, run["end"]),
                venue=venue,
                online="venue" not in run,
                capacity=run["capacity"],
                note=run.get("note", ""),
            )

    def comment_keys(self, page: Page) -> list[uuid.UUID]:
        """Return the keys of the comments that the demo's texts put below a post."""
        return [
            uuid.uuid5(COMMENT_KEYS, f"{page.slug}/{number}") for number in range(MOST_COMMENTS)
        ]

    def organisation(
        self, texts: dict[str, Any]
    ) -> tuple[OrganisationSettings, dict[str, list[MenuItem]]]:
        """Return the settings and the entries of both menus, unsaved."""
        pages = ("newsletter_page", "contact_page")
        fields = {
            key: self.references.get(value) if key in pages else value.strip()
            for key, value in texts["organisation"].items()
        }
        menus = {
            menu: [
                MenuItem(label=item["label"], page=page)
                for item in texts[menu]
                if (page := self.references.get(item["page"]))
            ]
            for menu in ("main_menu", "footer_menu")
        }
        return OrganisationSettings(site=self.site, **fields), menus

    def rules(self, texts: dict[str, Any]) -> Iterator[Any]:
        """Yield how people book and how they ask, unsaved."""
        for kind, model in RULES.items():
            pages = {name: self.references.get(page) for name, page in texts[kind].items()}
            yield model(site=self.site, **pages)

    def is_blank(self, settings: OrganisationSettings) -> bool:
        """Tell the settings that Wagtail makes on the first visit from those of staff."""
        return same(settings, OrganisationSettings(site=self.site)) and not any(
            getattr(settings, menu).exists() for menu in ("main_menu", "footer_menu")
        )

    def at(self, day: dt.date, time: str) -> dt.datetime:
        """Return the moment at which it is "9:30" on a day, in London."""
        return timezone.make_aware(dt.datetime.combine(day, dt.time.fromisoformat(time)))
