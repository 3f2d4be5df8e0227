"""Makes a site that looks lived in, and takes it away again."""

import datetime as dt
import uuid
from collections.abc import Callable, Iterator
from functools import partial, reduce
from operator import or_
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.core.files.base import File
from django.db import transaction
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
from blog.comments.models import Comment
from blog.models import BlogIndexPage, BlogPage, BlogPageAuthor
from courses.models import (
    Audience,
    CareCertificatePage,
    CareCertificateStandard,
    CourseIndexPage,
    CoursePage,
    CourseRun,
    CourseTrainer,
    ProgrammePage,
    Venue,
)
from home.models import (
    ContactFormField,
    ContactPage,
    ContactSubmission,
    HomePage,
    StandardPage,
)

from .content import FOLDER, References, read, read_all
from .courses import credits_of, steps_of
from .keeping import Key, changed_by_staff, describe, kept_by_others, key_of, same, same_file

Say = Callable[[str], object]
Found = Iterator[tuple[Any, str]]

COLLECTION = "Demo content"
COMMENT_KEYS = uuid.UUID("5d0a4f0a-6a43-4a53-9bd0-4a5d6a6dfb1c")
MOST_COMMENTS = 10
SATURDAY = 5
DAYS_A_WEEK = 7
CHANGED = "staff made or changed it"
DIFFERS = "it is not as the demo makes it"
ANSWERED = "people have sent it answers"
BOOKED = "people have booked it"
COMMENTED = "people have commented on it"
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
    "CareCertificatePage": CareCertificatePage,
}


