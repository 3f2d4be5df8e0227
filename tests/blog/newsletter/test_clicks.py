"""Presses of links are counted only where the owner wants it, and never by whom."""

import re
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from wagtail.models import Site

from blog.newsletter import services
from blog.newsletter.models import NewsletterIssuePage, NewsletterSettings, Sending, SentLink
from tests.factories import NewsletterIssuePageFactory, SubscriberFactory, UserFactory

pytestmark = pytest.mark.django_db

Work = Callable[[], None]
ELSEWHERE = "https://example.org/a?b=1&c=2"
HREFS = re.compile(r'href="(https?://[^"]+)"')


@pytest.fixture
def issue(db: None) -> NewsletterIssuePage:
    words = f'<p>See <a href="{ELSEWHERE.replace("&", "&amp;")}">this</a>.</p>'
    page: NewsletterIssuePage = NewsletterIssuePageFactory(
        body=[{"type": "paragraph", "value": words}]
    )
    return page


def send(issue: NewsletterIssuePage, work: Work) -> list[str]:
    SubscriberFactory.create_batch(2)
    services.schedule(issue, Sending.Audience.EVERYBODY, None, UserFactory())
    work()
    return [str(sent.alternatives[0][0]) for sent in mail.outbox]


def test_nothing_is_counted_unless_it_is_wanted(issue: NewsletterIssuePage, work: Work) -> None:
    [first, _] = send(issue, work)
    assert ELSEWHERE.replace("&", "&amp;") in HREFS.findall(first)
    assert "/newsletter/go/" not in first
    assert not SentLink.objects.exists()


def test_counts_presses_of_nobody_in_particular(
    issue: NewsletterIssuePage, work: Work, client: Client, admin: Client
) -> None:
    site = Site.objects.get(is_default_site=True)
    NewsletterSettings.objects.update_or_create(site=site, defaults={"counts_clicks": True})
    first, second = send(issue, work)
    ways = [address for address in HREFS.findall(first) if "/newsletter/go/" in address]
    assert ways == [address for address in HREFS.findall(second) if "/newsletter/go/" in address]
    own = [address for address in HREFS.findall(first) if "/leave/" in address]
    assert own
    link = SentLink.objects.get(address=ELSEWHERE)
    path = reverse("blog_newsletter:go", args=[link.pk])
    assert path in [urlsplit(address).path for address in ways]
    assert ELSEWHERE in mail.outbox[0].body
    visitor = Client()
    for _ in range(3):
        answer = visitor.get(path)
        assert (answer.status_code, answer["Location"]) == (302, ELSEWHERE)
        assert not answer.cookies
    link.refresh_from_db()
    assert link.presses == 3
    report = admin.get(reverse("newsletter_office:send", args=[issue.pk])).content.decode()
    assert "3: https://example.org/a?b=1&amp;c=2" in report


@pytest.mark.parametrize("pk", [0, 10**6, 10**30])
def test_leads_nowhere_else(pk: int, client: Client) -> None:
    path = f"/newsletter/go/{pk}/"
    assert client.get(path, {"url": "https://example.org"}).status_code == 404
    assert client.post(path).status_code == 405
