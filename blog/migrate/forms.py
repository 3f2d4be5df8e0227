from pathlib import Path

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat

from .sources.reading import MAX_BYTES
from .uploads import ENDINGS

NOT_A_SOURCE = (
    "Choose a web feed or WordPress export (.xml), a saved page (.html), or an archive (.zip) of a "
    "folder with them and their pictures."
)


class ImportForm(forms.Form):
    """What to bring in, and whether visitors shall see it at once."""

    file = forms.FileField(
        help_text=(
            "A web feed or WordPress export (.xml), a saved page (.html), or an archive (.zip) of "
            "a folder with them and their pictures. Nothing is brought in yet: first you see what "
            "would be."
        ),
        widget=forms.FileInput(attrs={"accept": ",".join(sorted(ENDINGS))}),
    )
    publish = forms.BooleanField(
        required=False,
        label="Publish the posts",
        help_text="Left empty, they become drafts, which you publish when you have looked at them.",
    )

    def clean_file(self) -> UploadedFile:
        """Refuse what cannot be a source, by its name and size."""
        upload: UploadedFile = self.cleaned_data["file"]
        if Path(upload.name or "").suffix.lower() not in ENDINGS:
            raise forms.ValidationError(NOT_A_SOURCE)
        if (upload.size or 0) > MAX_BYTES:
            size = filesizeformat(MAX_BYTES)
            raise forms.ValidationError(f"This file is larger than {size}. Please split it.")
        return upload
