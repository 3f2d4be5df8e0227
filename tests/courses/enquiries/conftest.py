import pytest
from wagtail.models import Site

from courses.enquiries.models import EnquirySettings


@pytest.fixture
def rules(db: None) -> EnquirySettings:
    """How enquiries are dealt with: one office, two working days."""
    site = Site.objects.get(is_default_site=True)
    return EnquirySettings.objects.create(site=site, office="office@example.org")
