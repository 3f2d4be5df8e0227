from collections.abc import Iterator

import pytest

from base.models import OrganisationSettings
from blog.newsletter.models import NewsletterIndexPage
from tests.factories import NewsletterIndexPageFactory, OrganisationSettingsFactory

from .internet import Internet, an_internet


@pytest.fixture
def newsletter(db: None) -> NewsletterIndexPage:
    """The page to join, as the organisation's settings name it."""
    page: NewsletterIndexPage = NewsletterIndexPageFactory()
    OrganisationSettings.objects.all().delete()
    OrganisationSettingsFactory(newsletter_heading="A monthly letter", newsletter_page=page)
    return page


@pytest.fixture
def internet() -> Iterator[Internet]:
    """Everything that can be reached."""
    with an_internet() as internet:
        yield internet
