"""The newsletter, as other apps know it.

Forms offer it beside what they are for. An app registers it by a hook, and forms ask for it:

    @hooks.register("register_newsletter")
    def newsletter(request: HttpRequest) -> Newsletter | None:
        return Newsletter("Send me the newsletter", "Once a month.", ask)

Apps with something to tell offer it to the next issue:

    @hooks.register("register_newsletter_section")
    def dates(since: datetime) -> Section | None:
        return Section("Course dates", "dates", [Entry(course)])
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest
from wagtail import hooks
from wagtail.models import Page

HOOK = "register_newsletter"
SECTION_HOOK = "register_newsletter_section"


@dataclass(frozen=True)
class Newsletter:
    """What stands beside and below a box, which is never ticked already; and what a tick does."""

    label: str
    promise: str
    # Takes the request, an e-mail address, a name and the path of the form. A refusal is kept
    # quiet: the form is about more.
    ask: Callable[[HttpRequest, str, str, str], None]


def newsletter_for(request: HttpRequest) -> Newsletter | None:
    """Return the newsletter that a form may offer; none where there is none to join."""
    offers = (register(request) for register in hooks.get_hooks(HOOK))
    return next(filter(None, offers), None)


@dataclass(frozen=True)
class Entry:
    """A page that an issue tells of: in whose words, and in short sentences for Easy Read."""

    page: Page
    words: str = ""  # left empty, its own summary
    easy_words: str = ""


@dataclass(frozen=True)
class Section:
    """A part of an issue. `interest` is that of those who get it: "news", or "dates"."""

    heading: str
    interest: str
    entries: Sequence[Entry]


def sections_since(moment: datetime) -> list[Section]:
    """Return what apps have to tell that is new since a moment, without what is empty."""
    offers = (register(moment) for register in hooks.get_hooks(SECTION_HOOK))
    return [section for section in offers if section and section.entries]
