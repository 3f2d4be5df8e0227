"""What staff should know about an issue before they send it, in their words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple

from bs4 import BeautifulSoup
from django.db.models import Q
from wagtail.blocks import StreamValue
from wagtail.models import Page

from base.letters import SIGNATURE
from base.querysets import BasePageQuerySet
from base.rich_text import IS_ID, BulkDocumentLinkHandler

from .editions import EDITIONS, TOKEN, Edition, Letter, has_content, render_letter, served_by
from .reading import GROWN_UP, plain, reading_age, sentences_of, word_count

if TYPE_CHECKING:
    from base.models import CustomImage

    from .models import NewsletterIssuePage

SUBJECT_ON_A_PHONE = 50  # characters
KB = 1024
# Gmail shows no more of a mail, and hides the rest, with the link to leave, behind another.
LARGEST = 102 * KB  # bytes
LONGEST_LINK = 120  # characters of what is one reader's in a link, rounded up
OLDEST_AGE = 14  # years
# Words in a sentence of Easy Read, as its editors are told.
LONGEST_SENTENCE = 15


class Level(StrEnum):
    """How bad it is: a problem should not be sent, a warning is for staff to judge."""

    OK = "ok"
    WARNING = "warning"
    PROBLEM = "problem"


class Check(NamedTuple):
    """What was looked at, and what was found."""

    name: str
    level: Level
    title: str
    details: Sequence[str] = ()


def check(issue: NewsletterIssuePage) -> list[Check]:
    """Return everything that can be told without the network: all checks, in the same order."""
    letters = {edition: render_letter(issue, edition) for edition in editions_of(issue)}
    return [
        _published(issue),
        _readers(issue),
        _subject_length(issue),
        _subject_again(issue),
        _intro(issue),
        _parts(issue),
        _page_links(issue),
        _dates(issue),
        _pictures(issue),
        _size(letters),
        _plain_text(issue, letters),
        _reading_age(issue),
        _easy_read(issue),
        _easy_sentences(issue),
        _easy_pictures(issue),
    ]


def editions_of(issue: NewsletterIssuePage) -> list[Edition]:
    """Return the editions that readers of an issue may get, without those that are the same."""
    # Where there is nothing for anybody, all are looked at: staff see what is missing.
    served = served_by(issue) or set(EDITIONS.values())
    return [
        edition
        for edition in EDITIONS.values()
        if edition in served and (issue.easy_read or not edition.is_easy_read)
    ]


def counted(number: int, noun: str) -> str:
    """Return a number with what is counted: "1 picture", "1,200 pictures"."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _published(issue: NewsletterIssuePage) -> Check:
    name = "published"
    if not issue.live:
        title = "The issue is not published. Publish it before you send it."
        return Check(name, Level.PROBLEM, title)
    if issue.has_unpublished_changes:
        title = "There are changes that are not published. Readers get the issue without them."
        return Check(name, Level.WARNING, title)
    return Check(name, Level.OK, "The issue is published as you see it.")


def _readers(issue: NewsletterIssuePage) -> Check:
    # Services are made of models, as are checks.
    from .models import Sending
    from .services import readers_of

    readers = readers_of(issue, Sending.Audience.EVERYBODY)
    if number := readers.count():
        return Check("readers", Level.OK, f"There is news for {counted(number, 'reader')}.")
    return Check("readers", Level.PROBLEM, "There is nobody to send it to.")


def _subject_length(issue: NewsletterIssuePage) -> Check:
    title = f"The subject has {counted(len(issue.mail_subject), 'character')}."
    if len(issue.mail_subject) > SUBJECT_ON_A_PHONE:
        title = f"{title} Phones show about {SUBJECT_ON_A_PHONE}."
        return Check("subject-length", Level.WARNING, title)
    return Check("subject-length", Level.OK, f"{title} Phones show all of it.")


def _subject_again(issue: NewsletterIssuePage) -> Check:
    from .models import NewsletterIssuePage

    subject = issue.mail_subject
    is_same = Q(subject__iexact=subject) | Q(subject="", title__iexact=subject)
    came_out = Q(first_published_at__isnull=False) & is_same | Q(sending__subject__iexact=subject)
    others = NewsletterIssuePage.objects.exclude(pk=issue.pk).filter(came_out)
    if titles := [other.title for other in others.only("title").order_by("pk")]:
        title = "An earlier issue has the same subject. Readers may take this one for it."
        return Check("subject-again", Level.WARNING, title, titles)
    return Check("subject-again", Level.OK, "No earlier issue has this subject.")


