"""axe-core finds nothing on any template: WCAG 2.0 to 2.2, A and AA, and its best practices."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from base.models import PersonPage
from blog.models import BlogPage
from blog.newsletter.models import NewsletterIssuePage
from courses.models import CareCertificatePage, CoursePage, ProgrammePage
from tests.browser.watch import Served

pytestmark = pytest.mark.browser

RULES = {
    "runOnly": [
        "wcag2a",
        "wcag2aa",
        "wcag21a",
        "wcag21aa",
        "wcag22aa",
        "best-practice",
    ]
}

ONE_OF_EACH = (
    PersonPage,
    BlogPage,
    NewsletterIssuePage,
    CoursePage,
    ProgrammePage,
    CareCertificatePage,
)


def addresses() -> list[str]:
    """One page of every template."""
    return [
        "/",
        "/about/",
        "/accessibility/",
        "/contact/",
        "/contact/?sent=1",
        "/blog/",
        "/newsletter/",
        "/newsletter/dull-things-that-work/?easy-read",
        "/courses/",
        "/courses/?audience=managers&level=introductory",
        "/courses/?level=advanced&price=free",
        "/courses/calendar/",
        "/courses/programme/",
        "/search/?q=care",
        "/search/?q=qqqq",
        "/nowhere/",
        *(model.objects.live().first().url for model in ONE_OF_EACH),
        CoursePage.objects.get(slug="safeguarding-adults").url,
        PersonPage.objects.live().first().get_parent().url,
        *_pages_with_most_blocks(),
    ]


def _pages_with_most_blocks() -> list[str]:
    posts = sorted(BlogPage.objects.live(), key=lambda post: len({b.block_type for b in post.body}))
    return [post.url for post in posts[-2:]]


# In the dark, only what depends on colours can be different.
COLOURS = {"runOnly": ["color-contrast", "link-in-text-block"]}


@pytest.mark.parametrize(("scheme", "rules"), [("light", RULES), ("dark", COLOURS)])
def test_no_template_has_a_violation(
    scheme: Any, rules: dict[str, list[str]], browser: Browser, served: Served
) -> None:
    context = browser.new_context(
        base_url=served.url,
        color_scheme=scheme,
        reduced_motion="reduce",
        viewport={"width": 390, "height": 844},
    )
    page = context.new_page()
    violations = {}
    for url in addresses():
        page.goto(url)
        for details in page.locator("details").all():
            details.evaluate("element => { element.open = true }")
        found = Axe().run(page, options=rules).response["violations"]
        if found:
            violations[url] = [
                f"{rule['id']}: {node['html'][:150]} {node['failureSummary'][:200]}"
                for rule in found
                for node in rule["nodes"]
            ]
    context.close()
    assert violations == {}
