"""Bringing old posts in, one after the other."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db import transaction

from base.models import User
from base.task_backend import once

from ..fetching import Fetcher
from ..links import addresses_on, common_form, host_of
from ..pictures import Pictures
from ..preparing import ItemError, Prepared, prepare
from ..report import Line, Report
from ..sources import BadItem, Source, SourcePost
from .authors import key_of
from .budget import Budget
from .comments import keep_comments, new_comments
from .pages import complete_links, news_page, pages_at
from .records import FULLER, Known, is_one_post
from .writing import Writer

logger = logging.getLogger(__name__)

TWICE = "The source has it twice; the first was taken."
UNEXPECTED = "It could not be brought in ({}). The others were."
NOT_TRIED_AGAIN = (
    "{} posts lack pictures that could not be fetched, and there was no time to try again. "
    "To do so, import the same source again."
)
WITHOUT_A_PAGE = (
    "This is an author without a page. The import makes a draft of one below the people’s page. "
    "Posts show the name alone; once you have completed and published the page, they lead to it."
)


@dataclass(frozen=True)
class Outcome:
    """What became of one item."""

    skipped: str = ""
    is_unchanged: bool = False
    is_update: bool = False
    prepared: Prepared | None = None
    new_topics: list[str] = field(default_factory=list)
    new_authors: list[str] = field(default_factory=list)
    comments: int = 0


class Importer:
    """Brings the posts of a source in, each in a transaction of its own.

    A post is read, and its pictures are fetched, before its transaction begins: nothing is locked
    while another site takes its time. A second run finds what the first one left, so an
    interrupted run is simply repeated. With `dry_run` everything is read, converted and checked,
    and nothing is written. With `seconds` it stops when it has worked for so long, and the report
    says so.
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
        self.pictures = Pictures(source, fetcher, user)
        self.writer = Writer(news_page(), self.pictures, user, publish=publish)
        self.user = user
        self.progress = progress
        self.budget = Budget(seconds)
        self.report = Report(is_dry_run=dry_run)
        self.seen: set[str] = set()
        self.waiting: set[str] = set()
        self.foretold: dict[str, list[tuple[str, datetime, int]]] = {}
        self.forms: set[str] = set()
        self.open_links: set[str] = set()
        self.new_topics: set[str] = set()
        self.new_authors: set[str] = set()

    def run(self) -> Report:
        """Bring everything in. Raises UnreadableError if nothing at all can be read.

        Posts that only lack pictures come last, and once: the others are not kept waiting by a
        site that does not answer.
        """
        try:
            for done, item in enumerate(self.source.items(), 1):
                self._take(item)
                self.progress(done)
                if not self.report.is_complete:
                    break
            self._try_missing_pictures()
            if not self.report.is_dry_run:
                complete_links(self.report, self.user, self.budget)
        finally:
            self.pictures.close()
        self._count_open_links()
        return self.report

    def _take(self, item: SourcePost | BadItem) -> None:
        """Bring one item in, or report why not: a bad one never stops the rest."""
        if isinstance(item, BadItem):
            self.report.skipped.append(Line(item.name, item.reason))
            return
        if item.source_id in self.seen:
            self.report.skipped.append(Line(name_of(item), TWICE))
            return
        self.seen.add(item.source_id)
        known = Known.of(item)
        if known.lacks_pictures(item):
            self.waiting.add(item.source_id)
        needs_work = not known.is_same(item) and not known.reason_to_leave()
        if needs_work and self.budget.is_up:
            self.report.is_complete = False
            return
        self.forms.add(common_form(item.address))
        self._tell(name_of(item), self._bring_in(item, known))

    def _try_missing_pictures(self) -> None:
        """Ask once more for pictures that could not be fetched, as long as there is time."""
        if not self.waiting or not self.report.is_complete:
            return
        for item in self.source.items():
            if self.budget.is_spent:
                break
            if isinstance(item, SourcePost) and item.source_id in self.waiting:
                self.waiting.discard(item.source_id)
                outcome = self._bring_in(item, Known.of(item), again=True)
                if not outcome.is_unchanged:
                    self.report.unchanged -= 1  # as which it was told before
                    self._tell(name_of(item), outcome)
        if self.waiting:
            text = NOT_TRIED_AGAIN.format(len(self.waiting))
            self.report.attention.append(Line("Missing pictures", text))

    def _bring_in(self, item: SourcePost, known: Known, *, again: bool = False) -> Outcome:
        """Do what is to be done with a post; `again` asks for its pictures also if it is as it was.

        A failure undoes all that the post has changed.
        """
        known_topics, known_people = dict(self.writer.topics), dict(self.writer.authors.people)
        try:
            with self.pictures.of_one_post():
                outcome = self._settled(known, item, again=again)
                if outcome:
                    return replace(outcome, comments=self._keep_comments(item))
                with self.budget.working():
                    prepared = prepare(item, self.pictures)
                    outcome = self._use(item, prepared, again=again)
                if outcome.prepared is None:
                    self.pictures.forget()
                else:
                    self.budget.done += 1
                return outcome
        except Exception as error:
            self.writer.topics, self.writer.authors.people = known_topics, known_people
            if isinstance(error, ItemError):
                return Outcome(skipped=str(error))
            logger.exception("Importing %s failed", item.source_id)
            return Outcome(skipped=UNEXPECTED.format(error))

    def _settled(self, known: Known, item: SourcePost, *, again: bool) -> Outcome | None:
        """Say what becomes of a post that needs no work."""
        if known.any and known.any.page is None:
            return Outcome(skipped=known.reason_to_leave())
        if known.is_same(item):
            return None if again and known.lacks_pictures(item) else Outcome(is_unchanged=True)
        reason = known.reason_to_leave()
        return Outcome(skipped=reason) if reason else None

    def _use(self, item: SourcePost, prepared: Prepared, *, again: bool) -> Outcome:
        """Write a post, or with `dry_run` say what would be written."""
        if self.report.is_dry_run:
            return self._foretell(item, prepared)
        with transaction.atomic(), once():
            self.writer.hold()
            known = Known.of(item, lock=True)
            # Somebody may have edited or brought in the post while its pictures were fetched.
            outcome = self._settled(known, item, again=again) or self._no_better(
                known, item, prepared
            )
            if outcome is None:
                outcome = self._told(prepared, is_update=known.any is not None)
                self.writer.write(item, prepared, known, self._links(item, prepared))
            elif outcome.skipped == FULLER:
                self.writer.remember(item, known)
            return replace(outcome, comments=self._keep_comments(item))

    def _no_better(self, known: Known, item: SourcePost, prepared: Prepared) -> Outcome | None:
        """Say that what is here stays, if the source has nothing to add to it."""
        record = known.record
        if record and known.is_same(item):
            is_better = prepared.missing_pictures < record.missing_pictures
            return None if is_better else Outcome(is_unchanged=True)
        return Outcome(skipped=FULLER) if known.is_fuller_than(prepared, item) else None

    def _foretell(self, item: SourcePost, prepared: Prepared) -> Outcome:
        """Say what would be written, knowing also what this run would have written before."""
        known, form = Known.of(item), common_form(item.address)
        told = self.foretold.setdefault(form, []) if form != host_of(form) else []
        twins = [post for post in told if is_one_post(post[:2], (item.title, item.published))]
        told.append((prepared.title, prepared.published, prepared.words))
        if known.any is None and any(words >= prepared.words for _, _, words in twins):
            outcome: Outcome | None = Outcome(skipped=FULLER)
        else:
            outcome = self._no_better(known, item, prepared)
        if outcome is None:
            self._links(item, prepared)
            outcome = self._told(prepared, is_update=bool(known.any or twins))
        return replace(outcome, comments=self._keep_comments(item))

    def _told(self, prepared: Prepared, *, is_update: bool) -> Outcome:
        topics = [name for name in prepared.topics if name.casefold() not in self.writer.topics]
        authors = self.writer.authors.without_a_page(prepared.names)
        return Outcome(
            prepared=prepared, is_update=is_update, new_topics=topics, new_authors=authors
        )

    def _keep_comments(self, item: SourcePost) -> int:
        """Keep what readers wrote, also below a post that did not change; return how much."""
        if not item.comments:
            return 0
        if self.report.is_dry_run:
            return len(new_comments(item, Known.of(item).record))
        with transaction.atomic():
            record = Known.of(item, lock=True).record
            return keep_comments(item, record) if record else 0

    def _links(self, item: SourcePost, prepared: Prepared) -> set[str]:
        """Return the links to pages of the old site, and remember them for the report."""
        links = addresses_on(common_form(item.address or item.base), prepared.blocks)
        self.open_links |= links
        return links

    # The report

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
        for author in outcome.new_authors:
            if key_of(author) not in self.new_authors:
                self.new_authors.add(key_of(author))
                report.attention.append(Line(author, WITHOUT_A_PAGE))

    def _count_open_links(self) -> None:
        """Say how many pages of the old site are linked to and not brought in."""
        missing = self.open_links - self.forms - pages_at(self.open_links - self.forms).keys()
        if missing:
            some = ", ".join(sorted(missing)[:3])
            text = f"Pages linked to but not brought in: {len(missing)}, such as {some}."
            self.report.attention.append(Line("Links to the old site", text))


def name_of(item: SourcePost) -> str:
    """Return what the report calls a post."""
    return item.title or item.address or item.source_id
