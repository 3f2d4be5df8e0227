"""Takes away what the demo's texts have, as far as nobody has made it their own."""

from collections.abc import Iterator
from typing import Any

from wagtail.models import Page

from base.models import OrganisationSettings
from blog.comments.models import Comment
from courses.enquiries.models import Role
from courses.models import CoursePage
from home.models import ContactSubmission, HomePage

from .content import read, read_all
from .courses import credits_of, roles_of
from .drafts import SHARED, Drafts
from .keeping import Key, changed_by_staff, describe, kept_by_others, key_of, same, same_file

Found = Iterator[tuple[Any, str]]

CHANGED = "staff made or changed it"
DIFFERS = "it is not as the demo makes it"
ANSWERED = "people have sent it answers"
BOOKED = "people have booked it"
COMMENTED = "people have commented on it"


class Cleaner(Drafts):
    """Removes what is as it was made; what staff made or changed stays, with what that needs."""

    def clear(self) -> int:
        """Remove what is as `load()` made it, say what stays and why, and count what stays."""
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
        yield from self._find_roles(texts)
        yield from self._find_organisation(texts)
        yield from self._find_rules(texts)

    def _find_files(self, texts: dict[str, Any]) -> Found:
        collection = self.collection()
        if collection is None:
            return
        yield collection, DIFFERS if collection.get_children().exists() else ""
        for kind, name, item, path in self.files(texts):
            title = item.title  # type: ignore[attr-defined]
            for file in type(item)._default_manager.filter(collection=collection, title=title):
                self.references.add(kind, name, file)
                yield file, "" if same_file(file, item, path) else DIFFERS

    def _find_shared_content(self, kind: str, texts: dict[str, Any]) -> Found:
        for name, item in self.shared_content(kind, texts):
            for found in self.like(kind, item):
                self.references.add(SHARED[kind][1], name, found)
                yield found, "" if same(found, item) else DIFFERS

    def _find_pages(self) -> Found:
        self.references.add("page", "home", self.home)
        for parent_name, new, _ in self.pages():
            parent = self.references.get(parent_name)
            page = parent and Page.objects.child_of(parent).filter(slug=new.slug).first()
            if page:
                self.references.add("page", page.slug, page)
                yield page.specific, self._reason_to_keep(page)

    def _reason_to_keep(self, page: Page) -> str:
        if page.latest_revision is None or changed_by_staff(page):
            return CHANGED
        if Comment.objects.filter(page=page.pk).exclude(key__in=self.comment_keys(page)).exists():
            return COMMENTED
        return ANSWERED if ContactSubmission.objects.filter(page=page).exists() else ""

    def _find_runs(self) -> Found:
        for text in read_all("courses"):
            page = self.references.get(f"page:{text['slug']}")
            course = page and CoursePage.objects.filter(pk=page.pk).first()
            if not course or not course.first_published_at:
                continue
            made = list(self.runs(course, text))
            for run in course.runs.all():
                reason = "" if any(same(run, other) for other in made) else DIFFERS
                yield run, BOOKED if run.places.exists() else reason
            given = list(credits_of(course, text))
            for credit in course.credits.all():
                yield credit, "" if any(same(credit, other) for other in given) else DIFFERS

    def _find_roles(self, texts: dict[str, Any]) -> Found:
        for made in roles_of(texts, self.references):
            for role in Role.objects.filter(name=made.name):
                same_courses = set(role.courses.all()) == set(made.courses.all())
                yield role, "" if same(role, made) and same_courses else DIFFERS

    def _find_organisation(self, texts: dict[str, Any]) -> Found:
        settings = OrganisationSettings.objects.filter(site=self.site).first()
        if settings is None or self.is_blank(settings):
            return
        made, menus = self.organisation(texts)
        is_as_made = same(settings, made) and all(
            [(item.label, item.page_id, item.url) for item in getattr(settings, menu).all()]
            == [(item.label, item.page_id, item.url) for item in items]
            for menu, items in menus.items()
        )
        yield settings, "" if is_as_made else DIFFERS

    def _find_rules(self, texts: dict[str, Any]) -> Found:
        for made in self.rules(texts):
            model = type(made)
            settings = model.objects.filter(site=self.site).first()
            if settings and not same(settings, model(site=self.site)):
                yield settings, "" if same(settings, made) else DIFFERS
