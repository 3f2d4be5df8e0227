"""What is asked for again and again is done once, at the end."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page, ReferenceIndex

from base.task_backend import once
from tests.factories import CustomImageFactory, StandardPageFactory

pytestmark = pytest.mark.django_db


def found(words: str) -> list[int]:
    return [page.pk for page in Page.objects.live().search(words)]


def test_what_is_saved_often_is_indexed_once_at_the_end() -> None:
    with once():
        page = StandardPageFactory(title="Marigold")
        page.title = "Periwinkle"
        page.save()
        assert found("Marigold") == found("Periwinkle") == []
    assert found("Marigold") == []
    assert found("Periwinkle") == [page.pk]
    page.title = "Snapdragon"
    page.save()
    assert found("Snapdragon") == [page.pk]


def save_and_fail() -> None:
    with once():
        StandardPageFactory(title="Marigold")
        raise ValueError("broken")


def test_after_an_error_nothing_is_indexed() -> None:
    with pytest.raises(ValueError, match="broken"):
        save_and_fail()
    assert found("Marigold") == []


def test_references_are_kept_as_well_and_each_object_by_itself() -> None:
    with once():
        images = CustomImageFactory.create_batch(2)
        pages = [StandardPageFactory(social_image=image) for image in images]
    for image, page in zip(images, pages, strict=True):
        [reference] = ReferenceIndex.get_references_to(image)
        assert reference.object_id == str(page.pk)


def save_thrice(page: Page) -> None:
    for _ in range(3):
        page.save()


def test_saving_three_times_costs_less() -> None:
    page = StandardPageFactory()

    with CaptureQueriesContext(connection) as often:
        save_thrice(page)
    with CaptureQueriesContext(connection) as seldom, once():
        save_thrice(page)
    assert len(seldom) < len(often) - 10
