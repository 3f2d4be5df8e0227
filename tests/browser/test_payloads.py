"""A hundred payloads wherever words can stand: none of them is run.

The browser is told to ignore the content security policy, which would stop a script that slipped
through and so hide the fault.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote
from zipfile import ZipFile

import feedparser
import pytest
from django.utils import timezone
from django.utils.html import escape
from playwright.sync_api import Browser, BrowserContext, Dialog, Page, Route

from base.models import PeopleIndexPage
from blog.migrate.models import ImportedPost
from blog.models import BlogIndexPage, BlogPage
from courses.models import CourseRun
from tests.blog.migrate.hostile import FORMATS
from tests.browser.watch import Served
from tests.factories import (
    PASSWORD,
    BlogPageFactory,
    CourseRunFactory,
    CustomImageFactory,
    PersonPageFactory,
    TestimonialFactory,
    TopicFactory,
    VenueFactory,
)
from tests.payloads import PAYLOADS

pytestmark = pytest.mark.browser

XML = "application/xml"
ATOM = {"Accept": "application/atom+xml"}
# What a payload calls is noted, whichever way it is called.
TRAP = """
    window.alert = window.print = window.prompt = window.confirm = () => window.noteExecuted();
"""


class Detector:
    """Notes every payload that a page of the context runs."""

    def __init__(self, context: BrowserContext) -> None:
        self.executed: list[str] = []
        context.expose_function("noteExecuted", lambda: self.executed.append(self.place))
        context.add_init_script(TRAP)
        context.on("dialog", self._dialog)
        self.place = ""
        self.page = context.new_page()

    def _dialog(self, dialog: Dialog) -> None:
        self.executed.append(self.place)
        dialog.dismiss()

    def visit(self, *addresses: str) -> None:
        for address in addresses:
            self.place = address
            response = self.page.goto(address, wait_until="load")
            assert response is not None
            assert response.status == 200, address
            self.hover()

    def show(self, html: str) -> None:
        self.page.set_content(html)
        self.hover()

    def hover(self) -> None:
        """Do what people do, so that what waits for a mouse or a click has its chance."""
        self.page.evaluate(
            """() => {
                for (const element of document.querySelectorAll("main *, body > *")) {
                    for (const kind of ["mouseover", "focus", "pointerenter", "toggle"]) {
                        element.dispatchEvent(new Event(kind));
                    }
                }
                for (const link of document.querySelectorAll("a[href]")) {
                    const scheme = new URL(link.href, location).protocol;
                    if (!["http:", "https:", "mailto:", "tel:"].includes(scheme)) alert(link.href);
                }
            }"""
        )


def no_files(route: Route) -> None:
    if route.request.resource_type in ("font", "image", "stylesheet"):
        route.abort()
    else:
        route.continue_()


@pytest.fixture
def detector(browser: Browser, served: Served) -> Iterator[Detector]:
    context = browser.new_context(base_url=served.url, bypass_csp=True)
    context.route("**/*", no_files)
    yield Detector(context)
    context.close()


def sign_in(page: Page, served: Served) -> None:
    page.goto("/admin/")
    page.get_by_label("Username").fill(served.staff.username)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/admin/")


def body_of(payload: str) -> list[dict[str, object]]:
    """A payload in every block that takes words; rich text as the editor's own writer leaves it."""
    rich = f"<p>{escape(payload)}</p>"
    return [
        {"type": "heading", "value": {"text": payload, "level": "h2"}},
        {"type": "paragraph", "value": rich},
        {"type": "quotation", "value": {"text": payload, "source": payload, "year": 2011}},
        {"type": "fact", "value": {"figure": payload[:20], "text": payload}},
        {
            "type": "accordion",
            "value": {"items": [{"question": payload, "answer": rich}]},
        },
        {"type": "steps", "value": {"items": [{"title": payload, "text": payload}]}},
    ]


