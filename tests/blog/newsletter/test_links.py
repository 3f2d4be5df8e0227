"""Links of an issue lead somewhere: our own without the network, others by asking."""

import time
from typing import Any

import pytest
from wagtail.contrib.redirects.models import Redirect

from blog.newsletter import links
from blog.newsletter.checks import Check, Level
from blog.newsletter.links import NOT_THERE, PRIVATE, THERE, check_links, links_of, look_at_ours
from blog.newsletter.models import NewsletterIssuePage
from tests.factories import (
    BlogPageFactory,
    CourseIndexPageFactory,
    DocumentFactory,
    NewsletterIssuePageFactory,
    StandardPageFactory,
    make_private,
)

from .internet import PUBLIC, Internet, Page, silence

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("newsletter")]

ROOT = "https://www.ours.example"


@pytest.fixture(autouse=True)
def _root(settings: Any) -> None:
    settings.WAGTAILADMIN_BASE_URL = ROOT


def issue_to(*addresses: str, html: str = "", **fields: Any) -> NewsletterIssuePage:
    """An issue with links to addresses, whose words are their numbers."""
    text = " ".join(f'<a href="{address}">Link {n}</a>' for n, address in enumerate(addresses))
    body = [{"type": "paragraph", "value": f"<p>{text} {html}</p>"}]
    issue: NewsletterIssuePage = NewsletterIssuePageFactory(body=body, **fields)
    return issue


def test_links_are_those_that_everybody_gets_in_every_edition() -> None:
    html = '<a href="mailto:a@example.org">Write</a> <a href="tel:0123">Ring</a>'
    page = StandardPageFactory(title="A page", slug="x")
    row = {"image": None, "words": "Hello.", "page": page.pk, "interest": "everybody"}
    easy = [{"type": "row", "value": row}]
    issue = issue_to("https://a.example/?a=1&amp;b=2#top", html=html, easy_read=easy)
    assert links_of(issue) == {
        f"{ROOT}/": "Brightening Minds Training",
        "https://a.example/?a=1&b=2": "Link 0",
        f"{ROOT}/x/": "Read more about A page",
    }


def test_the_same_link_in_several_editions_is_one() -> None:
    found = links_of(issue_to("http://a.example/#one", "http://a.example/#two"))
    assert list(found) == [f"{ROOT}/", "http://a.example/"]


def check_of(issue: NewsletterIssuePage) -> Check:
    one = check_links(issue)
    assert one.name == "links"
    return one


def test_good_news(internet: Internet) -> None:
    one = check_of(issue_to(internet.add("a.example/", Page())))
    assert one == Check("links", Level.OK, "All links lead somewhere: 2 were looked at.")


def test_a_dead_link_is_told_by_its_words(internet: Internet) -> None:
    good, dead = internet.add("a.example/", Page()), internet.add("a.example/b", Page(404))
    shut = internet.add("a.example/c", Page(403))
    one = check_of(issue_to(good, dead, shut))
    assert (one.level, one.title) == (Level.PROBLEM, "1 link of 4 cannot be opened by readers.")
    assert one.details == [
        "“Link 1” is not there any more: http://a.example/b",
        "“Link 2” does not tell a machine whether it is there (403): http://a.example/c",
    ]
    one = check_of(issue_to(good, shut))
    assert (one.level, len(one.details)) == (Level.WARNING, 1)
    assert "Please open" in one.title


def test_our_own_links_need_no_network(internet: Internet) -> None:
    page = StandardPageFactory(slug="there")
    paths = ["/there/", "/there", "/newsletter/", "/blog/feed/", "/"]
    issue = issue_to(*(f"{ROOT}{path}" for path in paths), f"{ROOT}/there/?a=1#b")
    assert check_of(issue).level == Level.OK
    page.unpublish()
    one = check_of(issue)
    assert (one.level, len(one.details)) == (Level.PROBLEM, 3)
    assert not internet.looked_up


def test_an_unpublished_issue_is_not_a_dead_link(internet: Internet) -> None:
    assert check_of(issue_to(live=False)).level == Level.OK


def test_pages_of_ours() -> None:
    post = BlogPageFactory(slug="one")
    CourseIndexPageFactory()
    assert look_at_ours(f"{ROOT}/blog/one/") == THERE
    assert look_at_ours(f"{ROOT}/blog/two/") == NOT_THERE
    assert look_at_ours(f"{ROOT}/blog/one/two/") == NOT_THERE
    assert look_at_ours(f"{ROOT}/bl%6Fg/one/") == THERE
    assert look_at_ours(ROOT) == THERE
    assert look_at_ours(f"{ROOT}/courses/calendar.ics") == THERE
    assert look_at_ours(f"{ROOT}/no such/page.html") == NOT_THERE
    make_private(post.get_parent())
    assert look_at_ours(f"{ROOT}/blog/one/") == PRIVATE
    post.unpublish()
    assert look_at_ours(f"{ROOT}/blog/one/") == NOT_THERE


def test_documents_of_ours() -> None:
    document = DocumentFactory()
    address = ROOT + document.url
    assert look_at_ours(address) == THERE
    assert look_at_ours(f"{ROOT}/documents/{document.pk}/other.pdf") == NOT_THERE
    assert look_at_ours(f"{ROOT}/documents/{10**30}/other.pdf") == NOT_THERE
    document.delete()
    assert look_at_ours(address) == NOT_THERE


def test_old_addresses_of_ours_that_lead_on() -> None:
    Redirect.objects.create(old_path=Redirect.normalise_path("/old.html"), redirect_link="/blog/")
    Redirect.objects.create(old_path=Redirect.normalise_path("/old/"), redirect_link="/blog/")
    assert look_at_ours(f"{ROOT}/old.html") == THERE
    assert look_at_ours(f"{ROOT}/old/") == THERE
    assert look_at_ours(f"{ROOT}/older/") == NOT_THERE


@pytest.mark.parametrize(
    ("address", "is_ours"),
    [
        (f"{ROOT}/x/", True),
        ("http://WWW.ours.example/", True),
        ("https://www.ours.example.evil.example/", False),
        ("https://www.ours.example@evil.example/", False),
        ("https://www.ours.example:8443/", False),
        ("http://[::1", False),
    ],
)
def test_which_addresses_are_ours(address: str, is_ours: bool) -> None:
    assert links.is_ours(address) == is_ours


def test_all_together_take_little_time(internet: Internet, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(links, "SECONDS", 0.5)
    monkeypatch.setattr("blog.newsletter.outside.SECONDS", 0.3)
    slow = [internet.add(f"a.example/{n}", silence) for n in range(40)]
    issue = issue_to(*slow)
    before = time.monotonic()
    one = check_of(issue)
    assert time.monotonic() - before < 3
    assert (one.level, len(one.details)) == (Level.WARNING, 40)
    assert "no time left" in one.details[-1]


def test_no_more_than_so_many_are_asked(
    internet: Internet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(links, "MOST_ADDRESSES", 3)
    one = check_of(issue_to(*(internet.add(f"a.example/{n}", Page()) for n in range(5))))
    assert (one.level, len(one.details)) == (Level.WARNING, 2)
    assert len(internet.asked) == 3
    assert internet.dialled == [(PUBLIC, 80)] * 3


def test_a_link_into_our_own_network_is_told(internet: Internet) -> None:
    one = check_of(issue_to("http://192.168.1.2/admin/", "http://printer.inside/"))
    assert (one.level, len(one.details)) == (Level.PROBLEM, 2)
    assert not internet.dialled
