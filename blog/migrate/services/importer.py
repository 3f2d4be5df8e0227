"""Bringing old posts in: the only writer of imported pages, their pictures and redirects."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import transaction
from django.utils import timezone

from base.models import PersonPage, Topic, User
from base.task_backend import once
from blog.models import BlogIndexPage, BlogPage, BlogPageAuthor

from ..convert import Picture
from ..errors import UnreadableError
from ..fetching import Fetcher
from ..links import addresses, common_form, host_of, relink
from ..models import ImportedPost, OldLink
from ..pictures import Pictures
from ..preparing import ItemError, Prepared, check_blocks, prepare
from ..report import Line, Report
from ..sources import BadItem, Source, SourcePost
from .addresses import free_slug, free_topic_slug, redirect_from
from .comments import keep_comments, new_comments
from .pages import complete_links, news_page, pages_at, publish

logger = logging.getLogger(__name__)

DELETED = "It was deleted here, so it is not brought in again."
EDITED = "It changed in the source, but was edited here since: it is left as it is."
TWICE = "The source has it twice; the first was taken."
UNPUBLISHED = "It changed in the source. The change is a draft: the page was unpublished here."
LIVE = "It changed in the source. The change is a draft: publish it to show it."
UNEXPECTED = "It could not be brought in ({}). The others were."


@dataclass(frozen=True)
class Outcome:
    """What became of one item."""

    skipped: str = ""
    is_unchanged: bool = False
    is_update: bool = False
    prepared: Prepared | None = None
    new_topics: list[str] = field(default_factory=list)
    comments: int = 0


class Importer:
    """Brings the posts of a source in, each in a transaction of its own.

    A second run finds what the first one left, so an interrupted run is simply repeated. With
    `dry_run` everything is read, converted and checked, and nothing is written. With `seconds` it
    stops when the time is up, and the report says so.
    """

    def __init__(
        self,
        source: Source,
        fetcher: Fetcher,
        *,
        publish: bool = False,
        dry_run: bool = False,
        user: User | None = None,
        seconds: float | None = None,
        progress: Callable[[int], None] = lambda done: None,
    ) -> None:
        self.source = source
        self.news = news_page()
        self.pictures = Pictures(source, fetcher, user)
        self.publish = publish
        self.user = user
        self.progress = progress
        self.until = time.monotonic() + seconds if seconds else None
        self.report = Report(is_dry_run=dry_run)
        self.seen: set[str] = set()
        self.forms: set[str] = set()
        self.open_links: set[str] = set()
        self.people = {
            person.title: person for person in PersonPage.objects.order_by("-path").defer("body")
        }
        self.topics = {topic.name.casefold(): topic for topic in Topic.objects.all()}
        self.new_topics: set[str] = set()

    def run(self) -> Report:
        """Bring everything in. Raises UnreadableError if nothing at all can be read."""
        done = 0
        try:
            for done, item in enumerate(self.source.items(), 1):
                self._take(item)
                self.progress(done)
                if self.until and time.monotonic() > self.until:
                    self.report.is_complete = False
                    break
        except UnreadableError as error:
            if not done:
                raise
            self.report.skipped.append(Line("The rest of the source", str(error)))
        if not self.report.is_dry_run:
            complete_links(self.report, self.user, self.until)
        self._count_open_links()
        return self.report

    def _take(self, item: SourcePost | BadItem) -> None:
        """Bring one item in, or report why not: a bad one never stops the rest."""
        if isinstance(item, BadItem):
            self.report.skipped.append(Line(item.name, item.reason))
            return
        name = item.title or item.address or item.source_id
        if item.source_id in self.seen:
            self.report.skipped.append(Line(name, TWICE))
            return
        self.seen.add(item.source_id)
        known_topics = dict(self.topics)
        try:
            with transaction.atomic(), once():
                outcome = replace(self._decide(item), comments=self._keep_comments(item))
        except Exception as error:
            self.pictures.take_back()
            self.topics = known_topics
            if not isinstance(error, ItemError):
                logger.exception("Importing %s failed", item.source_id)
            reason = str(error) if isinstance(error, ItemError) else UNEXPECTED.format(error)
            outcome = Outcome(skipped=reason)
        self.pictures.keep()
        self._tell(name, outcome)

    def _decide(self, item: SourcePost) -> Outcome:
        """Import, update, or leave alone."""
        records = ImportedPost.objects.select_for_update(of=("self",)).select_related("page")
        record = records.filter(source_id=item.source_id).first()
        self.forms.add(common_form(item.address))
        if record and record.page is None:
            return Outcome(skipped=DELETED)
        is_same = record is not None and record.fingerprint == item.fingerprint
        if record and is_same and not (record.missing_pictures and record.is_untouched):
            return Outcome(is_unchanged=True)
        if record and not record.is_untouched:
            return Outcome(skipped=EDITED)
        prepared = prepare(item, self.people, self.pictures)
        if record and is_same and prepared.missing_pictures >= record.missing_pictures:
            return Outcome(is_unchanged=True)
        new_topics = [name for name in prepared.topics if name.casefold() not in self.topics]
        if self.report.is_dry_run:
            self._note_links(item, prepared.blocks)
        else:
            self._write(item, prepared, record)
        return Outcome(prepared=prepared, is_update=record is not None, new_topics=new_topics)

    def _tell(self, name: str, outcome: Outcome) -> None:
        """Add what became of an item to the report."""
        report, prepared = self.report, outcome.prepared
        report.unchanged += outcome.is_unchanged
        report.comments += outcome.comments
        if outcome.skipped:
            report.skipped.append(Line(name, outcome.skipped))
        if prepared:
            (report.updated if outcome.is_update else report.imported).append(prepared.title)
            report.attention += [Line(prepared.title, note) for note in prepared.notes]
        for topic in outcome.new_topics:
            if topic.casefold() not in self.new_topics:
                self.new_topics.add(topic.casefold())
                report.new_topics.append(topic)

    # Writing

    def _write(self, item: SourcePost, prepared: Prepared, record: ImportedPost | None) -> None:
        blocks = [self._with_image(block) for block in prepared.blocks]
        open_links = self._relink(item, blocks)
        page: BlogPage = (
            record.page.get_latest_revision_as_object()
            if record and record.page
            else BlogPage(live=False, owner=self.user)
        )
        self._fill(page, prepared, blocks)
        shall_be_live = self._shall_be_live(item, page, prepared, is_new=record is None)
        if record is None:
            page.slug = free_slug(prepared.title, self.news)
            # Fetched anew: after a transaction that was rolled back it would be out of date.
            news: Any = BlogIndexPage.objects.select_for_update().get(pk=self.news.pk)
            news.add_child(instance=page)
        else:
            record.old_links.all().delete()
        revision = page.save_revision(user=self.user, clean=False)
        if shall_be_live:
            publish(page, revision, self.user, item.published)
        record = record or ImportedPost(source_id=item.source_id)
        record.address = common_form(item.address)
        record.page = page
        record.revision = revision
        record.fingerprint = item.fingerprint
        record.missing_pictures = prepared.missing_pictures
        record.imported_at = timezone.now()
        record.save()
        OldLink.objects.bulk_create(OldLink(post=record, address=form) for form in open_links)
        if note := redirect_from(item.address, page):
            prepared.notes.append(note)

    def _fill(self, page: BlogPage, prepared: Prepared, blocks: list[dict[str, Any]]) -> None:
        page.title = prepared.title
        page.intro = prepared.intro
        page.byline = prepared.byline
        page.published_at = prepared.published
        page.body = check_blocks(blocks)
        page.topics = [self._topic(name) for name in prepared.topics]
        page.authors = [BlogPageAuthor(person=prepared.person)] if prepared.person else []
        if prepared.picture:
            page.image = self.pictures.bring_in(prepared.picture.src, prepared.picture.alt)
            page.image_is_decorative = page.image is not None and not page.image.is_described

    def _shall_be_live(
        self, item: SourcePost, page: BlogPage, prepared: Prepared, *, is_new: bool
    ) -> bool:
        """Whether to publish, noting where a change stays a draft."""
        was_unpublished = not page.live and page.first_published_at is not None
        if was_unpublished:
            prepared.notes.append(UNPUBLISHED)
        elif page.live and not self.publish:
            prepared.notes.append(LIVE)
        return self.publish and item.is_public and (is_new or not was_unpublished)

    def _with_image(self, block: dict[str, Any]) -> dict[str, Any]:
        """Replace a picture by the site's image of it."""
        if block["type"] != "picture":
            return block
        picture: Picture = block["value"]
        image = self.pictures.bring_in(picture.src, picture.alt)
        if image is None:
            raise ItemError(f"The picture {picture.src} is gone.")
        alt = picture.alt or image.default_alt_text
        chosen = {"image": image.pk, "alt_text": alt, "decorative": not alt}
        return {"type": "image", "value": {"image": chosen, "caption": picture.caption}}

    def _topic(self, name: str) -> Topic:
        """Return the topic of a name, whatever its capitals, made if there is none."""
        topic = self.topics.get(name.casefold())
        if topic is None:
            topic = Topic.objects.create(name=name, slug=free_topic_slug(name))
            self.topics[name.casefold()] = topic
        return topic

    def _keep_comments(self, item: SourcePost) -> int:
        """Keep what readers wrote, also below a post that did not change; return how much."""
        if not item.comments:
            return 0
        record = ImportedPost.objects.filter(source_id=item.source_id).first()
        if self.report.is_dry_run:
            return len(new_comments(item, record))
        return keep_comments(item, record) if record else 0

    # Links

    def _note_links(self, item: SourcePost, blocks: list[dict[str, Any]]) -> set[str]:
        """Return the links to pages of the old site that are not here yet."""
        forms = addresses(blocks)
        host = host_of(common_form(item.address or item.base))
        found = {form for form in forms if host_of(form) in {host, ""}} - {""}
        self.open_links |= found
        return found

    def _relink(self, item: SourcePost, blocks: list[dict[str, Any]]) -> set[str]:
        """Turn links to posts that are here into links to pages; return those still open."""
        forms = addresses(blocks)
        if not forms:
            return set()
        pages = pages_at(forms)
        found = self._note_links(item, blocks)
        relink(blocks, pages.get)
        return found - pages.keys()

    def _count_open_links(self) -> None:
        """Say how many pages of the old site are linked to and not brought in."""
        missing = self.open_links - self.forms - pages_at(self.open_links - self.forms).keys()
        if missing:
            some = ", ".join(sorted(missing)[:3])
            text = f"Pages linked to but not brought in: {len(missing)}, such as {some}."
            self.report.attention.append(Line("Links to the old site", text))
