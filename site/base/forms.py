import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.forms import DateTimeField, FileInput
from PIL import Image as Pillow
from PIL import ImageSequence
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm

UNREADABLE = (
    "This picture cannot be read. It may have been damaged on its way: "
    "please export or download it again and choose the new file."
)

# Pixels. WebP, in which pages show pictures, ends at 16,383.
MAX_SIDE = 10_000
TOO_LARGE = "This picture has too many pixels. Please make it smaller and choose it again."


class LocalDateTimeField(DateTimeField):
    """A day and a time on the clock in London, as staff type it. What that clock never shows, or
    shows twice, is refused in words that say why."""

    def to_python(self, value: Any) -> dt.datetime | None:
        """Return the moment."""
        try:
            return super().to_python(value)
        except ValidationError as error:
            if error.code != "ambiguous_timezone":
                raise
            raise ValidationError(_why_not(**(error.params or {})), code=error.code) from error


def _why_not(datetime: dt.datetime, current_timezone: dt.tzinfo) -> str:
    clocks = [datetime.replace(tzinfo=current_timezone, fold=fold) for fold in (0, 1)]
    # Of a moment that never comes, the first reading is the one before the change.
    comes_twice = clocks[0].utctimetuple() < clocks[1].utctimetuple()
    turns, happens = ("back", "comes twice") if comes_twice else ("forward", "never comes")
    return (
        f"On {datetime:%-d %B %Y} the clocks go {turns}, and {datetime:%H:%M} {happens}. "
        "Please choose a time an hour earlier or later."
    )


class ImageUploadField(WagtailImageField):
    """A picture that can really be decoded. Wagtail itself reads no further than its header."""

    def to_python(self, data: Any) -> Any:
        """Return the upload, or say beside the field what is wrong with it."""
        try:
            upload = super().to_python(data)
            if upload is not None:
                self._decode(upload)
        except ValidationError:
            raise
        except Exception as error:
            # Decoders fail in as many ways as files can be broken.
            raise ValidationError(UNREADABLE, code="invalid_image") from error
        return upload

    def _decode(self, upload: Any) -> None:
        pixels = 0
        with Pillow.open(upload) as picture:
            if max(picture.size) > MAX_SIDE:
                raise ValidationError(TOO_LARGE, code="file_too_many_pixels")
            for frame in ImageSequence.Iterator(picture):
                # Frames are counted as they come: a small file can announce few and hold many.
                pixels += frame.width * frame.height
                if pixels > self.max_image_pixels:
                    raise ValidationError(TOO_LARGE, code="file_too_many_pixels")
                frame.load()
        upload.seek(0)


class ImageForm(BaseImageForm):
    """The form behind every place where a picture is uploaded."""

    file = ImageUploadField(
        label="File", widget=FileInput(attrs=dict(BaseImageForm.Meta.widgets["file"].attrs))
    )