class DemoSite:
    """The demo's content on the default site.

    `load()` makes what is missing and leaves alone what is there, so that it can run again
    without undoing anybody's edits. `clear()` removes what `load()` made and nobody changed since;
    what staff made or changed stays, with what that needs, and so do the Care Certificate
    standards, which are facts.
    """

    def __init__(self, say: Say = lambda line: None) -> None:
        self.say = say
        self.site = Site.objects.select_related("root_page").get(is_default_site=True)
        self.home: HomePage = self.site.root_page.specific
        self.references = References()

    @transaction.atomic
    def load(self) -> None:
        """Make everything that is missing."""
        texts = read("site")
        self.say("Pictures and documents")
        self._load_files(texts)
        self.say("Topics, audiences, venues, testimonials")
        for text in texts["care_certificate_standards"]:
            standard, _ = CareCertificateStandard.objects.get_or_create(
                edition=texts["care_certificate_edition"],
                number=text["number"],
                defaults={"name": text["name"]},
            )
            self.references.add("standard", str(text["number"]), standard)
        for kind in ("topics", "audiences", "venues", "testimonials"):
            self._load_shared_content(kind, texts)
        self.say("Pages and course dates")
        new_pages = self._load_pages()
        self._load_shared_content("calls_to_action", texts)
        self._fill_home_page()
        for page, fill in new_pages:
            fill(page)
        self.say("Menus and contact details")
        self._load_organisation(texts)

    @transaction.atomic
    def clear(self) -> int:
        """Remove what is as `load()` made it, say what stays and why, and count what stays."""
        self.references = References(complete=False)
        going: dict[Key, Any] = {}
        kept = []
        for thing, reason in self._find(read("site")):
            if reason:
                kept.append(f"Kept {describe(thing)}: {reason}.")
            else:
                going[key_of(thing)] = thing
        for thing, other in kept_by_others(going):
            kept.append(f"Kept {describe(thing)}: {describe(other)} needs it.")
        for thing in reversed(going.values()):
            self._remove(thing)
        for line in kept:
            self.say(line)
        return len(kept)

    def _remove(self, thing: Any) -> None:
        if isinstance(thing, HomePage):
            self._empty_home_page()
        elif isinstance(thing, Page):
            # The tree has changed since it was read.
            Page.objects.get(pk=thing.pk).delete()
        else:
            thing.delete()

    def _empty_home_page(self) -> None:
        home = HomePage.objects.get(pk=self.home.pk)
        for field in HomePage._meta.local_concrete_fields:
            if not field.primary_key:
                setattr(home, field.attname, field.get_default())
        home.hero_title = home.title
        home.seo_title = home.search_description = ""
        home.save_revision().publish()

    # What is there

    def _find(self, texts: dict[str, Any]) -> Found:
        """Yield what the texts name, in the order in which it is made, and why it has to stay.

        Without a reason it is as `load()` made it.
        """
        yield self.home, CHANGED if changed_by_staff(self.home) else ""
        yield from self._find_files(texts)
        for kind in ("topics", "audiences", "venues", "testimonials"):
            yield from self._find_shared_content(kind, texts)
        yield from self._find_pages()
        yield from self._find_shared_content("calls_to_action", texts)
        yield from self._find_runs()
        yield from self._find_organisation(texts)

    def _find_files(self, texts: dict[str, Any]) -> Found:
        collection = self._collection()
        if collection is None:
            return
        yield collection, DIFFERS if collection.get_children().exists() else ""
        for kind, name, item, path in self._files(texts):
            title = item.title  # type: ignore[attr-defined]
            for file in type(item)._default_manager.filter(collection=collection, title=title):
                self.references.add(kind, name, file)
                yield file, "" if same_file(file, item, path) else DIFFERS

    def _find_shared_content(self, kind: str, texts: dict[str, Any]) -> Found:
        for name, item in self._shared_content(kind, texts):
            for found in self._like(kind, item):
                self.references.add(SHARED[kind][1], name, found)
                yield found, "" if same(found, item) else DIFFERS

    def _find_pages(self) -> Found:
        self.references.add("page", "home", self.home)
        for parent_name, new, _ in self._pages():
            parent = self.references.get(parent_name)
            page = parent and Page.objects.child_of(parent).filter(slug=new.slug).first()
            if page:
                self.references.add("page", page.slug, page)
                yield page.specific, self._reason_to_keep(page)

    def _reason_to_keep(self, page: Page) -> str:
        if page.latest_revision is None or changed_by_staff(page):
            return CHANGED
        if Comment.objects.filter(page=page.pk).exclude(key__in=self._comment_keys(page)).exists():
            return COMMENTED
        return ANSWERED if ContactSubmission.objects.filter(page=page).exists() else ""

    def _comment_keys(self, page: Page) -> list[uuid.UUID]:
        """Return the keys of the comments that the demo's texts put below a post."""
        return [
            uuid.uuid5(COMMENT_KEYS, f"{page.slug}/{number}") for number in range(MOST_COMMENTS)
        ]

    def _find_runs(self) -> Found:
        for text in read_all("courses"):
            page = self.references.get(f"page:{text['slug']}")
            course = page and CoursePage.objects.filter(pk=page.pk).first()
            if not course or not course.first_published_at:
                continue
            made = list(self._runs(course, text))
            for run in course.runs.all():
                reason = "" if any(same(run, other) for other in made) else DIFFERS
                yield run, BOOKED if run.places.exists() else reason
            given = list(credits_of(course, text))
            for credit in course.credits.all():
                yield credit, "" if any(same(credit, other) for other in given) else DIFFERS

    def _find_organisation(self, texts: dict[str, Any]) -> Found:
        settings = OrganisationSettings.objects.filter(site=self.site).first()
        if settings is None or self._is_blank(settings):
            return
        made, menus = self._organisation(texts)
        is_as_made = same(settings, made) and all(
            [(item.label, item.page_id, item.url) for item in getattr(settings, menu).all()]
            == [(item.label, item.page_id, item.url) for item in items]
            for menu, items in menus.items()
        )
        yield settings, "" if is_as_made else DIFFERS

    # What the texts say

    def _collection(self) -> Collection | None:
        root = Collection.get_first_root_node()
        collection: Collection | None = root.get_children().filter(name=COLLECTION).first()
        return collection

    def _files(self, texts: dict[str, Any]) -> Iterator[tuple[str, str, Model, Path]]:
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

    def _shared_content(self, kind: str, texts: dict[str, Any]) -> Iterator[tuple[str, Model]]:
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

    def _like(self, kind: str, item: Model) -> Any:
        """Return those that count as this item: they have its name, or its slug."""
        keys = SHARED[kind][2]
        query = reduce(or_, (Q(**{key: getattr(item, key)}) for key in keys))
        return type(item)._default_manager.filter(query)

    def _runs(self, course: CoursePage, text: dict[str, Any]) -> Iterator[CourseRun]:
        """Yield the course's dates, unsaved, counted from the day on which it was published."""
        today = timezone.localdate(course.first_published_at)
        for run in text["runs"]:
            day = today + dt.timedelta(days=run["in_days"])
            if day.weekday() >= SATURDAY:
                day += dt.timedelta(days=DAYS_A_WEEK - day.weekday())
            venue = self.references.get(run.get("venue", ""))
            yield CourseRun(
                course=course,
                start=self._at(day, run["start"]),
                end=self._at(day, run["end"]),
                venue=venue,
                online="venue" not in run,
                capacity=run["capacity"],
                note=run.get("note", ""),
            )

    def _organisation(
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

    def _is_blank(self, settings: OrganisationSettings) -> bool:
        """Tell the settings that Wagtail makes on the first visit from those of staff."""
        return same(settings, OrganisationSettings(site=self.site)) and not any(
            getattr(settings, menu).exists() for menu in ("main_menu", "footer_menu")
        )

    # Making it

    def _load_files(self, texts: dict[str, Any]) -> None:
        collection = self._collection() or Collection.get_first_root_node().add_child(
            name=COLLECTION
        )
        for kind, name, new, path in self._files(texts):
            item: Any = new
            files = type(item)._default_manager.filter(collection=collection, title=item.title)
            existing = files.first()
            if existing is None:
                item.collection = collection
                with path.open("rb") as file:
                    item.file = File(file, path.name)
                    item.save()
            self.references.add(kind, name, existing or item)

    def _load_shared_content(self, kind: str, texts: dict[str, Any]) -> None:
        for name, item in self._shared_content(kind, texts):
            existing = self._like(kind, item).first()
            if existing is None:
                item.save()
            self.references.add(SHARED[kind][1], name, existing or item)

    def _load_pages(self) -> list[tuple[Any, Callable[[Any], None]]]:
        """Make the missing pages, empty, so that the texts can refer to any of them."""
        self.references.add("page", "home", self.home)
        new_pages = []
        for parent_name, page, fill in self._pages():
            parent = self.references.get(parent_name)
            existing = Page.objects.child_of(parent).filter(slug=page.slug).first()
            if existing is None:
                parent.add_child(instance=page)
                new_pages.append((page, fill))
            self.references.add("page", page.slug, existing.specific if existing else page)
        return new_pages

    def _pages(self) -> Iterator[tuple[str, Page, Callable[[Any], None]]]:
        """Yield the parent's name, the unsaved page and what fills it, parents first."""
        for text in read_all("pages"):
            page = PAGE_TYPES[text["type"]](title=text["title"], slug=text["slug"])
            yield text.get("parent", "page:home"), page, partial(self._fill_page, text=text)
        for text in read("people")["people"]:
            person = PersonPage(title=text["title"], slug=text["slug"], role=text["role"])
            yield "page:people", person, partial(self._fill_page, text=text)
        for text in read_all("courses"):
            course = CoursePage(
                title=text["title"],
                slug=text["slug"],
                summary=text["summary"],
                duration_minutes=text["duration_minutes"],
            )
            yield "page:courses", course, partial(self._fill_course, text=text)
        for text in read_all("programmes"):
            programme = ProgrammePage(title=text["title"], slug=text["slug"], intro=text["intro"])
            yield "page:courses", programme, partial(self._fill_page, text=text)
        for text in read_all("posts"):
            post = BlogPage(title=text["title"], slug=text["slug"], intro=text["intro"])
            yield "page:blog", post, partial(self._fill_post, text=text)

    def _fill_home_page(self) -> None:
        if not self.home.hero_intro and not changed_by_staff(self.home):
            self._fill_page(self.home, read("home"))

    def _fill_page(self, page: Any, text: dict[str, Any]) -> None:
        """Give a page its texts: every key is a field, and references become what they name."""
        for key, value in text.items():
            match key:
                case "type" | "slug" | "parent" | "authors" | "runs" | "credits":
                    continue
                case "steps":
                    page.steps = steps_of(text, self.references)
                case "body" | "day":
                    setattr(page, key, self._stream(page, key, value))
                case "values":
                    page.values = [{"type": "value", "value": block} for block in value]
                case "testimonials":
                    page.testimonials = [
                        {"type": "testimonial", "value": self.references.resolve(reference)}
                        for reference in value
                    ]
                case "form_fields":
                    page.form_fields = [
                        ContactFormField(**field | {"choices": "\n".join(field["choices"])})
                        for field in value
                    ]
                case "image" | "photo" | "hero_image" | "primary_page" | "secondary_page":
                    setattr(page, key, self.references.get(value))
                case _:
                    value = self.references.link(value) if isinstance(value, str) else value
                    setattr(page, key, value)
        self._publish(page)

    def _stream(self, page: Any, field: str, blocks: list[Any]) -> Any:
        """Return the StreamField's value, checked as if an editor had typed it."""
        block = page._meta.get_field(field).stream_block
        return block.clean(block.to_python(self.references.resolve(blocks)))

    def _fill_course(self, page: CoursePage, text: dict[str, Any]) -> None:
        page.in_person, page.online, page.in_house = (
            way in text["delivery"] for way in ("in_person", "online", "in_house")
        )
        page.outcomes = [{"type": "outcome", "value": outcome} for outcome in text["outcomes"]]
        page.programme = [{"type": "session", "value": part} for part in text["programme"]]
        page.trainers = [CourseTrainer(person=person) for person in self._people(text["trainers"])]
        page.topics = [self.references.get(topic) for topic in text["topics"]]
        page.audiences = [self.references.get(audience) for audience in text["audiences"]]
        page.care_certificate_standards = [
            self.references.get(f"standard:{number}")
            for number in text["care_certificate_standards"]
        ]
        made_here = ("delivery", "outcomes", "programme", "trainers", "topics", "audiences")
        others = {key: value for key, value in text.items() if key not in made_here}
        del others["care_certificate_standards"]
        self._fill_page(page, others)
        page.refresh_from_db(fields=["first_published_at"])
        for item in [*self._runs(page, text), *credits_of(page, text)]:
            item.save()

    def _fill_post(self, page: BlogPage, text: dict[str, Any]) -> None:
        day = timezone.localdate() - dt.timedelta(days=text["days_ago"])
        page.published_at = self._at(day, text["time"])
        page.checked_on = day if text.get("is_guidance") else None
        page.authors = [BlogPageAuthor(person=person) for person in self._people(text["authors"])]
        page.topics = [self.references.get(topic) for topic in text["topics"]]
        made_here = ("days_ago", "time", "authors", "topics", "comments")
        self._fill_page(page, {key: text[key] for key in text if key not in made_here})
        self._add_comments(page, text.get("comments", []))

    def _add_comments(self, page: BlogPage, texts: list[dict[str, Any]]) -> None:
        parent = None
        for key, text in zip(self._comment_keys(page), texts, strict=False):
            comment = Comment.objects.create(
                page=page,
                parent=parent if text.get("is_reply") else None,
                key=key,
                state=Comment.State.APPROVED,
                created_at=page.listing_date + dt.timedelta(days=text["days_after"], hours=5),
                name=text["name"],
                text=text["text"],
                is_from_staff=text.get("is_from_staff", False),
            )
            parent = parent if text.get("is_reply") else comment

    def _people(self, slugs: list[str]) -> list[PersonPage]:
        return [self.references.get(f"page:{slug}") for slug in slugs]

    def _publish(self, page: Any) -> None:
        page.full_clean()
        page.save()
        page.save_revision(clean=False).publish()

    def _at(self, day: dt.date, time: str) -> dt.datetime:
        return timezone.make_aware(dt.datetime.combine(day, dt.time.fromisoformat(time)))

    def _load_organisation(self, texts: dict[str, Any]) -> None:
        existing = OrganisationSettings.objects.filter(site=self.site).first()
        if existing and not self._is_blank(existing):
            return
        settings, menus = self._organisation(texts)
        settings.pk = existing and existing.pk
        for menu, items in menus.items():
            getattr(settings, menu).set(items)
        settings.save()
