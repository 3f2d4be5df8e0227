"""Makes a site that looks lived in, and takes it away again."""

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

from django.core.files.base import File
from django.core.files.images import ImageFile
from django.db import transaction
from django.utils import timezone
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
from blog.models import BlogIndexPage, BlogPage, BlogPageAuthor
from courses.models import (
    CareCertificateStandard,
    CourseIndexPage,
    CoursePage,
    CourseRun,
    CourseTrainer,
    Venue,
)
from home.models import ContactFormField, ContactPage, HomePage, StandardPage

from .content import FOLDER, References, read, read_all

Say = Callable[[str], object]

COLLECTION = "Demo content"
SATURDAY = 5
DAYS_A_WEEK = 7
PAGE_TYPES: dict[str, type[Page]] = {
    "StandardPage": StandardPage,
    "ContactPage": ContactPage,
    "PeopleIndexPage": PeopleIndexPage,
    "BlogIndexPage": BlogIndexPage,
    "CourseIndexPage": CourseIndexPage,
}


class DemoSite:
    """The demo's content on the default site.

    `load()` makes what is missing and leaves alone what is there, so that it can run again
    without undoing anybody's edits. `clear()` removes what `load()` made, and keeps the pages
    and pictures of others.
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
        self.say("Topics, venues, testimonials")
        self._load_shared_content(texts)
        self.say("Pages")
        new_pages = self._load_pages()
        self._load_calls_to_action(texts)
        self._fill_home_page()
        for page, fill in new_pages:
            fill(page)
        self.say("Course dates")
        self._load_runs()
        self.say("Menus and contact details")
        self._load_organisation(texts)

    @transaction.atomic
    def clear(self) -> None:
        """Remove what `load()` made. An index page that holds other people's pages stays."""
        texts = read("site")
        self._delete_pages("blog", read_all("posts"))
        self._delete_pages("courses", read_all("courses"))
        self._delete_pages("people", read("people")["people"])
        self._delete_pages(None, read_all("pages"))
        self._empty_home_page()
        OrganisationSettings.objects.filter(site=self.site).delete()
        self._delete_shared_content(texts)
        for model in (CustomImage, get_document_model()):
            for item in model.objects.filter(collection__name=COLLECTION):
                item.delete()
        Collection.objects.filter(name=COLLECTION).delete()

    def _delete_pages(self, parent_slug: str | None, texts: list[dict[str, Any]]) -> None:
        """Delete the pages of these texts, below the home page or below one of its children."""
        parent: Any = self.home
        if parent_slug:
            parent = Page.objects.child_of(self.home).filter(slug=parent_slug).first()
        if parent is None:
            return
        slugs = [text["slug"] for text in texts]
        for page in Page.objects.child_of(parent).filter(slug__in=slugs):
            if Page.objects.child_of(page).exists():
                continue
            CourseRun.objects.filter(course=page.pk).delete()
            page.delete()

    def _empty_home_page(self) -> None:
        self.home = HomePage.objects.get(pk=self.home.pk)
        texts = ("hero_intro", "primary_text", "secondary_text", "values_heading")
        for field in (*texts, "seo_title", "search_description"):
            setattr(self.home, field, "")
        for field in ("values", "testimonials", "body"):
            setattr(self.home, field, [])
        self.home.hero_image = self.home.primary_page = self.home.secondary_page = None
        self.home.hero_title = self.home.title
        self.home.save_revision().publish()

    def _delete_shared_content(self, texts: dict[str, Any]) -> None:
        Topic.objects.filter(slug__in=[text["slug"] for text in texts["topics"]]).delete()
        for model, kind, name in (
            (Venue, "venues", "name"),
            (Testimonial, "testimonials", "name"),
            (CallToAction, "calls_to_action", "title"),
        ):
            model.objects.filter(**{f"{name}__in": [text[name] for text in texts[kind]]}).delete()

    def _load_files(self, texts: dict[str, Any]) -> None:
        root = Collection.get_first_root_node()
        collection = root.get_children().filter(name=COLLECTION).first()
        collection = collection or root.add_child(name=COLLECTION)
        descriptions = read("../images/descriptions")
        for name, text in descriptions.items():
            image = CustomImage.objects.filter(collection=collection, title=text["title"]).first()
            if image is None:
                x, y, width, height = text["focal_point"]
                path = FOLDER / "images" / f"{name}.png"
                with path.open("rb") as file:
                    image = CustomImage.objects.create(
                        title=text["title"],
                        description=text["description"],
                        credit="Drawn for Brightening Minds Training",
                        file=ImageFile(file, path.name),
                        focal_point_x=x + width // 2,
                        focal_point_y=y + height // 2,
                        focal_point_width=width,
                        focal_point_height=height,
                        collection=collection,
                    )
            self.references.add("image", name, image)
        Document = get_document_model()  # noqa: N806
        for text in texts["documents"]:
            document = Document.objects.filter(collection=collection, title=text["title"]).first()
            if document is None:
                path = FOLDER / "documents" / f"{text['name']}.pdf"
                with path.open("rb") as file:
                    document = Document.objects.create(
                        title=text["title"],
                        file=File(file, path.name),
                        file_size=path.stat().st_size,
                        collection=collection,
                    )
            self.references.add("document", text["name"], document)

    def _load_shared_content(self, texts: dict[str, Any]) -> None:
        for text in texts["care_certificate_standards"]:
            standard, _ = CareCertificateStandard.objects.get_or_create(
                number=text["number"], defaults={"name": text["name"]}
            )
            self.references.add("standard", str(text["number"]), standard)
        for text in texts["topics"]:
            topic, _ = Topic.objects.get_or_create(
                slug=text["slug"],
                defaults={key: text[key] for key in ("name", "description", "tone")},
            )
            self.references.add("topic", text["slug"], topic)
        for text in texts["venues"]:
            fields = {key: value.strip() for key, value in text.items() if key != "slug"}
            venue, _ = Venue.objects.get_or_create(name=fields.pop("name"), defaults=fields)
            self.references.add("venue", text["slug"], venue)
        for text in texts["testimonials"]:
            fields = {key: value for key, value in text.items() if key != "slug"}
            fields["image"] = self.references.get(fields.get("image", ""))
            testimonial, _ = Testimonial.objects.get_or_create(
                name=fields.pop("name"), defaults=fields
            )
            self.references.add("testimonial", text["slug"], testimonial)

    def _load_pages(self) -> list[tuple[Any, Callable[[Any], None]]]:
        """Make the missing pages, empty, so that the texts can refer to any of them."""
        self.references.add("page", "home", self.home)
        new_pages = []
        for parent, page, fill in self._pages():
            existing = Page.objects.child_of(parent).filter(slug=page.slug).first()
            if existing is None:
                parent.add_child(instance=page)
                new_pages.append((page, fill))
            self.references.add("page", page.slug, existing.specific if existing else page)
        return new_pages

    def _pages(self) -> Iterator[tuple[Page, Page, Callable[[Any], None]]]:
        for text in read_all("pages"):
            page = PAGE_TYPES[text["type"]](title=text["title"], slug=text["slug"])
            parent = self.references.get(text["parent"]) if "parent" in text else self.home
            yield parent, page, self._filler(self._fill_page, text)
        for text in read("people")["people"]:
            person = PersonPage(title=text["title"], slug=text["slug"], role=text["role"])
            yield self.references.get("page:people"), person, self._filler(self._fill_page, text)
        for text in read_all("courses"):
            course = CoursePage(
                title=text["title"],
                slug=text["slug"],
                summary=text["summary"],
                duration_minutes=text["duration_minutes"],
            )
            yield self.references.get("page:courses"), course, self._filler(self._fill_course, text)
        for text in read_all("posts"):
            post = BlogPage(title=text["title"], slug=text["slug"], intro=text["intro"])
            yield self.references.get("page:blog"), post, self._filler(self._fill_post, text)

    def _filler(
        self, fill: Callable[[Any, dict[str, Any]], None], text: dict[str, Any]
    ) -> Callable[[Any], None]:
        return lambda page: fill(page, text)

    def _fill_home_page(self) -> None:
        if self.home.hero_image_id:
            return
        self._fill_page(self.home, read("home"))

    def _fill_page(self, page: Any, text: dict[str, Any]) -> None:
        """Give a page its texts: every key is a field, and references become what they name."""
        for key, value in text.items():
            match key:
                case "type" | "slug" | "parent" | "authors" | "runs":
                    continue
                case "body":
                    page.body = self._stream(page, key, value)
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
        page.care_certificate_standards = [
            self.references.get(f"standard:{number}")
            for number in text["care_certificate_standards"]
        ]
        made_here = ("delivery", "outcomes", "programme", "trainers", "topics")
        others = {key: value for key, value in text.items() if key not in made_here}
        del others["care_certificate_standards"]
        self._fill_page(page, others)

    def _fill_post(self, page: BlogPage, text: dict[str, Any]) -> None:
        day = timezone.localdate() - dt.timedelta(days=text["days_ago"])
        page.published_at = self._at(day, text["time"])
        page.authors = [BlogPageAuthor(person=person) for person in self._people(text["authors"])]
        page.topics = [self.references.get(topic) for topic in text["topics"]]
        made_here = ("days_ago", "time", "authors", "topics")
        self._fill_page(page, {key: text[key] for key in text if key not in made_here})

    def _people(self, slugs: list[str]) -> list[PersonPage]:
        return [self.references.get(f"page:{slug}") for slug in slugs]

    def _publish(self, page: Any) -> None:
        page.full_clean()
        page.save()
        page.save_revision(clean=False).publish()

    def _load_runs(self) -> None:
        today = timezone.localdate()
        for text in read_all("courses"):
            course = self.references.get(f"page:{text['slug']}")
            if course.runs.exists():
                continue
            for run in text["runs"]:
                day = today + dt.timedelta(days=run["in_days"])
                if day.weekday() >= SATURDAY:
                    day += dt.timedelta(days=DAYS_A_WEEK - day.weekday())
                venue = self.references.get(run.get("venue", ""))
                CourseRun.objects.create(
                    course=course,
                    start=self._at(day, run["start"]),
                    end=self._at(day, run["end"]),
                    venue=venue,
                    online=venue is None,
                    capacity=run["capacity"],
                    note=run.get("note", ""),
                )

    def _at(self, day: dt.date, time: str) -> dt.datetime:
        return timezone.make_aware(dt.datetime.combine(day, dt.time.fromisoformat(time)))

    def _load_calls_to_action(self, texts: dict[str, Any]) -> None:
        for text in texts["calls_to_action"]:
            fields = {key: value for key, value in text.items() if key != "slug"}
            fields["link_page"] = self.references.get(fields["link_page"])
            invitation, _ = CallToAction.objects.get_or_create(
                title=fields.pop("title"), defaults=fields
            )
            self.references.add("cta", text["slug"], invitation)

    def _load_organisation(self, texts: dict[str, Any]) -> None:
        if OrganisationSettings.objects.filter(site=self.site).exists():
            return
        pages = ("newsletter_page", "contact_page")
        fields = {
            key: self.references.get(value) if key in pages else value.strip()
            for key, value in texts["organisation"].items()
        }
        settings = OrganisationSettings.objects.create(site=self.site, **fields)
        for menu in ("main_menu", "footer_menu"):
            for item in texts[menu]:
                page = self.references.get(item["page"])
                getattr(settings, menu).add(MenuItem(label=item["label"], page=page))
        settings.save()
