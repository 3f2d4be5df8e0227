import pytest
from wagtail.models import Site

from blog.comments.models import CommentSettings
from blog.models import BlogPage
from tests.factories import BlogPageFactory


@pytest.fixture
def post(db: None) -> BlogPage:
    """A post that is open for comments."""
    page: BlogPage = BlogPageFactory(title="A handover in five sentences")
    return page


@pytest.fixture
def rules(db: None) -> CommentSettings:
    """How comments are dealt with: one moderator, everything held."""
    site = Site.objects.get(is_default_site=True)
    return CommentSettings.objects.create(site=site, moderators="office@example.org")
