"""Makes what the demo's texts have and the site has not."""

import datetime as dt
from typing import Any

from django.core.files.base import File
from django.utils import timezone
from wagtail.models import Collection, Page

from base.models import OrganisationSettings, PersonPage
from blog.comments.models import Comment
from blog.models import BlogPage, BlogPageAuthor
from blog.newsletter.models import NewsletterIssuePage
from courses.enquiries.models import Role
from courses.models import CareCertificateStandard, CoursePage, CourseTrainer
from home.models import ContactFormField

from .content import read
from .courses import credits_of, roles_of, steps_of
from .drafts import COLLECTION, SHARED, Drafts
from .keeping import changed_by_staff, same


class Loader(Drafts):
    """Makes what is missing, and leaves alone what is there."""

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
        for page, text in new_pages:
            self._fill(page, text)
        for role in roles_of(texts, self.references):
            if not Role.objects.filter(name=role.name).exists():
                role.save()
        self.say("Menus and contact details")
        self._load_organisation(texts)
        self._load_rules(texts)

    def _load_files(self, texts: dict[str, Any]) -> None:
        collection = self.collection() or Collection.get_first_root_node().add_child(
            name=COLLECTION
        )
        for kind, name, new, path in self.files(texts):
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
        for name, item in self.shared_content(kind, texts):
            existing = self.like(kind, item).first()
            if existing is None:
                item.save()
            self.references.add(SHARED[kind][1], name, existing or item)

    def _load_pages(self) -> list[tuple[Page, dict[str, Any]]]:
        """Make the missing pages, empty, so that the texts can refer to any of them."""
        self.references.add("page", "home", self.home)
        new_pages = []
        for parent_name, page, text in self.pages():
            parent = self.references.get(parent_name)
            existing = Page.objects.child_of(parent).filter(slug=page.slug).first()
            if existing is None:
                parent.add_child(instance=page)
                new_pages.append((page, text))
            self.references.add("page", page.slug, existing.specific if existing else page)
        return new_pages

    def _load_organisation(self, texts: dict[str, Any]) -> None:
        existing = OrganisationSettings.objects.filter(site=self.site).first()
        if existing and not self.is_blank(existing):
            return
        settings, menus = self.organisation(texts)
        settings.pk = existing and existing.pk
        for menu, items in menus.items():
            getattr(settings, menu).set(items)
        settings.save()

    def _load_rules(self, texts: dict[str, Any]) -> None:
        for settings in self.rules(texts):
            model = type(settings)
            existing = model.objects.filter(site=self.site).first()
            if existing is None or same(existing, model(site=self.site)):
                settings.pk = existing and existing.pk
                settings.save()

    # Filling pages

    def _fill(self, page: Page, text: dict[str, Any]) -> None:
        match page:
            case CoursePage():
                self._fill_course(page, text)
            case BlogPage():
                self._fill_post(page, text)
            case NewsletterIssuePage():
                self._fill_issue(page, text)
            case _:
                self._fill_page(page, text)

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
                case "body" | "day" | "easy_read":
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
        for item in [*self.runs(page, text), *credits_of(page, text)]:
            item.save()

    def _fill_post(self, page: BlogPage, text: dict[str, Any]) -> None:
        day = self._day(text)
        page.published_at = self.at(day, text["time"])
        page.checked_on = day if text.get("is_guidance") else None
        page.authors = [BlogPageAuthor(person=person) for person in self._people(text["authors"])]
        page.topics = [self.references.get(topic) for topic in text["topics"]]
        made_here = ("days_ago", "time", "authors", "topics", "comments")
        self._fill_page(page, {key: text[key] for key in text if key not in made_here})
        self._add_comments(page, text.get("comments", []))

    def _fill_issue(self, page: NewsletterIssuePage, text: dict[str, Any]) -> None:
        page.first_published_at = self.at(self._day(text), text["time"])
        made_here = ("days_ago", "time")
        self._fill_page(page, {key: text[key] for key in text if key not in made_here})

    def _day(self, text: dict[str, Any]) -> dt.date:
        return timezone.localdate() - dt.timedelta(days=text["days_ago"])

    def _add_comments(self, page: BlogPage, texts: list[dict[str, Any]]) -> None:
        parent = None
        for key, text in zip(self.comment_keys(page), texts, strict=False):
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
