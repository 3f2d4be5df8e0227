from typing import Any

from django.db import models
from wagtail.models import Revision

from base.models import PersonPage
from blog.models import BlogPage


class ImportedPost(models.Model):
    """What was brought in, from where, and which version of the page the import left behind.

    It outlives its page: what staff deleted is not brought in again.
    """

    source_id = models.CharField(max_length=500, unique=True)
    address = models.CharField(
        max_length=500, blank=True, db_index=True, help_text="Where it was, in its common form."
    )
    page = models.ForeignKey(
        BlogPage, null=True, on_delete=models.SET_NULL, related_name="imported_from"
    )
    revision = models.ForeignKey(Revision, null=True, on_delete=models.SET_NULL, related_name="+")
    fingerprint = models.CharField(max_length=64)
    missing_pictures = models.PositiveIntegerField(default=0)
    imported_at = models.DateTimeField()
    comments: models.JSONField[Any, Any] = models.JSONField(
        default=list,
        help_text="The ids of comments brought in: what was erased here is not brought in again.",
    )

    def __str__(self) -> str:
        return self.source_id

    @property
    def is_untouched(self) -> bool:
        """Whether the page is still as the import left it."""
        return self.page is not None and (self.page.latest_revision_id == self.revision_id)


class ImportedAuthor(models.Model):
    """Somebody for whom an import made a draft of a page.

    It outlives the page: what staff deleted is not made again.
    """

    name = models.CharField(
        max_length=255, unique=True, help_text="As sources have it, whatever its capitals."
    )
    person = models.ForeignKey(PersonPage, null=True, on_delete=models.SET_NULL, related_name="+")

    def __str__(self) -> str:
        return self.name


class OldLink(models.Model):
    """A link in an imported post to a page of the old site that has not been brought in yet."""

    post = models.ForeignKey(ImportedPost, on_delete=models.CASCADE, related_name="old_links")
    address = models.CharField(max_length=500, db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["post", "address"], name="blog_migrate_link_once")
        ]

    def __str__(self) -> str:
        return self.address
