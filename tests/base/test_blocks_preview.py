"""The block picker: what each block is for, and how it will look."""

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from wagtail.admin.icons import get_icons
from wagtail.blocks import Block

from blog.models import BlogPage
from home.models import HomePage, StandardPage
from tests import markup
from tests.factories import (
    BlogPageFactory,
    CallToActionFactory,
    CourseRunFactory,
    CustomImageFactory,
    DocumentFactory,
    PersonPageFactory,
    TestimonialFactory,
)

pytestmark = pytest.mark.django_db

BODY = StandardPage._meta.get_field("body").stream_block
VALUES = HomePage._meta.get_field("values").stream_block
PICKED = BODY.child_blocks | VALUES.child_blocks
# Those that show what the site already has.
LIVE = [
    "courses",
    "document",
    "image",
    "latest_news",
    "pages",
    "people",
    "shared_call_to_action",
    "testimonial",
]

every_block = pytest.mark.parametrize("name", PICKED)


def preview(admin: Client, name: str) -> BeautifulSoup:
    url = reverse("wagtailadmin_block_preview")
    response = admin.get(url, {"id": PICKED[name].definition_prefix})
    assert response.status_code == 200
    page = markup.read(response.content)
    assert [*markup.inline_faults(page), *markup.resource_faults(page)] == []
    assert list(markup.word_faults(page)) == []
    return page


def shown(page: BeautifulSoup) -> str:
    return page.main.get_text(" ", strip=True)


@pytest.fixture
def content() -> None:
    """One of everything that a preview can show."""
    CustomImageFactory()
    DocumentFactory(title="What to expect on the day")
    PersonPageFactory()
    TestimonialFactory()
    CallToActionFactory()
    CourseRunFactory()
    BlogPageFactory()


@every_block
def test_says_what_it_is_for(name: str) -> None:
    block: Block = PICKED[name]
    assert block.get_template()
    assert len(block.get_description()) > 20
    assert block.get_description().endswith(".")
    assert f'id="icon-{block.meta.icon}"' in get_icons()
    assert block.meta.icon != "placeholder"
    assert block.meta.group or name == "value"


def test_no_two_blocks_are_called_the_same() -> None:
    labels = [block.label for block in PICKED.values()]
    assert len(set(labels)) == len(labels)


@every_block
def test_is_previewed_with_words_of_this_organisation(
    name: str, admin: Client, content: None
) -> None:
    assert PICKED[name].is_previewable
    page = preview(admin, name)
    assert len(shown(page)) > 10
    assert not page.select(".block-preview__nothing")


@pytest.mark.parametrize("name", LIVE)
def test_says_kindly_that_there_is_nothing_yet(name: str, admin: Client) -> None:
    page = preview(admin, name)
    assert "yet." in page.select_one(".block-preview__nothing").text
    assert shown(page) == page.select_one(".block-preview__nothing").text


@pytest.mark.parametrize("name", [name for name in PICKED if name not in LIVE])
def test_needs_nothing_from_the_site(name: str, admin: Client) -> None:
    assert not preview(admin, name).select(".block-preview__nothing")


def test_shows_what_visitors_would_see(admin: Client, content: None) -> None:
    BlogPage.objects.get().unpublish()
    assert preview(admin, "latest_news").select(".block-preview__nothing")


def test_is_styled_like_the_site(admin: Client) -> None:
    assert preview(admin, "fact").find("link", href="/static/base/css/site.css")


@every_block
def test_may_be_published_as_previewed(name: str, content: None) -> None:
    """What the picker shows as an example keeps the rules that editors must keep."""
    block = PICKED[name]
    block.clean(block.get_preview_value())


def test_only_staff_see_previews(client: Client) -> None:
    response = client.get(reverse("wagtailadmin_block_preview"), {"id": "blockdef-1"})
    assert response.status_code == 302