@pytest.fixture
def posts(served: Served, rounds: Callable[[int, int], int]) -> list[BlogPage]:
    """A post for each payload, which stands in everything that somebody can write about it."""
    index = BlogIndexPage.objects.get()
    topics = [
        TopicFactory(name=f"{number} {payload}"[:50], description=payload[:200])
        for number, payload in enumerate(PAYLOADS)
    ]
    image = CustomImageFactory(title=PAYLOADS[0], description=PAYLOADS[11], credit=PAYLOADS[4])
    posts = []
    for number, payload in enumerate(PAYLOADS[: rounds(20, len(PAYLOADS))]):
        person = PersonPageFactory(
            parent=PeopleIndexPage.objects.get(),
            title=payload,
            slug=f"person-{number}",
            role=payload[:80],
            intro=payload,
        )
        posts.append(
            BlogPageFactory(
                parent=index,
                title=payload,
                slug=f"post-{number}",
                seo_title=payload,
                search_description=payload,
                intro=payload,
                byline=payload[:100],
                body=body_of(payload),
                image=image,
                topics=[topics[number]],
                authors=[person],
                is_guidance=True,
                guidance_source=payload[:150],
                guidance_url=f"https://example.org/?q={quote(payload)[:150]}",
                meaning=f"<p>{escape(payload)}</p>",
                in_england=True,
                checked_on=timezone.localdate(),
            )
        )
    return posts


def test_the_detector_sees_what_is_run(detector: Detector) -> None:
    detector.visit("/")
    assert detector.executed == []
    for payload in ("<img src=x onerror=alert(1)>", '<a href="javascript:alert(1)">words</a>'):
        detector.show(f"<main>{payload}</main>")
        detector.page.wait_for_timeout(200)
    detector.visit("/")
    assert len(detector.executed) == 2


