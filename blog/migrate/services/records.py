"""What is known of posts that were brought in before."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from django.db.models import QuerySet

from ..links import common_form, host_of
from ..models import ImportedPost
from ..preparing import Prepared
from ..sources import SourcePost

MINUTE = timedelta(minutes=1)
MANY = 20  # posts at one address: it is the blog's, not theirs
DELETED = "It was deleted here, so it is not brought in again."
EDITED = "It changed in the source, but was edited here since: it is left as it is."
FULLER = "It is here already, with as full a text or a fuller one."
FULLER_AND_EDITED = "It is here already from another source, and was edited here since."


@dataclass(frozen=True)
class Known:
    """What the site knows of a post: by its id, or by the address that another source gave it.

    `record` is this source's own; `twin` is that of another source with the same post.
    """

    record: ImportedPost | None = None
    twin: ImportedPost | None = None

    @classmethod
    def of(cls, item: SourcePost, *, lock: bool = False) -> Self:
        """Look a post up; with `lock`, hold what was found until the transaction ends."""
        # Of most posts nothing is known, and then there is no page to ask for.
        records = ImportedPost.objects.prefetch_related("page")
        if lock:
            records = records.select_for_update()
        record = records.filter(source_id=item.source_id).first()
        return cls(record) if record else cls(twin=_twin(item, records))

    @property
    def any(self) -> ImportedPost | None:
        """The record of the post, whichever source it is from."""
        return self.record or self.twin

    def is_same(self, item: SourcePost) -> bool:
        """Whether the post is as it was when this source was read last."""
        return self.record is not None and self.record.fingerprint == item.fingerprint

    def lacks_pictures(self, item: SourcePost) -> bool:
        """Whether all that may be better this time are pictures that could not be fetched."""
        record = self.record
        return bool(
            record and self.is_same(item) and record.missing_pictures and record.is_untouched
        )

    def reason_to_leave(self) -> str:
        """Say why a changed post is not touched; nothing where it may be."""
        if self.any is None:
            return ""
        if self.any.page is None:
            return DELETED
        if not self.any.is_untouched:
            return EDITED if self.record else FULLER_AND_EDITED
        return ""

    def is_fuller_than(self, prepared: Prepared, item: SourcePost) -> bool:
        """Whether the text that is here says as much, where sources differ in what they hold.

        One source alone is followed, also where its post became shorter, unless it became the
        mere beginning of one.
        """
        known = self.any
        if known is None or known.page is None:
            return False
        others = ImportedPost.objects.filter(page=known.page).exclude(pk=known.pk)
        if item.is_whole and not self.twin and not others.exists():
            return False
        return prepared.words <= known.page.get_latest_revision_as_object().word_count


def _twin(item: SourcePost, records: QuerySet[ImportedPost]) -> ImportedPost | None:
    """Return the record of the same post from another source, by its address.

    Some feeds give all posts one address: then title or time tell posts apart.
    """
    form = common_form(item.address)
    if form in {"", host_of(form)}:
        return None
    found = list(records.filter(address=form).order_by("pk")[:MANY])
    if len(found) == MANY:
        return None
    for record in found:
        page = record.page
        if page and is_one_post(
            (page.draft_title, page.published_at), (item.title, item.published)
        ):
            return record
    # The page is gone, and with it its title: nothing else may ever have had the address.
    is_gone = len(found) == 1 and found[0].page_id is None
    return found[0] if is_gone else None


def is_one_post(one: tuple[str, datetime | None], other: tuple[str, datetime | None]) -> bool:
    """Whether two posts at one address are the same: by their title, or by the minute."""
    (title, moment), (other_title, other_moment) = one, other
    if title.casefold() == other_title.casefold():
        return True
    return bool(moment and other_moment and abs(moment - other_moment) < MINUTE)