def _intro(issue: NewsletterIssuePage) -> Check:
    if issue.intro.strip():
        return Check("intro", Level.OK, "It is told in one sentence, for mailboxes and lists.")
    title = "“In one sentence” is empty. Mailboxes show it beside the subject."
    return Check("intro", Level.WARNING, title)


def _parts(issue: NewsletterIssuePage) -> Check:
    """Find what readers do not see any more, of what was chosen for them."""
    details = [
        words
        for stream in (issue.body, issue.easy_read)
        for child in stream
        for words in (
            _lost_pages(child)
            if has_content(child)
            else [f"“{_name_of(child)}” has nothing to show, and is left out."]
        )
    ]
    if details:
        title = "Something that you chose is not there any more for readers."
        return Check("parts", Level.WARNING, title, details)
    return Check("parts", Level.OK, "Every part has something to show.")


def _name_of(child: StreamValue.StreamChild) -> str:
    value = child.value
    names = {"items": "heading", "image": "caption", "button": "text", "row": "words"}
    return value.get(names[child.block_type], "") or child.block.label


def _lost_pages(child: StreamValue.StreamChild) -> Iterator[str]:
    if child.block_type == "items":
        public = {item.page.pk for item in child.value.public_items}
        for item in child.value["pages"]:
            if item["page"] is None:
                yield f"A page under “{_name_of(child)}” was deleted."
            elif item["page"].pk not in public:
                yield f"“{item['page'].title}”, under “{_name_of(child)}”, is not public."
    elif child.block_type == "row" and (page := child.value["page"]) and not _is_public(page):
        yield f"“{page.title}”, beside “{_name_of(child)}” in Easy Read, is not public."


def _is_public(page: Page) -> bool:
    return bool(BasePageQuerySet(Page).visible().filter(pk=page.pk).exists())


def _page_links(issue: NewsletterIssuePage) -> Check:
    """Find links in running text that a mail shows as words, since their target is gone."""
    links = [
        (link.get_text(), str(link["linktype"]), int(id_))
        for source in _paragraphs(issue)
        for link in BeautifulSoup(source, "html.parser").find_all("a", linktype=True)
        if IS_ID(id_ := str(link.get("id", "")))
    ]
    existing: Mapping[str, Any] = {
        "page": BasePageQuerySet(Page).visible(),
        "document": BulkDocumentLinkHandler.existing(),
    }
    details = [
        f"“{words}” leads to a {kind} that is deleted, unpublished or private."
        for kind, targets in existing.items()
        for words, pk in _without_target(targets, [link for link in links if link[1] == kind])
    ]
    if details:
        title = f"{counted(len(details), 'link')} in the text cannot be opened by readers."
        return Check("page-links", Level.PROBLEM, title, details)
    return Check("page-links", Level.OK, "Links to our own pages lead to what readers can open.")


def _without_target(targets: Any, links: Sequence[tuple[str, str, int]]) -> list[tuple[str, int]]:
    found = set(targets.filter(pk__in=[pk for *_, pk in links]).values_list("pk", flat=True))
    return [(words, pk) for words, _, pk in links if pk not in found]


def _paragraphs(issue: NewsletterIssuePage) -> list[str]:
    return [child.value.source for child in issue.body if child.block_type == "paragraph"]


def _items(issue: NewsletterIssuePage) -> Iterator[tuple[str, Any]]:
    """Yield what readers see of the lists of pages, each with its heading."""
    for child in issue.body:
        if child.block_type == "items":
            yield from ((child.value["heading"], item) for item in child.value.public_items)


def _dates(issue: NewsletterIssuePage) -> Check:
    details = [
        f"“{item.page.title}”, under “{heading}”, has no date to come."
        for heading, item in _items(issue)
        if item.page.row_facts.get("run", item) is None
    ]
    if details:
        title = f"{counted(len(details), 'course')} without a date to come."
        return Check("dates", Level.WARNING, title, details)
    return Check("dates", Level.OK, "Every course in it has a date to come.")


def _pictures(issue: NewsletterIssuePage) -> Check:
    pictures = list(_shown_pictures(issue))
    undescribed = {image.pk: where for image, where, is_described in pictures if not is_described}
    if undescribed:
        title = f"{counted(len(undescribed), 'picture')} without a description."
        return Check("pictures", Level.WARNING, title, list(undescribed.values()))
    if pictures:
        return Check("pictures", Level.OK, "Every picture is described.")
    return Check("pictures", Level.OK, "There are no pictures to describe.")


