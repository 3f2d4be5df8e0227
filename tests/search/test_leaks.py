"""What not everybody may read shows nowhere: not as a result, a count, an excerpt or a word."""

import json
from collections.abc import Callable
from http import HTTPStatus
from itertools import count
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.auth.models import Group, Permission
from django.http import HttpResponse
from django.test import Client
from wagtail.models import (
    Collection,
    CollectionViewRestriction,
    GroupPagePermission,
    Page,
    PageViewRestriction,
)

from home.models import StandardPage
from search import indexing
from search.models import Entry, SearchTally, Term
from search.suggestions import OFTEN_ENOUGH
from tests import markup
from tests.factories import (
    BlogPageFactory,
    CoursePageFactory,
    CourseRunFactory,
    DocumentFactory,
    PersonPageFactory,
    StandardPageFactory,
    TopicFactory,
    UserFactory,
    VenueFactory,
    make_private,
)

pytestmark = pytest.mark.django_db

SECRET = "quillwort"
BODY = [{"type": "paragraph", "value": f"<p>All about {SECRET}s.</p>"}]
OPEN = [{"type": "paragraph", "value": "<p>About.</p>"}]
PREVIEW = "/admin/searches/preview/?q="
SURFACES = [
    f"/search/?q={SECRET}",
    f"/search/?q={SECRET}&sort=date",
    "/search/?q=quilwort",
    "/search/?q=quillwortt&type=Pages",
    f"/search/results.json?q={SECRET}",
    "/search/results.json?q=quilworts",
    "/search/suggest/?q=quil",
    "/search/suggest/?q=about+qu",
    # Few answers are followed by what is near to them.
    "/search/?q=open",
    "/search/results.json?q=open",
    # What has one of the words may be shown where nothing has both.
    f"/search/?q=open+{SECRET}",
    "/search/?q=open+quilwort+zzyzx+plugh",
    f"/search/?q={SECRET}&type=Dates",
    f"/search/?q={SECRET}&exact=1",
    f"/search/?q=in+{SECRET}&words=1",
    f"/search/?q=in+{SECRET}",
    f"/search/results.json?q=in+{SECRET}",
    f"{PREVIEW}{SECRET}",
    f"{PREVIEW}quilwort",
    f"{PREVIEW}open",
]


NUMBERS = count()


def secret_page(title: str, **fields: Any) -> StandardPage:
    page: StandardPage = StandardPageFactory(
        **{"title": title, "slug": f"page-{next(NUMBERS)}", "body": BODY} | fields
    )
    return page


def draft() -> None:
    secret_page(f"On {SECRET}", live=False)


def expired() -> None:
    page = secret_page(f"On {SECRET}")
    page.unpublish(set_expired=True)


def unpublished_below() -> None:
    parent = StandardPageFactory()
    secret_page(f"On {SECRET}", parent=parent)
    for page in parent.get_descendants(inclusive=True).specific():
        page.unpublish()


def later_draft() -> None:
    page = secret_page("Open as well", body=OPEN)
    page.title = f"On {SECRET}"
    page.save_revision()


def signed_in_only() -> None:
    make_private(secret_page(f"On {SECRET}"))


def of_a_group() -> None:
    page = secret_page(f"On {SECRET}")
    restriction = PageViewRestriction.objects.create(page=page, restriction_type="groups")
    restriction.groups.add(Group.objects.first())


def below_a_private_page() -> None:
    parent = StandardPageFactory()
    secret_page(f"On {SECRET}", parent=parent)
    make_private(parent)


def moved_below_a_private_page() -> None:
    parent = make_private(StandardPageFactory())
    page = secret_page(f"On {SECRET}")
    secret_page(f"Below {SECRET}", parent=page)
    page.refresh_from_db()
    page.move(parent, "last-child")


def deleted() -> None:
    parent = StandardPageFactory()
    secret_page(f"On {SECRET}", parent=parent)
    Page.objects.get(pk=parent.pk).delete()


def private_document() -> None:
    collection = Collection.get_first_root_node().add_child(name="Private")
    DocumentFactory(title=f"{SECRET} list", collection=collection)
    CollectionViewRestriction.objects.create(collection=collection, restriction_type="login")


def draft_post() -> None:
    BlogPageFactory(title=f"On {SECRET}", slug=f"page-{next(NUMBERS)}", live=False)


def private_author_of_an_open_post() -> None:
    person = make_private(PersonPageFactory(title=f"{SECRET} Hill", slug=f"page-{next(NUMBERS)}"))
    BlogPageFactory(title="Open news", slug=f"page-{next(NUMBERS)}", authors=[person])


def private_course_alone_on_its_topic_and_at_its_place() -> None:
    number = next(NUMBERS)
    topic = TopicFactory(name=f"{SECRET} {number}", slug=f"{SECRET}-{number}")
    course = CoursePageFactory(title=f"On {SECRET}", slug=f"page-{number}", topics=[topic])
    CourseRunFactory(course=course, venue=VenueFactory(town=SECRET))
    make_private(course)


def anonymous(client: Client) -> Client:
    return client


def editor(client: Client) -> Client:
    user = UserFactory()
    user.groups.add(Group.objects.get(name="Editors"))
    client.force_login(user)
    return client


