"""What a post says of itself to other sites: links to pass it on, a citation, structured data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode, urljoin

from django.utils.timezone import localtime

from base.text import in_words

if TYPE_CHECKING:
    from base.models import OrganisationSettings

    from .models import BlogPage


@dataclass(frozen=True)
class ShareLink:
    """A place where a post can be passed on: a plain link, which tells nobody of the visit."""

    label: str
    url: str


def share_links(post: BlogPage) -> list[ShareLink]:
    """Return the ways to pass a post on."""
    title, url = post.title, post.full_url
    words = urlencode({"text": f"{title} {url}"}, quote_via=quote)
    address = urlencode({"u": url})
    letter = urlencode({"subject": title, "body": f"{post.intro}\n\n{url}"}, quote_via=quote)
    return [
        ShareLink("E-mail", f"mailto:?{letter}"),
        ShareLink("WhatsApp", f"https://wa.me/?{words}"),
        ShareLink(
            "LinkedIn", f"https://www.linkedin.com/sharing/share-offsite/?{urlencode({'url': url})}"
        ),
        ShareLink("Facebook", f"https://www.facebook.com/sharer/sharer.php?{address}"),
        ShareLink("Bluesky", f"https://bsky.app/intent/compose?{words}"),
    ]


def names(post: BlogPage) -> list[str]:
    """Return the names of the byline, in its order."""
    people = [person.title for person in post.author_pages]
    return [*people, post.guests] if post.guests else people


def citation(post: BlogPage, organisation: str) -> str:
    """Return how to cite a post, in the Harvard style of web pages.

    Source: Pears and Shields, Cite Them Right.
    """
    authors = in_words(names(post) or [organisation])
    day = localtime(post.listing_date)
    return (
        f"{authors} ({day:%Y}) ‘{post.title}’, {organisation}, {day:%-d %B}. "
        f"Available at: {post.full_url}"
    )


def structured_data(post: BlogPage, organisation: OrganisationSettings) -> dict[str, Any]:
    """Return the post as schema.org's `BlogPosting`, with everything that is known and no more."""
    root = post.full_url
    publisher = {
        "@type": "Organization",
        "name": organisation.organisation_name,
        "url": urljoin(root, "/"),
    }
    people = [
        {"@type": "Person", "name": person.title, "url": person.full_url}
        for person in post.author_pages
    ]
    guests = [{"@type": "Person", "name": post.guests}] if post.guests else []
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "BlogPosting",
        "@id": root,
        "mainEntityOfPage": root,
        "url": root,
        "headline": post.title,
        "description": post.listing_summary,
        "datePublished": localtime(post.listing_date).isoformat(),
        "dateModified": localtime(post.updated_at or post.listing_date).isoformat(),
        "author": people + guests or [publisher],
        "publisher": publisher,
        "keywords": [topic.name for topic in post.topic_list],
        "wordCount": post.word_count,
        "timeRequired": f"PT{post.reading_minutes}M",
        "inLanguage": "en-GB",
        "isAccessibleForFree": True,
    }
    if post.image and (picture := post.image.for_sharing):
        data["image"] = [urljoin(root, picture.url)]
    return data
