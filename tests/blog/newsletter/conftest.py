from collections.abc import Iterator
from typing import Any

import pytest

from base.models import OrganisationSettings
from blog.newsletter.models import NewsletterIndexPage, NewsletterIssuePage
from tests.factories import (
    NewsletterIndexPageFactory,
    NewsletterIssuePageFactory,
    OrganisationSettingsFactory,
)

from .internet import Internet, an_internet
from .sender import Refusing


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


@pytest.fixture
def issue(db: None) -> NewsletterIssuePage:
    """One issue, published."""
    page: NewsletterIssuePage = NewsletterIssuePageFactory(title="May", subject="News for May")
    return page


@pytest.fixture
def says(settings: Any) -> Iterator[dict[str, Exception]]:
    """What the mail server says, by address, or to whoever opens a connection."""
    settings.EMAIL_BACKEND = f"{Refusing.__module__}.{Refusing.__name__}"
    Refusing.says, Refusing.opened = {}, 0
    yield Refusing.says
    Refusing.says = {}
