"""Links in running text."""

import pytest
from django.test import Client

from home.models import StandardPage
from tests import markup
from tests.editor import edit_url, form_data, paragraphs
from tests.factories import StandardPageFactory

pytestmark = pytest.mark.django_db


def test_a_link_to_a_place_on_a_page(client: Client) -> None:
    target = StandardPageFactory()
    words = "".join(
        f'<p><a linktype="page" id="{target.pk}" fragment="{fragment}">words</a></p>'
        for fragment in ("part-2", "caf%C3%A9", "&quot;&gt;&lt;b&gt;", "")
    )
    page = StandardPageFactory(body=[{"type": "paragraph", "value": words}])
    links = markup.read(client.get(page.url).content).main.find_all("a", string="words")
    ends = ("#part-2", "#caf%C3%A9", "#%22%3E%3Cb%3E", "")
    assert [link["href"] for link in links] == [target.url + end for end in ends]


def test_the_editor_keeps_the_place(admin: Client) -> None:
    target = StandardPageFactory()
    link = f'<a linktype="page" id="{target.pk}" fragment="part">words</a>'
    page = StandardPageFactory(body=[{"type": "paragraph", "value": f"<p>{link}</p>"}])
    url = edit_url(page)
    data = form_data(admin, url, StandardPage, body=paragraphs(link))
    assert admin.post(url, data).status_code == 302
    page.refresh_from_db()
    assert link in str(page.get_latest_revision_as_object().body.get_prep_value())


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
