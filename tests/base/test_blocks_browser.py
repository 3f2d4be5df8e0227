"""The video block in a real browser, with and without scripts. No server and no database."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.template import engines
from playwright.sync_api import Browser, Page, Route

from base.blocks import VideoBlock

pytestmark = pytest.mark.browser

SITE = "http://site.example"
PLAYER = "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ"
KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
VIDEO = {
    "url": "https://youtu.be/dQw4w9WgXcQ",
    "title": "How we plan a course <together>",
    "transcript": "<p>Two people sit at a table.</p>",
}
PAGE = """
{% load static %}<!doctype html><html lang="en-GB"><title>A video</title>
<link rel="stylesheet" href="{% static 'base/css/site.css' %}">
<main class="stream">{{ video }}{{ video }}</main></html>
"""


@pytest.fixture
def asked() -> list[str]:
    """Every address outside the site that the browser asked for."""
    return []


@pytest.fixture
def visit(browser: Browser, asked: list[str]) -> Iterator[Callable[..., Page]]:
    """Open a page with two videos, on a site that is only here."""
    block = VideoBlock()
    html = (
        engines["django"].from_string(PAGE).render({"video": block.render(block.to_python(VIDEO))})
    )

    def answer(route: Route) -> None:
        url = route.request.url
        if url == f"{SITE}/":
            route.fulfill(body=html, content_type="text/html")
        elif url.startswith(f"{SITE}/static/"):
            file = Path(finders.find(url.removeprefix(f"{SITE}/static/")))
            route.fulfill(body=file.read_bytes(), content_type=KINDS.get(file.suffix, "font/woff2"))
        else:
            asked.append(url)
            route.fulfill(body="<p>The player</p>", content_type="text/html")

    def visit(**options: Any) -> Page:
        context = browser.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        page.route("**/*", answer)
        page.goto(SITE)
        return page

    contexts: list = []
    yield visit
    for context in contexts:
        context.close()


def test_without_scripts_there_is_a_link_and_no_dead_button(
    visit: Callable[..., Page], asked: list[str]
) -> None:
    page = visit(java_script_enabled=False)
    link = page.get_by_role("link", name="Watch on YouTube").first
    assert link.get_attribute("href") == "https://www.youtube.com/watch?v=dQw4w9WgXcQ"
    assert not page.locator("button").first.is_visible()
    page.get_by_text("What is said and shown").first.click()
    assert page.get_by_text("Two people sit at a table.").first.is_visible()
    assert asked == []


def test_nothing_is_asked_of_the_host_before_the_click(
    visit: Callable[..., Page], asked: list[str]
) -> None:
    page = visit()
    assert page.get_by_role("button", name="Watch here").first.is_visible()
    assert page.get_by_text("This video comes from YouTube.").first.is_visible()
    assert page.locator("iframe").count() == 0
    assert asked == []


def test_a_click_brings_the_player_and_only_that_one(
    visit: Callable[..., Page], asked: list[str]
) -> None:
    page = visit()
    page.get_by_role("button", name="Watch here").last.click()
    player = page.locator("iframe")
    assert player.count() == 1
    assert player.get_attribute("src") == PLAYER
    assert player.get_attribute("title") == "How we plan a course <together>"
    assert page.evaluate("document.activeElement.tagName") == "IFRAME"
    page.frame_locator("iframe").get_by_text("The player").wait_for()
    assert player.bounding_box() == page.locator(".video__stage").last.bounding_box()
    assert asked == [PLAYER]
    assert page.get_by_role("button", name="Watch here").count() == 1


def test_large_text_on_a_small_screen_is_not_cut_off(visit: Callable[..., Page]) -> None:
    page = visit(viewport={"width": 320, "height": 640})
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    stage = page.locator(".video__stage").first.bounding_box()
    title = page.locator(".video__title").first.bounding_box()
    link = page.get_by_role("link", name="Watch on YouTube").first.bounding_box()
    assert stage
    assert title
    assert link
    assert stage["y"] < title["y"]
    assert link["y"] + link["height"] < stage["y"] + stage["height"]
