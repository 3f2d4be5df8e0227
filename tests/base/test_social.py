"""A page without a picture of its own has one drawn for messages and social media."""

from io import BytesIO

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from base.social import drawing
from tests import markup
from tests.factories import (
    BlogPageFactory,
    CoursePageFactory,
    CustomImageFactory,
    StandardPageFactory,
    make_private,
)


def shared(client: Client, url: str) -> dict[str, str]:
    tags = markup.read(client.get(url).content).find_all("meta", property=True)
    return {tag["property"]: tag["content"] for tag in tags}


def path(address: str) -> str:
    return "/" + address.split("/", 3)[3]


@pytest.mark.django_db
@pytest.mark.parametrize("factory", [BlogPageFactory, CoursePageFactory])
def test_a_picture_is_drawn(factory: type, client: Client) -> None:
    page = factory(title="Words “that” open doors")
    tags = shared(client, page.url)
    assert tags["og:image"].startswith("http")
    assert tags["og:image:alt"].endswith(page.title)
    answer = client.get(path(tags["og:image"]))
    assert answer["Content-Type"] == "image/png"
    assert len(answer.content) < 80_000
    picture = Image.open(BytesIO(answer.content))
    assert picture.size == (int(tags["og:image:width"]), int(tags["og:image:height"]))
    page.title = "Another title"
    page.save_revision().publish()
    assert shared(client, page.url)["og:image"] != tags["og:image"]
    assert client.get(path(tags["og:image"])).status_code == 404


@pytest.mark.django_db
def test_a_picture_that_staff_chose_comes_first(client: Client) -> None:
    post = BlogPageFactory(image=CustomImageFactory())
    assert "/social/" not in shared(client, post.url)["og:image"]


@pytest.mark.django_db
def test_what_cannot_be_written_has_the_sites_picture(client: Client) -> None:
    for page in (BlogPageFactory(title="漢字だけ"), StandardPageFactory()):
        assert shared(client, page.url)["og:image"].endswith("base/social.png")


@pytest.mark.django_db
def test_nobody_sees_the_title_of_a_page_they_may_not_read(client: Client) -> None:
    post = BlogPageFactory()
    address = path(shared(client, post.url)["og:image"])
    assert client.get(address).status_code == 200
    make_private(post)
    assert client.get(address).status_code == 404
    assert client.get("/social/99999999999999999999999-0.png").status_code == 404
    assert client.get(address.replace("-", "-x")).status_code == 404


@given(st.text(max_size=255))
def test_any_title_can_be_drawn(title: str) -> None:
    lines, size = drawing.fit(drawing.writable(title))
    assert all(drawing.length(line, "700", size) <= drawing.WIDTH + size for line in lines)
    assert (
        len(lines) * size * drawing.LINE_HEIGHT <= drawing.TITLE_BOTTOM - drawing.TITLE_TOP + size
    )


@pytest.mark.parametrize("title", ["", "W" * 255, "Šárka 😀 " * 30, "\u202etfel ot thgir\x00"])
def test_odd_titles_give_a_picture(title: str) -> None:
    picture = Image.open(BytesIO(drawing.draw("News", title, "Brightening Minds Training")))
    assert picture.size == drawing.SIZE
