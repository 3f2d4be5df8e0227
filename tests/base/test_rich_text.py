"""Links in running text."""

import pytest
from django.test import Client

from tests import markup
from tests.factories import StandardPageFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("pk", ["x", "", "-1", "1.5", "²", "999", "9" * 40])
def test_a_link_to_no_page_is_plain_text(pk: str, client: Client) -> None:
    target = StandardPageFactory()
    words = (
        f'<p><a linktype="page" id="{pk}">broken</a> <a linktype="page">without</a> '
        f'<a linktype="page" id="{target.pk}">whole</a></p>'
    )
    page = StandardPageFactory(body=[{"type": "paragraph", "value": words}])
    text = markup.read(client.get(page.url).content).main
    assert "broken without whole" in text.get_text()
    links = {link.get_text(): link.get("href") for link in text.find_all("a")}
    assert links["whole"] == target.url
    assert not links.get("broken")
    assert not links.get("without")
