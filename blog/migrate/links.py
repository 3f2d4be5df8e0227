"""Links between old posts: found by a common form of their addresses, rewritten to pages."""

import re
from collections.abc import Callable, Iterator
from html import escape, unescape
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

LINK = re.compile(r'<a href="([^"]*)">')
LONGEST = 500


def common_form(address: str) -> str:
    """Return what all ways to write an address share; empty where it names no page.

    `http://www.Old.example/post/?b=2&a=1#top` is `old.example/post?a=1&b=2`.
    """
    try:
        parts = urlsplit(address.strip())
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return ""
    if parts.scheme not in {"http", "https", ""} or not (host or parts.path.startswith("/")):
        return ""
    path = quote(unquote(parts.path), safe="/:@!$&'()*+,;=~-._").rstrip("/")
    query = sorted(pair for pair in parse_qsl(parts.query) if not pair[0].startswith("utm_"))
    form = host + path + (f"?{urlencode(query)}" if query else "")
    return form if len(form) <= LONGEST else ""


def host_of(form: str) -> str:
    """Return the host that an address in its common form begins with."""
    return re.split("[/?]", form, maxsplit=1)[0]


def addresses(blocks: list[dict[str, Any]]) -> set[str]:
    """Return the common forms of all links in the blocks."""
    texts = (text for holder, key in _texts(blocks) for text in [holder[key]])
    forms = {common_form(unescape(href)) for text in texts for href in LINK.findall(text)}
    return forms - {""}


def addresses_on(site: str, blocks: list[dict[str, Any]]) -> set[str]:
    """Return those of them that lead to the site of this address, as `common_form` writes it."""
    return {form for form in addresses(blocks) if host_of(form) in {host_of(site), ""}}


def relink(blocks: list[dict[str, Any]], page_at: Callable[[str], int | None]) -> bool:
    """Turn links into links to pages where `page_at` knows one; return whether any was."""
    changed = False

    def replace(match: re.Match[str]) -> str:
        href = unescape(match[1])
        page = page_at(common_form(href))
        if page is None:
            return match[0]
        place = escape(urlsplit(href).fragment)
        fragment = f' fragment="{place}"' if place else ""
        return f'<a linktype="page" id="{page}"{fragment}>'

    for holder, key in _texts(blocks):
        text = LINK.sub(replace, holder[key])
        changed = changed or text != holder[key]
        holder[key] = text
    return changed


def _texts(blocks: list[dict[str, Any]]) -> Iterator[tuple[Any, Any]]:
    """Yield where in the blocks rich text stands: what holds it, and under which key."""
    for block in blocks:
        if block["type"] == "paragraph":
            yield block, "value"
        elif block["type"] == "table":
            for row in block["value"]["rows"]:
                for number in range(len(row["values"])):
                    yield row["values"], number
