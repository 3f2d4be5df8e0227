from typing import Any

from django.db import transaction
from django.db.models.signals import post_save
from django.dispatch import receiver

from courses import services as places
from courses.models import CourseRun

from . import services


@receiver(post_save, sender=CourseRun)
def offer_new_places(instance: CourseRun, created: bool, raw: bool, **kwargs: Any) -> None:
    """Offer what a larger date has gained to those who wait, before anybody else can book it."""
    if created or raw or not instance.waiting.waiting().exists():
        return
    with transaction.atomic():
        services.offer_free_places(places.lock(instance.pk)[instance.pk])