@pytest.mark.slow
def test_no_payload_in_a_post_is_run(
    detector: Detector, served: Served, browser: Browser, posts: list[BlogPage]
) -> None:
    pages = range(1, len(posts) // 12 + 2)
    first = posts[0]
    topic = first.topics.first()
    person = first.authors.first().person
    detector.visit(
        "/",
        *(f"/blog/?page={number}" for number in pages),
        f"/blog/topics/{topic.slug}/",
        f"/blog/authors/{person.slug}/",
        f"/blog/{first.listing_date:%Y}/",
        "/people/",
        person.url,
        "/search/?q=alert",
        "/search/?q=<script>alert(1)</script>",
        *(post.url for post in posts),
    )
    for feed in ("/blog/feed/", "/blog/rss/", f"/blog/topics/{topic.slug}/feed/"):
        detector.visit(feed)
        entries = feedparser.parse(detector.page.request.get(feed, headers=ATOM).body())["entries"]
        assert entries
        for entry in entries:
            detector.show("".join(part["value"] for part in entry.get("content", [])))
    sign_in(detector.page, served)
    news = BlogIndexPage.objects.get().pk
    detector.visit(
        *(f"/admin/pages/{news}/?p={number}" for number in range(1, len(posts) // 50 + 2)),
        "/admin/news/",
        f"/admin/pages/{first.pk}/edit/",
        f"/admin/pages/{first.pk}/history/",
        f"/admin/pages/{first.pk}/usage/",
        f"/admin/pages/{first.pk}/delete/",
        "/admin/pages/search/?q=alert",
        "/admin/snippets/base/topic/",
        "/admin/images/",
        "/admin/reports/site-history/",
        "/admin/reports/aging-pages/",
    )
    assert detector.executed == []
    show_as_xml(browser, served, "/blog/feed/", "/blog/rss/")


def as_xml(text: bytes) -> Callable[[Route], None]:
    return lambda route: route.fulfill(body=text, content_type=XML)


def show_as_xml(browser: Browser, served: Served, *feeds: str) -> None:
    """Let the browser show the feed itself instead of the page that is made for browsers."""
    context = browser.new_context(base_url=served.url, bypass_csp=True)
    detector = Detector(context)
    for feed in feeds:
        xml = detector.page.request.get(feed, headers=ATOM).body()
        context.route(f"**{feed}", as_xml(xml))
        detector.page.goto(feed)
        detector.page.wait_for_timeout(200)
        assert "xml" in detector.page.evaluate("document.contentType")
    context.close()
    assert detector.executed == []


@pytest.mark.slow
def test_no_payload_in_a_date_or_a_testimonial_is_run(
    detector: Detector, served: Served, rounds: Callable[[int, int], int]
) -> None:
    runs: list[CourseRun] = []
    for number, payload in enumerate(PAYLOADS[: rounds(20, len(PAYLOADS))]):
        venue = VenueFactory(name=payload[:100], address=payload, town=payload[:50])
        run = CourseRunFactory(venue=venue, note=payload[:150], in_days=40 + number)
        run.course.title = payload
        run.course.summary = payload
        run.course.prerequisites = payload
        run.course.save()
        TestimonialFactory(quote=payload, name=payload[:60])
        runs.append(run)
    detector.visit("/", "/courses/", *(run.course.url for run in runs[:10]))
    sign_in(detector.page, served)
    detector.visit(
        "/admin/dates/",
        "/admin/course_pages/",
        "/admin/snippets/courses/venue/",
        "/admin/snippets/base/testimonial/",
        f"/admin/dates/edit/{runs[0].pk}/",
    )
    assert detector.executed == []


@pytest.mark.slow
@pytest.mark.parametrize("kind", FORMATS)
def test_no_payload_of_an_old_post_is_run(
    kind: str,
    detector: Detector,
    served: Served,
    tmp_path: Path,
    settings: Any,
    rounds: Callable[[int, int], int],
) -> None:
    """Staff bring the posts in, with everything that the admin says of them on the way."""
    settings.VAR = tmp_path
    payloads = PAYLOADS[: rounds(10, len(PAYLOADS))]
    archive = tmp_path / "posts.zip"
    with ZipFile(archive, "w") as zipped:
        for name, text in FORMATS[kind](payloads).items():
            zipped.writestr(name, text.encode("utf-8", "replace"))
    there = set(BlogPage.objects.values_list("pk", flat=True))
    ImportedPost.objects.all().delete()  # those of another kind are the same posts
    sign_in(detector.page, served)
    bring_in(detector, archive)
    posts = list(BlogPage.objects.exclude(pk__in=there))
    assert len(posts) >= 0.9 * len(payloads)
    news, people = BlogIndexPage.objects.get(), PeopleIndexPage.objects.get()
    detector.visit(
        *(post.url for post in posts if post.live),
        "/blog/",
        "/admin/news/",
        f"/admin/pages/{news.pk}/",
        f"/admin/pages/{people.pk}/",
        f"/admin/pages/{posts[0].pk}/edit/",
        f"/admin/pages/{posts[-1].pk}/edit/",
        "/admin/snippets/base/topic/",
        "/admin/redirects/",
        "/admin/reports/site-history/",
    )
    assert detector.executed == []


def bring_in(detector: Detector, archive: Path) -> None:
    """Choose the file, read what would happen, and press the button as often as it takes."""
    page = detector.page
    detector.place = "the report of an import"
    page.goto("/admin/import-posts/")
    page.get_by_label("File").set_input_files(archive)
    page.get_by_label("Publish the posts").check()
    page.get_by_role("button", name="See what would be imported").click()
    page.get_by_text("Nothing has been brought in yet").wait_for()
    detector.hover()
    button = page.get_by_role("button", name=re.compile("Import and publish|Go on"))
    while button.is_visible():
        button.click(no_wait_after=True)
        page.wait_for_load_state()
        page.get_by_text(re.compile(r"Done\.|Press “Go on”")).first.wait_for(timeout=120_000)
        detector.hover()
    page.get_by_role("link", name="See all posts").wait_for()
