"""What the catalogue's list shows, and what its addresses say."""

from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from courses.models import CourseRun
from tests import markup


def month_of(run: CourseRun) -> str:
    return f"{timezone.localtime(run.start):%Y-%m}"


def listed(client: Client, **chosen: str) -> list[str]:
    response = client.get("/courses/", chosen)
    assert response.status_code == 200
    page = markup.read(response.content)
    return [title.get_text() for title in page.select(".listing .card__title")]


def asked(client: Client, url: str) -> list[str]:

    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return [query["sql"] for query in captured.captured_queries]


def save(thing: Any, **values: Any) -> None:
    for name, value in values.items():
        setattr(thing, name, value)
    thing.save()
