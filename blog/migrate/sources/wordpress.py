import hashlib
import re
from collections.abc import Container, Iterator
from contextlib import suppress
from datetime import datetime
from typing import BinaryIO
from xml.etree.ElementTree import Element

from ..text import plain, plain_lines
from .dates import parse_date
from .items import BadItem, SourceComment, SourcePost, short_id
from .xml import NotWellFormedError, find_all, parts

CONTENT = "http://purl.org/rss/1.0/modules/content/"
NONE = "0000-00-00 00:00:00"
APPROVED = {"1", "approved", "approve"}
WAITING = {"0", "hold"}
LEFT_OUT = {"trash", "auto-draft", "inherit"}
BLANK_LINE = re.compile(r"\n\s*\n")
BLOCK_TAG = re.compile(
    r"\s*</?(?:address|article|blockquote|div|dl|figure|form|h[1-6]|hr|iframe|ol|p|pre|section|"
    r"table|ul)\b",
    re.IGNORECASE,
)
CAPTION = re.compile(r"\[caption[^\]]*\](?P<inside>.*?)\[/caption\]", re.IGNORECASE | re.DOTALL)
CAPTION_PARTS = re.compile(
    r"(?P<picture>(?:<a\b[^>]*>\s*)?<img\b[^>]*>(?:\s*</a>)?)(?P<words>.*)",
    re.IGNORECASE | re.DOTALL,
)
EMBED = re.compile(
    r"\[(?:embed|video|audio)[^\]]*\](?P<url>.*?)\[/\w+\]", re.IGNORECASE | re.DOTALL
)
OTHER_SHORTCODE = re.compile(r"\[/?(?:gallery|playlist|more|contact-form)\b[^\]]*\]", re.IGNORECASE)


def read_export(stream: BinaryIO) -> Iterator[SourcePost | BadItem]:
    """Read the posts of a WordPress export with their comments, one at a time.

    Raises UnreadableError where the file breaks, after the posts before that place.
    """
    names: dict[str, str] = {}
    pictures: dict[str, tuple[str, str]] = {}
    # Where the file breaks, the posts before that place are read with what is known by then.
    with suppress(NotWellFormedError):
        for _, element in parts(stream, "author", "item"):
            if _is_author(element):
                names[_text(element, "author_login")] = plain(_text(element, "author_display_name"))
            elif _text(element, "post_type") == "attachment":
                alt = plain(_meta(element).get("_wp_attachment_image_alt", ""))
                pictures[_text(element, "post_id")] = (_text(element, "attachment_url"), alt)
    for element in _posts(stream):
        yield _post(element, names, pictures)


def count_posts(stream: BinaryIO) -> int:
    """Return how many posts an export holds, up to where it breaks."""
    count = 0
    with suppress(NotWellFormedError):
        for _ in _posts(stream):
            count += 1
    return count


def _posts(stream: BinaryIO) -> Iterator[Element]:
    for _, element in parts(stream, "author", "item"):
        if _is_author(element) or _text(element, "post_type") != "post":
            continue
        if _text(element, "status") not in LEFT_OUT:
            yield element


def _is_author(element: Element) -> bool:
    return element.tag.endswith("}author")


def _text(element: Element, name: str) -> str:
    found = find_all(element, name)
    return (found[0].text or "").strip() if found else ""


def _content(element: Element, name: str) -> str:
    """Return the text of the `encoded` child that holds the content, or that of the excerpt."""
    for child in find_all(element, "encoded"):
        if (child.tag == f"{{{CONTENT}}}encoded") == (name == "content"):
            return child.text or ""
    return ""


def _meta(element: Element) -> dict[str, str]:
    return {
        _text(meta, "meta_key"): _text(meta, "meta_value") for meta in find_all(element, "postmeta")
    }