def editor_of_another_section(client: Client) -> Client:
    user = UserFactory(is_staff=True)
    group = Group.objects.create(name="Another section")
    change = Permission.objects.get(codename="change_page")
    # They may see what visitors would find.
    preview = Permission.objects.filter(codename__in=["access_admin", "change_synonym"])
    group.permissions.set(preview)
    section = StandardPageFactory(title="Another section")
    GroupPagePermission.objects.create(group=group, page=section, permission=change)
    user.groups.add(group)
    client.force_login(user)
    return client


def administrator(client: Client) -> Client:
    client.force_login(UserFactory(is_superuser=True))
    return client


VISITORS = [anonymous, editor_of_another_section, editor, administrator]
WAYS = [
    draft,
    expired,
    unpublished_below,
    later_draft,
    signed_in_only,
    of_a_group,
    below_a_private_page,
    moved_below_a_private_page,
    deleted,
    private_document,
    draft_post,
    private_author_of_an_open_post,
    private_course_alone_on_its_topic_and_at_its_place,
]


def shown(response: HttpResponse, typed: str) -> str:
    """What an answer shows besides what was typed, in the places that repeat it."""
    if response["Content-Type"] == "application/json":
        said = response.json()
        assert said.pop("query") == typed
        return json.dumps(said)
    page = markup.read(response.content)
    for field in page.select("input[name=q]"):
        field["value"] = field.get("value", "").replace(typed, "", 1)
    for link in page.select("a[href*='q=']"):
        if parse_qs(urlsplit(link["href"]).query)["q"] == [typed]:
            del link["href"]
    for found in page.select("[data-found]"):
        assert found.attrs.pop("data-found") == typed
    for element in page.select("title, h2, .found__note a"):
        element.string = element.get_text().replace(f"“{typed}”", "", 1)
    for words in page.select(".searches__made dd"):
        if words.get_text() == typed:
            words.clear()
    return str(page)


def assert_nothing_shows(visitor: Client) -> None:
    # Many asked for it while it found nothing.
    SearchTally.objects.create(
        day="2026-01-02", words=SECRET, searches=OFTEN_ENOUGH, clicks=0, found=0
    )
    for surface in SURFACES:
        (typed,) = parse_qs(urlsplit(surface).query)["q"]
        response = visitor.get(surface)
        if response.status_code == HTTPStatus.OK:
            assert SECRET not in shown(response, typed).lower(), surface
        else:
            assert surface.startswith(PREVIEW)
    assert not Term.objects.filter(word__startswith=SECRET, entries__gt=0).exists()
    assert not Entry.objects.filter(title__icontains=SECRET).exists()


# One who has not signed in stands for all; the others see everything at once, below.
@pytest.mark.parametrize(
    "who", [anonymous, *(pytest.param(who, marks=pytest.mark.slow) for who in VISITORS[1:])]
)
@pytest.mark.parametrize("hide", WAYS)
def test_nothing_of_it_shows(
    hide: Callable[[], None], who: Callable[[Client], Client], client: Client
) -> None:
    StandardPageFactory(title="Open to all", body=OPEN)
    hide()
    assert_nothing_shows(who(client))


@pytest.mark.parametrize("who", VISITORS)
@pytest.mark.parametrize("times", [1, pytest.param(5, marks=pytest.mark.slow)])
def test_nothing_of_many_shows(times: int, who: Callable[[Client], Client], client: Client) -> None:
    StandardPageFactory(title="Open to all", body=OPEN)
    for hide in WAYS:
        for _ in range(times):
            hide()
    visitor = who(client)
    assert_nothing_shows(visitor)
    # Those with a later draft, and what a private person wrote, are open as they are.
    counts = {"Pages": 1 + times, "News": times}
    assert visitor.get("/search/results.json?q=open").json()["counts"] == counts


@pytest.mark.parametrize(
    ("who", "status"), [(anonymous, 302), (editor_of_another_section, 200), (administrator, 200)]
)
def test_who_may_preview(who: Callable[[Client], Client], status: int, client: Client) -> None:
    assert who(client).get(f"{PREVIEW}open").status_code == status


def test_it_shows_again_when_everybody_may_read_it(client: Client) -> None:
    page = make_private(StandardPageFactory(title=f"On {SECRET}"))
    assert client.get(f"/search/results.json?q={SECRET}").json()["total"] == 0
    PageViewRestriction.objects.filter(page=page).delete()
    assert client.get(f"/search/results.json?q={SECRET}").json()["total"] == 1


def test_everything_can_be_filled_in_anew(client: Client) -> None:
    secret_page(f"On {SECRET}")
    make_private(StandardPageFactory(title="On heather"))
    DocumentFactory(title="Quillwort list")
    indexing.refresh_everything()
    before = sorted(Entry.objects.values_list("title", "text_stems"))
    words = dict(Term.objects.filter(entries__gt=0).values_list("word", "entries"))
    Entry.objects.all().delete()
    Term.objects.all().delete()
    indexing.refresh_everything()
    assert sorted(Entry.objects.values_list("title", "text_stems")) == before
    assert dict(Term.objects.values_list("word", "entries")) == words
    indexing.refresh_everything()
    assert dict(Term.objects.values_list("word", "entries")) == words
