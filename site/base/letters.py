"""A mail's words as plain text and as HTML, so that they are written once.

What a reader of plain text takes for a list, a quotation, a table, a link or a heading is made one:
lines that begin with "- " or ">", paragraphs of "Name: value" lines, a line that ends with ":"
above an address, and one above anything else. What strangers wrote is quoted, so that nothing in it
becomes a button of ours. Both end with the same foot: why the mail comes, and who sent it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple
from urllib.parse import urljoin

import nh3
from bs4 import BeautifulSoup
from css_inline import CSSInliner
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from wagtail.rich_text import expand_db_html

from base.models import OrganisationSettings
from base.text import as_header

LONGEST_NAME = 40
FACT = re.compile(rf"([^:\n]{{1,{LONGEST_NAME}}}): (.+)")
LINK = re.compile(r"(?P<label>[^\n]+):\n(?P<address>https?://\S+)")
SECTION = re.compile(r"(?P<label>[^\n]+):\n(?P<rest>.+)", re.DOTALL)
GREETING = re.compile(r"[^\n]+,")
ITEM = "- "
QUOTE = ">"
# What stands below it is not quoted in answers (RFC 3676, section 4.3).
SIGNATURE = "-- "

INLINER = CSSInliner(load_remote_stylesheets=False)


@dataclass(frozen=True)
class Part:
    """A paragraph: of which kind, and what it holds."""

    kind: str
    text: str = ""
    label: str = ""
    items: list[str] = field(default_factory=list)
    facts: list[tuple[str, str]] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)


class Picture(NamedTuple):
    """A picture's absolute address, and its size on the screen in CSS pixels."""

    address: str
    width: int
    height: int


def part_of(paragraph: str, *, under_heading: bool = False) -> Part:
    """Return what a paragraph of a letter is. What stands under a heading has none of its own."""
    lines = paragraph.split("\n")
    if link := LINK.fullmatch(paragraph):
        return Part("link", text=link["address"], label=link["label"])
    if all(line.startswith(ITEM) for line in lines):
        return Part("list", items=[line.removeprefix(ITEM) for line in lines])
    if all(line.startswith(QUOTE) for line in lines):
        said = (line.removeprefix(QUOTE).removeprefix(" ") for line in lines)
        return Part("quote", text="\n".join(said))
    facts = [FACT.fullmatch(line) for line in lines]
    if len(lines) > 1 and all(facts):
        return Part("facts", facts=[(fact[1], fact[2]) for fact in facts if fact])
    if not under_heading and (section := SECTION.fullmatch(paragraph)):
        rest = part_of(section["rest"], under_heading=True)
        return Part("section", label=section["label"], parts=[rest])
    return Part("greeting" if GREETING.fullmatch(paragraph) else "text", text=paragraph)


def parts_of(text: str) -> list[Part]:
    """Return the paragraphs of a text."""
    paragraphs = re.split(r"\n{2,}", text.replace("\r\n", "\n").strip())
    return [part_of(paragraph) for paragraph in paragraphs if paragraph]


def letter_of(text: str) -> list[Part]:
    """Return the paragraphs of a letter, and which to look at first and to press next.

    The first that is more than a greeting leads, as a heading; the only link is the action.
    """
    parts = parts_of(text)
    lead = next((part for part in parts if part.kind == "text"), None)
    if lead:
        parts[parts.index(lead)] = replace(lead, kind="lead", text=lead.text.removesuffix(":"))
    links = [part for part in parts if part.kind == "link"]
    if len(links) == 1:
        parts[parts.index(links[0])] = replace(links[0], kind="action")
    return parts


def quoted(text: str) -> str:
    """Return somebody else's words as a letter quotes them: one paragraph, each line marked."""
    return "\n".join(f"{QUOTE} {line}".rstrip() for line in text.strip().splitlines())


def as_text(text: str, why: str = "") -> str:
    """Return a letter as plain text, with its foot. `why` says why somebody gets it."""
    foot = render_to_string("base/mail/foot.txt", _sender() | {"why": why.strip()})
    return f"{text.rstrip()}\n\n{SIGNATURE}\n{foot.strip()}\n"


def as_html(subject: str, text: str, why: str = "") -> str:
    """Return a letter as an HTML page, for programs that show mails so."""
    context = {"subject": subject, "parts": letter_of(text), "why": parts_of(why)}
    return render_mail("base/mail/letter.html", context)


def rich_text_in_mail(source: str) -> SafeString:
    """Return what an editor wrote as the HTML of a mail: plain elements, absolute addresses."""
    cleaned = nh3.clean(
        expand_db_html(source),
        attribute_filter=lambda tag, name, value: (
            urljoin(settings.WAGTAILADMIN_BASE_URL, value) if name == "href" else value
        ),
        link_rel=None,
    )
    return mark_safe(cleaned)  # noqa: S308


def rich_text_as_text(source: str) -> str:
    """Return what an editor wrote as plain text: items marked, addresses after their words."""
    soup = BeautifulSoup(rich_text_in_mail(source), "html.parser")
    for link in soup.find_all("a", href=True):
        words, address = link.get_text(), str(link["href"]).removeprefix("mailto:")
        link.replace_with(words if words == address else f"{words} ({address})")
    for line in soup.find_all("br"):
        line.replace_with("\n")
    for listed in soup.find_all(["ol", "ul"]):
        for number, item in enumerate(listed.find_all("li", recursive=False), start=1):
            item.insert(0, ITEM if listed.name == "ul" else f"{number}. ")
            item.append("\n")
    blocks = soup.find_all(True, recursive=False) or [soup]
    return "\n\n".join(filter(None, (block.get_text().strip() for block in blocks)))


def render_mail(template: str, context: Mapping[str, object]) -> str:
    """Return a mail as HTML: a template that extends `base/mail/frame.html`.

    The frame wants `subject`, and shows the parts of `why` at its foot. Styles are written into the
    elements, since some programs read no others; media queries stay. Nothing is loaded.
    """
    return INLINER.inline(render_to_string(template, {**_sender(), **context}))


def message(
    subject: str, text: str, html: str, to: Sequence[str], **more: Any
) -> EmailMultiAlternatives:
    """Return a mail to be sent, the same words as plain text and as HTML."""
    mail = EmailMultiAlternatives(as_header(subject), text, to=to, **more)
    mail.attach_alternative(html, "text/html")
    return mail


def _sender() -> dict[str, object]:
    """Return what a frame says of the organisation. There is no request: the default site's."""
    found = OrganisationSettings.objects.filter(site__is_default_site=True)
    organisation = found.select_related("logo").first() or OrganisationSettings()
    return {
        "organisation": organisation,
        "home": urljoin(settings.WAGTAILADMIN_BASE_URL, "/"),
        "mark": _mark(organisation),
    }


def _mark(organisation: OrganisationSettings) -> Picture:
    """Return what stands beside the name. Files hold twice the pixels, for sharp screens."""
    base = settings.WAGTAILADMIN_BASE_URL
    if organisation.logo and (rendition := organisation.logo.for_mails):
        width, height = (round(pixels / 2) for pixels in (rendition.width, rendition.height))
        return Picture(urljoin(base, rendition.url), width, height)
    # By its plain name: mails are read for years, fingerprints change with the file.
    return Picture(urljoin(base, f"{settings.STATIC_URL}base/mark.png"), 56, 41)
