"""A date's leaf in a real browser, for people who set their own colours or larger text."""

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

LEAF = {
    "start": dt.datetime(2027, 9, 22, 9, 30, tzinfo=dt.UTC),
    "end": dt.datetime(2027, 9, 22, 16, 30, tzinfo=dt.UTC),
    "place": "The Old Printworks, Wolverhampton",
    "places_text": "14 places left",
    "note": "Lunch is included.",
    "title": "Medicines with confidence",
    "title_url": "/",
    "url": "/",
    "button_text": "See this course",
}
LOST = """() => [...document.querySelectorAll(".date-leaf, .date-leaf *")]
    .filter(part => !part.closest(".visually-hidden, svg"))
    .filter(part => part.getBoundingClientRect().right > innerWidth
        || part.scrollWidth > part.clientWidth && getComputedStyle(part).display !== "inline")
    .map(part => part.outerHTML)"""


@pytest.fixture
def show(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Open a page with one leaf in the site's styles."""
    contexts = []

    def show(leaf: dict[str, Any], **options: Any) -> Page:
        contexts.append(browser.new_context(**options))
        page = contexts[-1].new_page()
        css = Path(finders.find("base/css/site.css")).read_text()
        html = render_to_string("base/components/date_leaf.html", leaf)
        page.set_content(
            f'<!doctype html><html lang="en-GB"><style>{css}</style><main class="wrap">{html}'
        )
        return page

    yield show
    for context in contexts:
        context.close()


def test_in_colours_of_ones_own_the_number_leaves_the_weekday_free(
    show: Callable[..., Page],
) -> None:
    page = show(LEAF, forced_colors="active")
    weekday = page.locator(".date-leaf__weekday")
    beside_the_number = weekday.screenshot()
    page.locator(".date-leaf__day").evaluate("day => day.style.visibility = 'hidden'")
    assert weekday.screenshot() == beside_the_number


@pytest.mark.parametrize("title", [LEAF["title"], ""])
def test_at_twice_the_size_on_a_small_phone_nothing_is_lost(
    title: str, show: Callable[..., Page]
) -> None:
    page = show(LEAF | {"title": title}, viewport={"width": 320, "height": 640})
    page.evaluate("() => { document.documentElement.style.fontSize = '200%' }")
    assert page.evaluate(LOST) == []
