"""The addresses for programs keep what `docs/search.openapi.json` promises, whatever is asked."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from schemathesis import Case, GenerationMode
from wagtail.contrib.search_promotions.models import Query, SearchPromotion

from search.models import SearchTally
from tests.factories import BlogIndexPageFactory
from tests.search.collection import add_courses, load_paragraphs
from tests.search.speed import stopwatch

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("real_database")]

CONTRACT = Path(__file__).parents[2] / "docs" / "search.openapi.json"


@pytest.fixture
def contract() -> schemathesis.BaseSchema:
    BlogIndexPageFactory()
    load_paragraphs()
    add_courses()
    for age in range(3):
        day = timezone.localdate() - dt.timedelta(days=age)
        SearchTally.objects.create(day=day, words="medicines", searches=5, found=1)
    SearchPromotion.objects.create(
        query=Query.get("first aid in March"),
        external_link_url="https://example.org/",
        external_link_text="First aid",
    )
    Client().get("/search/results.json?q=care")  # which loads the site
    schema = schemathesis.openapi.from_path(CONTRACT)
    schema.app = get_wsgi_application()
    return schema


@pytest.mark.parametrize("path", ["/search/results.json", "/search/suggest/"])
@pytest.mark.parametrize("mode", GenerationMode)
def test_any_request_is_answered_as_described(
    path: str,
    mode: GenerationMode,
    contract: schemathesis.BaseSchema,
    rounds: Callable[[int, int], int],
) -> None:
    patience = rounds(10, 1)  # seconds; the short form runs beside others on the same machine
    slowest = 0.0
    asked = 0

    @settings(
        max_examples=rounds(50, 1_000),
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(contract[path]["GET"].as_strategy(generation_mode=mode))
    def ask(case: Case) -> None:
        nonlocal slowest, asked
        with stopwatch() as seconds:
            response = case.call(headers={"Accept-Encoding": "identity"})
        [taken] = seconds
        slowest, asked = max(slowest, taken), asked + 1
        # What makes no sense counts as not said, and is refused to nobody.
        assert response.status_code == 200
        case.validate_response(response)
        assert taken < patience

    ask()
    print(f"{asked} requests, the slowest took {slowest * 1000:.0f} ms")
