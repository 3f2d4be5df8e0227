"""Who gets what of an issue, and how it looks in their mail."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urljoin

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from wagtail.blocks import StreamValue

from base.blocks.together import read_together
from base.letters import as_text, parts_of, render_mail

from .blocks import EVERYBODY

if TYPE_CHECKING:
    from .models import NewsletterIssuePage, Subscriber

# Stands for what the links of one reader carry, until the mail is theirs.
TOKEN = "-token-of-the-reader-"  # noqa: S105


@dataclass(frozen=True, order=True)
class Edition:
    """An issue as some of its readers get it: by their interests, and in Easy Read or not."""

    news: bool = True
    dates: bool = True
    is_easy_read: bool = False

    @classmethod
    def of(cls, reader: Subscriber) -> Edition:
        """Return what a reader gets. Who ticked Easy Read alone gets everything in Easy Read."""
        wants_all = not (reader.wants_news or reader.wants_dates)
        return cls(
            reader.wants_news or wants_all, reader.wants_dates or wants_all, reader.wants_easy_read
        )

    @property
    def key(self) -> str:
        """Its name in addresses and in the database: "news-dates", "dates-easy-read"."""
        parts = {"news": self.news, "dates": self.dates, "easy-read": self.is_easy_read}
        return "-".join(name for name, is_in in parts.items() if is_in)

    @property
    def label(self) -> str:
        """Its name for staff."""
        interests = " and ".join(
            name for name, is_in in (("news", self.news), ("course dates", self.dates)) if is_in
        )
        return f"{interests[0].upper()}{interests[1:]}{', Easy Read' * self.is_easy_read}"

    def holds(self, interest: str) -> bool:
        """Whether a part of an issue is in it."""
        return interest == EVERYBODY or bool(getattr(self, interest))

    def parts_of(self, stream: StreamValue) -> list[StreamValue.StreamChild]:
        """Return those blocks that are in it, without sections that have nothing to show."""
        held = [child for child in stream if self.holds(interest_of(child)) and has_content(child)]
        following = zip_longest(held, held[1:])
        return [child for child, below in following if not is_bare_heading(child, below)]


EDITIONS = {
    edition.key: edition
    for edition in (
        Edition(news, dates, is_easy_read)
        for is_easy_read in (False, True)
        for news, dates in ((True, True), (True, False), (False, True))
    )
}


class Letter(NamedTuple):
    """A rendered edition. `TOKEN` stands for the reader's own."""

    subject: str
    html: str
    text: str

    def to(self, token: str) -> Letter:
        """Return the same with one reader's links."""
        return Letter(
            self.subject, self.html.replace(TOKEN, token), self.text.replace(TOKEN, token)
        )


def interest_of(child: StreamValue.StreamChild) -> str:
    """Return for whom a block is."""
    value = child.value
    return value.get("interest", EVERYBODY) if hasattr(value, "get") else EVERYBODY


def interests_of(stream: StreamValue) -> set[str]:
    """Return the interests that an issue serves, if any part of it is for some of its readers."""
    return {interest_of(child) for child in stream if has_content(child)} - {EVERYBODY}


def served_by(issue: NewsletterIssuePage) -> set[Edition]:
    """Return the editions in which there is something for their readers.

    All, where no part is for some readers alone; a greeting to everybody is no reason for a mail.
    None, where each of those parts has nothing to show by now.
    """
    interests = interests_of(issue.body)
    is_for_all = all(interest_of(child) == EVERYBODY for child in issue.body)
    return {
        edition
        for edition in EDITIONS.values()
        if is_for_all or any(edition.holds(interest) for interest in interests)
    }


def has_content(child: StreamValue.StreamChild) -> bool:
    """Whether a block has anything to show: pages that are public, a picture that is there."""
    match child.block_type:
        case "items":
            return bool(child.value.public_items)
        case "image":
            return child.value["image"] is not None
        case "button":
            return bool(child.value.href)
        case _:
            return True


def is_bare_heading(child: StreamValue.StreamChild, below: StreamValue.StreamChild | None) -> bool:
    """Whether a block is a heading with nothing below it."""
    return child.block_type == "heading" and (below is None or below.block_type == "heading")


def render_letter(issue: NewsletterIssuePage, edition: Edition) -> Letter:
    """Return an issue as one edition, with the same words as HTML and as plain text.

    Without an Easy Read version its readers get the usual words. Addresses are absolute.
    """
    is_easy_read = edition.is_easy_read and bool(issue.easy_read)
    why = render_to_string("blog_newsletter/mail/issue_why.txt", _links(issue, is_easy_read))
    with read_together([issue.easy_read if is_easy_read else issue.body]) as [stream]:
        context: dict[str, Any] = {
            "issue": issue,
            "subject": issue.mail_subject,
            "blocks": edition.parts_of(stream),
        }
        html = render_mail("blog_newsletter/mail/issue.html", context | {"why": parts_of(why)})
        text = render_to_string("blog_newsletter/mail/issue.txt", context)
    return Letter(issue.mail_subject, html, as_text(_tidy(text), why))


def _links(issue: NewsletterIssuePage, is_easy_read: bool) -> dict[str, str]:
    root = settings.WAGTAILADMIN_BASE_URL
    own = {
        name: urljoin(root, reverse(f"blog_newsletter:{name}", args=[TOKEN]))
        for name in ("preferences", "leave")
    }
    online = urljoin(root, issue.url) if issue.pk and issue.url else ""
    return own | {"online": f"{online}?easy-read" if is_easy_read and online else online}


def _tidy(text: str) -> str:
    """Return a text with one empty line between paragraphs."""
    lines = (line.strip() for line in text.strip().splitlines())
    tidy: list[str] = []
    for line in lines:
        if line or (tidy and tidy[-1]):
            tidy.append(line)
    return "\n".join(tidy)


def at_night(html: str) -> str:
    """Return a mail as it looks where the screen is dark."""
    return html.replace("(prefers-color-scheme: dark)", "all")
