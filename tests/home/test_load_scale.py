"""The command that fills a site to measure with, and takes it all away again."""

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from wagtail.models import Page

from blog.models import BlogPage
from courses.models import CoursePage, CourseRun, Place
from tests import markup
from tests.factories import (
    BlogIndexPageFactory,
    BlogPageFactory,
    CourseIndexPageFactory,
    CourseRunFactory,
    TopicFactory,
)

pytestmark = pytest.mark.django_db


def test_what_it_adds_is_shown_and_goes_again(client: Client) -> None:
    post, run = BlogPageFactory(), CourseRunFactory()
    TopicFactory()
    call_command("load_scale", posts=30, courses=3, dates=9)
    call_command("load_scale", posts=5)
    assert BlogPage.objects.count() == 36
    assert (CoursePage.objects.count(), CourseRun.objects.count()) == (4, 10)
    for page in (BlogPage.objects.last(), CoursePage.objects.last(), post.get_parent()):
        response = client.get(page.get_url())
        assert response.status_code == 200
        assert markup.faults(response.content) == []
    assert not any(Page.find_problems())
    call_command("load_scale", clear=True)
    assert list(BlogPage.objects.all()) == [post]
    assert list(CourseRun.objects.all()) == [run]
    assert not Place.objects.exists()
    assert not any(Page.find_problems())


@pytest.mark.parametrize(
    "options", [{}, {"posts": -1}, {"dates": 3}, {"posts": 1, "dates": 3}], ids=str
)
def test_it_says_what_it_needs(options: dict[str, int]) -> None:
    BlogIndexPageFactory()
    CourseIndexPageFactory()
    with pytest.raises(CommandError, match="Say how many"):
        call_command("load_scale", **options)


def test_without_pages_to_put_them_under_it_says_so() -> None:
    with pytest.raises(CommandError, match="no page"):
        call_command("load_scale", posts=1)
