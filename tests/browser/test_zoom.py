"""Nothing is lost in large text or a narrow window (WCAG 1.4.4, 1.4.10)."""

from typing import Any

import pytest
from playwright.sync_api import Browser

from blog.models import BlogPage
from tests.browser.test_axe import addresses
from tests.browser.watch import Served

pytestmark = pytest.mark.browser

# The words that lie outside the window, or outside a box that cuts off what is too long for it.
# A box that scrolls sideways keeps its words, and its own edges then stand for theirs.
LOST_WORDS = """
() => {
    const lost = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const element = node.parentElement;
        if (!node.data.trim() || !element.checkVisibility({visibilityProperty: true})) continue;
        if (element.closest(".visually-hidden, .trap, .skip-link, script, style")) continue;
        const range = document.createRange();
        range.selectNodeContents(node);
        for (const {left, right, top, bottom, width} of range.getClientRects()) {
            if (!width) continue;
            let scrolls = false;
            let cut = false;
            for (let box = element; box && box !== document.body; box = box.parentElement) {
                const {overflowX, overflowY} = getComputedStyle(box);
                if (/auto|scroll/.test(overflowX)) scrolls = true;
                const edge = box.getBoundingClientRect();
                const middle = (top + bottom) / 2;
                if (/hidden|clip/.test(overflowX) && !scrolls) {
                    cut ||= left < edge.left - 1 || right > edge.right + 1;
                }
                if (/hidden|clip/.test(overflowY)) {
                    cut ||= middle < edge.top || middle > edge.bottom;
                }
            }
            if (!scrolls) cut ||= left < -1 || right > innerWidth + 1;
            if (cut) {
                const where = element.closest("[class]")?.className;
                lost.push(`${where}: "${node.data.trim().slice(0, 40)}" ${left}–${right}`);
                break;
            }
        }
    }
    return lost;
}
"""


@pytest.mark.parametrize(
    ("width", "text_size"),
    [(390, 200), (320, 200), (320, 100)],
    ids=["large text on a phone", "large text on a small phone", "a desktop zoomed to 400%"],
)
def test_no_words_are_lost(width: int, text_size: int, browser: Browser, served: Served) -> None:
    context = browser.new_context(
        base_url=served.url,
        reduced_motion="reduce",
        viewport={"width": width, "height": 800},
        bypass_csp=True,
    )
    page = context.new_page()
    lost: dict[str, Any] = {}
    for url in addresses():
        page.goto(url)
        page.add_style_tag(content=f"html {{ font-size: {text_size}% }}")
        page.evaluate("document.querySelectorAll('details').forEach(it => { it.open = true })")
        if found := page.evaluate(LOST_WORDS):
            lost[url] = found
        assert page.evaluate("document.documentElement.scrollWidth") <= width, url
    context.close()
    assert lost == {}


@pytest.mark.parametrize(("width", "stops"), [(320, True), (1440, False)])
def test_a_table_has_a_stop_where_it_scrolls(
    width: int, stops: bool, browser: Browser, served: Served
) -> None:
    post = next(
        post
        for post in BlogPage.objects.live()
        if any(block.block_type == "table" for block in post.body)
    )
    context = browser.new_context(base_url=served.url, viewport={"width": width, "height": 800})
    page = context.new_page()
    page.goto(post.url)
    table = page.locator(".table").first
    table.evaluate("() => new Promise(done => requestAnimationFrame(() => setTimeout(done)))")
    assert (table.get_attribute("tabindex") == "0") is stops
    assert (table.evaluate("it => it.scrollWidth > it.clientWidth")) is stops
    context.close()
