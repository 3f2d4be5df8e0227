from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

from django.utils.timezone import localtime

if TYPE_CHECKING:
    from base.models import OrganisationSettings

    from .models import NewsletterIssuePage


def structured_data(
    issue: NewsletterIssuePage, organisation: OrganisationSettings
) -> dict[str, Any]:
    """Return an issue as schema.org's `PublicationIssue` of the newsletter, a `Periodical`."""
    root = issue.full_url or ""
    publisher = {
        "@type": "Organization",
        "name": organisation.organisation_name,
        "url": urljoin(root, "/"),
    }
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "PublicationIssue",
        "@id": root,
        "url": root,
        "name": issue.title,
        "description": issue.listing_summary,
        "publisher": publisher,
        "inLanguage": "en-GB",
        "isAccessibleForFree": True,
        "isPartOf": {
            "@type": "Periodical",
            "name": f"Newsletter of {organisation.organisation_name}",
            "url": urljoin(root, "../"),
        },
    }
    if issue.first_published_at:
        data["datePublished"] = localtime(issue.first_published_at).isoformat()
    return data