def _post(
    element: Element, names: dict[str, str], pictures: dict[str, tuple[str, str]]
) -> SourcePost | BadItem:
    login = _text(element, "creator")
    link = _text(element, "link")
    title = plain(_text(element, "title"))
    picture, alt = pictures.get(_meta(element).get("_thumbnail_id", ""), ("", ""))
    topics = [plain(category.text or "") for category in find_all(element, "category")]
    source_id = _text(element, "guid") or link
    if not source_id:
        return BadItem(title or "An untitled post", "It has neither an id nor an address.")
    return SourcePost(
        source_id=short_id(source_id),
        title=title,
        html=as_html(_content(element, "content")),
        author=names.get(login) or plain(login),
        published=_moment(element, "post_date"),
        summary=plain(_content(element, "excerpt")),
        topics=tuple(dict.fromkeys(topics)),
        comments=tuple(_comments(element)),
        address=link,
        base=link,
        picture=picture,
        picture_alt=alt,
        is_public=_text(element, "status") in {"", "publish"}
        and not _text(element, "post_password"),
    )


def _moment(element: Element, name: str) -> datetime | None:
    universal, local = _text(element, f"{name}_gmt"), _text(element, name)
    if universal and universal != NONE:
        return parse_date(f"{universal}+00:00")
    return parse_date(local) if local != NONE else None


def _comments(element: Element) -> Iterator[SourceComment]:
    """Read what people wrote, approved or not: no spam, nothing thrown away, no pingbacks."""
    comments = find_all(element, "comment")
    kept = {_comment_id(comment): comment for comment in comments if _is_by_a_reader(comment)}
    parents = {_comment_id(comment): _text(comment, "comment_parent") for comment in comments}
    for own, comment in kept.items():
        yield SourceComment(
            source_id=own,
            author=plain(_text(comment, "comment_author")),
            email=_text(comment, "comment_author_email"),
            text=plain_lines(_text(comment, "comment_content")),
            published=_moment(comment, "comment_date"),
            is_approved=_text(comment, "comment_approved") in APPROVED,
            parent=_top(own, parents, kept),
        )


def _comment_id(comment: Element) -> str:
    names = ("comment_author", "comment_author_email", "comment_date_gmt", "comment_content")
    told = "\n".join(_text(comment, name) for name in names)
    digest = hashlib.sha256(told.encode("utf-8", "replace")).hexdigest()
    return short_id(_text(comment, "comment_id") or digest)


def _is_by_a_reader(comment: Element) -> bool:
    return (
        _text(comment, "comment_type") in {"", "comment"}
        and _text(comment, "comment_approved") in APPROVED | WAITING
        and bool(plain(_text(comment, "comment_content")))
    )


def _top(own: str, parents: dict[str, str], kept: Container[str]) -> str:
    """Return the kept comment that a thread begins with, or nothing where that is the own one."""
    top, seen, above = "", {own}, parents[own]
    while above in parents and above not in seen:
        seen.add(above)
        top = above if above in kept else top
        above = parents[above]
    return top


def as_html(content: str) -> str:
    """Return the content as WordPress would show it: with paragraphs, captions and embeds."""
    content = CAPTION.sub(_figure, content)
    content = EMBED.sub(lambda match: f"\n\n{match['url'].strip()}\n\n", content)
    content = OTHER_SHORTCODE.sub("", content)
    if "<!-- wp:" in content or re.search(r"<p\b", content, re.IGNORECASE):
        return content
    chunks = (chunk.strip() for chunk in BLANK_LINE.split(content.replace("\r\n", "\n")))
    return "\n".join(
        chunk if BLOCK_TAG.match(chunk) else "<p>{}</p>".format(chunk.replace("\n", "<br>"))
        for chunk in chunks
        if chunk
    )


def _figure(match: re.Match[str]) -> str:
    found = CAPTION_PARTS.search(match["inside"])
    if not found:
        return match["inside"]
    return f"<figure>{found['picture']}<figcaption>{found['words']}</figcaption></figure>"
