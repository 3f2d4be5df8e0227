"""Tells what somebody changed, and what that needs, from what is still as the demo made it."""

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from wagtail.models import Page, PageLogEntry, ReferenceIndex

from base.models import CustomImage, OrganisationSettings, Topic
from blog.models import BlogPage
from courses.enquiries.models import Role
from courses.models import Audience, CoursePage
from home.models import HomePage

Key = tuple[int, str]

FILE_FIELDS = (
    "title",
    "description",
    "credit",
    "focal_point_x",
    "focal_point_y",
    "focal_point_width",
    "focal_point_height",
)


def key_of(thing: Model) -> Key:
    """Return what stands for a thing in Wagtail's index of references; a page is a `Page` there."""
    return _key(Page if isinstance(thing, Page) else type(thing), thing.pk)


def _key(model: type[Model], pk: object) -> Key:
    return ContentType.objects.get_for_model(model).pk, str(pk)


def describe(thing: Model) -> str:
    """Return a thing's kind and name: `the course “Safeguarding adults”`."""
    return f"the {thing._meta.verbose_name} “{thing}”"


def same(one: Model, other: Model) -> bool:
    """Whether two objects of one model hold the same values."""
    return all(
        getattr(one, field.attname) == getattr(other, field.attname)
        for field in one._meta.concrete_fields
        if not field.primary_key
    )


def same_file(file: Any, made: Any, path: Path) -> bool:
    """Whether a picture or document is as it was made: its words, its file, no tags.

    Where the file itself is lost, there is nothing to keep.
    """
    if file.tags.exists():
        return False
    if any(getattr(file, name, "") != getattr(made, name, "") for name in FILE_FIELDS):
        return False
    try:
        with file.file.storage.open(file.file.name) as stored:
            return bool(stored.read() == path.read_bytes())
    except FileNotFoundError:
        return True


def changed_by_staff(page: Page) -> bool:
    """Whether anybody who was signed in saved, published, moved or reordered the page."""
    return (
        page.revisions.filter(user__isnull=False).exists()
        or PageLogEntry.objects.filter(page=page.pk, user__isnull=False).exists()
    )


def kept_by_others(going: dict[Key, Any]) -> Iterator[tuple[Any, Any]]:
    """Take out of `going` what is needed by anything that stays, and yield each with that.

    The home page is never deleted, so that nothing needs its texts.
    """
    needed_by: defaultdict[Key, list[Key]] = defaultdict(list)
    for source, target in _needs():
        needed_by[target].append(source)
    found = True
    while found:
        found = False
        for key, thing in list(going.items()):
            if isinstance(thing, HomePage):
                continue
            staying = (_get(source) for source in needed_by[key] if source not in going)
            if other := next(filter(None, staying), None):
                del going[key]
                found = True
                yield thing, other


def _needs() -> Iterator[tuple[Key, Key]]:
    """Yield who needs whom: what refers to something, and a page its parent."""
    for from_type, from_pk, to_type, to_pk in ReferenceIndex.objects.values_list(
        "base_content_type", "object_id", "to_content_type", "to_object_id"
    ):
        yield (from_type, from_pk), (to_type, to_pk)
    pages = dict(Page.objects.values_list("path", "pk"))
    for path, pk in pages.items():
        if parent := pages.get(path[: -Page.steplen]):
            yield _key(Page, pk), _key(Page, parent)
    # The index of references leaves these out.
    for model in (BlogPage, CoursePage):
        for pk, topic in model.objects.filter(topics__isnull=False).values_list("pk", "topics"):
            yield _key(Page, pk), _key(Topic, topic)
    courses = CoursePage.objects.filter(audiences__isnull=False)
    for pk, audience in courses.values_list("pk", "audiences"):
        yield _key(Page, pk), _key(Audience, audience)
    roles = Role.objects.filter(courses__isnull=False)
    for pk, course in roles.values_list("pk", "courses"):
        yield _key(Role, pk), _key(Page, course)
    for settings in OrganisationSettings.objects.filter(logo__isnull=False):
        yield key_of(settings), _key(CustomImage, settings.logo_id)


def _get(key: Key) -> Any:
    """Return the thing itself; None where the index still names one that was deleted."""
    content_type, pk = key
    model: Any = ContentType.objects.get_for_id(content_type).model_class()
    thing = model._base_manager.filter(pk=pk).first()
    return thing.specific if isinstance(thing, Page) else thing
