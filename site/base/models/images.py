from django.db import models
from django.utils.functional import cached_property
from wagtail.images.models import AbstractImage, AbstractRendition, SourceImageIOError
from wagtail.images.models import Image as WagtailImage

NEEDS_DESCRIPTION = "Needs description"  # what tells staff that nobody has described it yet
# Open Graph's customary size, in a format that every reader knows.
FOR_SHARING = "fill-1200x630|format-jpeg"
# Twice the size at which it is shown, in a format that every mail program knows.
FOR_MAILS = "max-112x112|format-png"
# The same for pictures across a mail's column of 536 pixels, whole or as a band.
ACROSS_MAILS = "max-1072x1400|format-jpeg"
BAND_ACROSS_MAILS = "fill-1072x480|format-jpeg"


class CustomImage(AbstractImage):
    """A picture with a description for those who do not see it, and a credit for its maker."""

    description = models.CharField(
        max_length=255,
        help_text=(
            "Read aloud to people who do not see the picture. Say what it shows, in one sentence: "
            "“Two people plan a course at a round table.”"
        ),
    )
    credit = models.CharField(
        max_length=255,
        blank=True,
        help_text="Who made the picture. Shown with it where pictures carry a caption.",
    )

    admin_form_fields = (*WagtailImage.admin_form_fields, "credit")

    class Meta(AbstractImage.Meta):
        verbose_name = "image"

    @property
    def is_described(self) -> bool:
        """Whether somebody has said what the picture shows."""
        return self.description not in {"", NEEDS_DESCRIPTION}

    @property
    def default_alt_text(self) -> str:
        """What is read aloud where nothing else is said: the description, if there is one."""
        return self.description if self.is_described else ""

    @cached_property
    def for_sharing(self) -> "CustomRendition | None":
        """The picture as messages, feeds and search engines show it; None while it has no file."""
        return self._rendition_with_file(FOR_SHARING)

    @property
    def for_mails(self) -> "CustomRendition | None":
        """The picture as the logo of a mail; None while it has no file."""
        return self._rendition_with_file(FOR_MAILS)

    @property
    def across_mails(self) -> "CustomRendition | None":
        """The whole picture across a mail; None while it has no file."""
        return self._rendition_with_file(ACROSS_MAILS)

    @property
    def band_across_mails(self) -> "CustomRendition | None":
        """A band of the picture across a mail; None while it has no file."""
        return self._rendition_with_file(BAND_ACROSS_MAILS)

    def _rendition_with_file(self, spec: str) -> "CustomRendition | None":
        try:
            rendition = self.get_rendition(spec)
            found: bool = rendition.file.storage.exists(rendition.file.name)
        except (SourceImageIOError, OSError):
            return None
        return rendition if found else None


class CustomRendition(AbstractRendition):
    """One size of a picture, made when it is first needed."""

    image = models.ForeignKey(CustomImage, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["image", "filter_spec", "focal_point_key"], name="base_rendition_once"
            )
        ]