def _shown_pictures(issue: NewsletterIssuePage) -> Iterator[tuple[CustomImage, str, bool]]:
    """Yield the pictures that tell something, where they stand, and whether they are described."""
    for _, item in _items(issue):
        if image := item.page.listing_image:
            yield image, f"“{image.title}”, the picture of “{item.page.title}”", image.is_described
    for child in (*issue.body, *issue.easy_read):
        image = child.value["image"] if child.block_type in {"image", "row"} else None
        # A row's picture is chosen without asking whether it only decorates.
        if image is None or getattr(image, "decorative", False):
            continue
        words = getattr(image, "contextual_alt_text", "") or image.default_alt_text
        where = "in Easy Read" if child.block_type == "row" else "in the text"
        yield image, f"“{image.title}”, {where}", bool(words)


def _size(letters: Mapping[Edition, Letter]) -> Check:
    sizes = {edition: size_of(letter) for edition, letter in letters.items()}
    limit = f"Mail programs cut off what is larger than {LARGEST // KB} kB."
    large = [edition for edition in sizes if sizes[edition] >= LARGEST]
    if large:
        details = [f"{edition.label}: {sizes[edition] // KB} kB" for edition in large]
        title = f"{counted(len(large), 'edition')} too large. {limit} Please shorten the issue."
        return Check("size", Level.PROBLEM, title, details)
    largest = max(sizes.values(), default=0)
    return Check("size", Level.OK, f"The largest edition has {-(-largest // KB)} kB. {limit}")


def size_of(letter: Letter) -> int:
    """Return the size of a letter's HTML in bytes, with the links of a reader in it."""
    return len(letter.html.replace(TOKEN, "-" * LONGEST_LINK).encode())


def _plain_text(issue: NewsletterIssuePage, letters: Mapping[Edition, Letter]) -> Check:
    empty = [
        f"{edition.label}: nothing but the title and the foot"
        for edition, letter in letters.items()
        if not word_count(_own_words(issue, letter))
    ]
    if empty:
        title = "As plain text, an edition has no words. Some people read mails so."
        return Check("plain-text", Level.PROBLEM, title, empty)
    return Check("plain-text", Level.OK, "It can be read as plain text, too.")


def _own_words(issue: NewsletterIssuePage, letter: Letter) -> str:
    return letter.text.partition(f"\n{SIGNATURE}\n")[0].removeprefix(issue.title)


def _reading_age(issue: NewsletterIssuePage) -> Check:
    parts = [issue.intro, *map(plain, _paragraphs(issue))]
    text = "\n".join([*parts, *(item.summary for _, item in _items(issue))])
    age = reading_age(text)
    if age is None:
        title = f"{counted(word_count(text), 'word')} are too few to tell the reading age."
        return Check("reading-age", Level.OK, title)
    title = f"About the reading age of {age}{' or more' * (age == GROWN_UP)}."
    if age > OLDEST_AGE:
        title = f"{title} Shorter sentences and plainer words reach more readers."
        return Check("reading-age", Level.WARNING, title)
    return Check("reading-age", Level.OK, title)


def _easy_read(issue: NewsletterIssuePage) -> Check:
    from .models import Subscriber

    wanting = Subscriber.objects.active().filter(wants_easy_read=True).count()
    if issue.easy_read:
        title = f"There is an Easy Read edition. {counted(wanting, 'reader')} asked for it."
        return Check("easy-read", Level.OK, title)
    if wanting:
        title = f"There is no Easy Read edition. {counted(wanting, 'reader')} asked for one."
        return Check("easy-read", Level.WARNING, title)
    return Check("easy-read", Level.OK, "There is no Easy Read edition, and nobody asked for one.")


def _easy_sentences(issue: NewsletterIssuePage) -> Check:
    long = [
        f"{counted(word_count(sentence), 'word')}: “{sentence}”"
        for row in _rows(issue)
        for sentence in sentences_of(row.value["words"])
        if word_count(sentence) > LONGEST_SENTENCE
    ]
    title = f"{counted(len(long), 'sentence')} of more than {LONGEST_SENTENCE} words in Easy Read."
    return _of_rows(issue, "easy-sentences", long, title, "Sentences in Easy Read are short.")


def _easy_pictures(issue: NewsletterIssuePage) -> Check:
    bare = [f"“{row.value['words']}”" for row in _rows(issue) if row.value["image"] is None]
    title = f"{counted(len(bare), 'part')} of Easy Read without a picture."
    return _of_rows(issue, "easy-pictures", bare, title, "Easy Read has a picture in every part.")


def _of_rows(
    issue: NewsletterIssuePage, name: str, faults: Sequence[str], fault: str, praise: str
) -> Check:
    if faults:
        return Check(name, Level.WARNING, fault, faults)
    return Check(name, Level.OK, praise if issue.easy_read else "There is no Easy Read edition.")


def _rows(issue: NewsletterIssuePage) -> list[StreamValue.StreamChild]:
    return [child for child in issue.easy_read if child.block_type == "row"]
