"""Scripts that an old site holds never get into this one, whichever way they come."""

from collections.abc import Callable
from pathlib import Path

import feedparser
import nh3
import pytest
from bs4 import BeautifulSoup
from django.test import Client

from blog.migrate.report import Report
from blog.models import BlogIndexPage, BlogPage
from tests.blog.migrate.hostile import FORMATS
from tests.payloads import PAYLOADS

Bring = Callable[..., Report]
ADDRESSES = {"href", "src", "action", "data"}
DATA = {"application/ld+json", "application/json"}
TAGS = {"p", "b", "i", "a", "ul", "ol", "li", "br"}
ATTRIBUTES = {"a": {"href", "linktype", "id"}}
SAFE_SCHEMES = ("http:", "https:", "mailto:", "tel:", "/", "#", "?")


def dangers(html: str | BeautifulSoup) -> list[str]:
    """Return everything in a page that would call what the payloads call."""
    found = []
    page = BeautifulSoup(html, "lxml") if isinstance(html, str) else html
    for tag in page.find_all(True):
        for name, value in tag.attrs.items():
            address = str(value).strip().lower()
            is_event = name.startswith("on") or name in {"srcdoc", "formaction", "style"}
            is_odd = name in ADDRESSES and not address.startswith(SAFE_SCHEMES)
            if (is_event or is_odd) and ("alert(1)" in address or "script:" in address):
                found.append(f"{tag.name} {name}={address[:60]}")
        is_script = tag.name in {"script", "style"} and tag.get("type") not in DATA
        if is_script and "alert(1)" in tag.get_text():
            found.append(str(tag)[:60])
    return found


def test_the_check_itself_finds_them() -> None:
    assert sum(bool(dangers(f"<body>{payload}")) for payload in PAYLOADS) > 70


def test_there_are_a_hundred_different_ones() -> None:
    assert len(PAYLOADS) == len(set(PAYLOADS)) == 100


@pytest.fixture
def survivors(
    bring: Bring, tmp_path: Path, news: BlogIndexPage, admin: Client
) -> Callable[[str, list[str]], None]:
    """Bring payloads in, and fail on whatever still calls something."""

    def look(kind: str, payloads: list[str]) -> None:
        for name, text in FORMATS[kind](payloads).items():
            (tmp_path / name).write_bytes(text.encode("utf-8", "replace"))
        report = bring(path=tmp_path, publish=True)
        assert len(report.imported) >= 0.9 * len(payloads), report.skipped
        client = Client()
        for post in BlogPage.objects.live():
            for block in post.body.get_prep_value():
                if block["type"] == "paragraph":
                    clean = nh3.clean(
                        block["value"], tags=TAGS, attributes=ATTRIBUTES, link_rel=None
                    )
                    assert BeautifulSoup(block["value"], "lxml") == BeautifulSoup(clean, "lxml")
            answer = client.get(post.url)
            assert answer.status_code == 200
            shown = BeautifulSoup(answer.content, "lxml")
            assert not dangers(shown), post.title
            assert not shown.find(["iframe", "object", "embed", "base", "style"])
        lists = ["/admin/news/", f"/admin/pages/{news.pk}/", "/admin/snippets/base/topic/"]
        for address in [news.url, *lists]:
            assert not dangers(admin.get(address).content.decode()), address
        feed = feedparser.parse(client.get(f"{news.url}feed/").content, sanitize_html=False)
        assert feed.entries
        assert not [found for entry in feed.entries for found in dangers(entry.content[0]["value"])]

    return look


@pytest.mark.parametrize(("number", "kind"), list(enumerate(FORMATS)))
def test_none_survives(number: int, kind: str, survivors: Callable[[str, list[str]], None]) -> None:
    survivors(kind, PAYLOADS[number :: len(FORMATS)])


@pytest.mark.slow
@pytest.mark.parametrize("kind", FORMATS)
def test_none_of_a_hundred_survives(
    kind: str,
    survivors: Callable[[str, list[str]], None],
    rounds: Callable[[int, int], int],
) -> None:
    survivors(kind, PAYLOADS[: rounds(5, 100)])
