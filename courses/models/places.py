from django.db import models
from django.db.models import Q

from courses.querysets import PlaceQuerySet

from .runs import CourseRun


class Place(models.Model):
    """A place on a date that is taken, or was. A place that nobody ever took has no row.

    Only `courses.services` writes here, so that a date never has more than it holds.
    """

    run = models.ForeignKey(CourseRun, on_delete=models.PROTECT, related_name="places")
    taken_at = models.DateTimeField(auto_now_add=True)
    released_at = models.DateTimeField(null=True, blank=True)

    objects = PlaceQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["run"], condition=Q(released_at=None), name="courses_place_is_taken"
            ),
            models.Index(fields=["taken_at"], name="courses_place_taken_at"),
            models.Index(
                fields=["released_at"],
                condition=Q(released_at__isnull=False),
                name="courses_place_is_released",
            ),
        ]

    def __str__(self) -> str:
        return str(self.run)
