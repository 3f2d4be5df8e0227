"""Tells the catalogue that something has changed of what its facets know (`courses.facts`)."""

from typing import Any
from uuid import uuid4

from django.db.models.signals import m2m_changed, post_delete, post_save
from wagtail.models import PageViewRestriction
from wagtail.signals import post_page_move

from base.models import Topic

from .models import (
    Audience,
    CareCertificateStandard,
    CourseIndexPage,
    CoursePage,
    CourseRun,
    Venue,
)

MODELS = (
    Audience,
    CareCertificateStandard,
    CourseIndexPage,
    CoursePage,
    CourseRun,
    PageViewRestriction,
    Topic,
    Venue,
)
RELATIONS = (CoursePage.audiences, CoursePage.care_certificate_standards, CoursePage.topics)


def begin_new_edition(**kwargs: Any) -> None:
    """Give every catalogue another edition."""
    CourseIndexPage.objects.update(edition=uuid4())


def connect() -> None:
    """Begin a new edition after every change."""
    post_page_move.connect(begin_new_edition)
    for model in MODELS:
        for signal in (post_save, post_delete):
            signal.connect(begin_new_edition, sender=model)
    for relation in RELATIONS:
        m2m_changed.connect(begin_new_edition, sender=relation.through)
