import re
from typing import NamedTuple
from urllib.parse import SplitResult, parse_qs, urlsplit

from django.core.exceptions import ValidationError
from django.template.defaultfilters import filesizeformat
from django.utils.functional import cached_property
from wagtail.blocks import (
    CharBlock,
    RichTextBlock,
    StructBlock,
    StructBlockValidationError,
    StructValue,
    URLBlock,
)
from wagtail.documents import get_document_model
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images import get_image_model
from wagtail.images.blocks import ImageBlock as ChosenImageBlock

from .preview import PreviewFromSite

YOUTUBE_HOSTS = {
    "youtube.com",
    "www.youtube.com",
    "m.youtube.com",
    "youtube-nocookie.com",
    "www.youtube-nocookie.com",
}
VIMEO_HOSTS = {"vimeo.com", "www.vimeo.com", "player.vimeo.com"}
YOUTUBE_ID = re.compile(r"[A-Za-z0-9_-]{11}")
YOUTUBE_PATH = re.compile(r"/(?:shorts|embed|live)/(?P<id>[^/]+)/?")
VIMEO_PATH = re.compile(r"/(?:video/)?(?P<id>[0-9]{6,12})/?")


class Video(NamedTuple):
    """A video on another site: whose it is, where to watch it there, and its player."""

    host: str
    page: str
    player: str


def video_at(url: str) -> Video | None:
    """Return the video at an address; None where the address is not that of one video.

    Page and player are written anew from the video's number, so nothing else of what somebody
    typed reaches a visitor. The player is the one that sets fewest cookies: youtube-nocookie.com,
    and Vimeo with `dnt=1` (do not track).
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"}:
        return None
    # The whole of what stands before the path: with a name, a password or a port it is no match.
    host = parts.netloc.lower()
    if host in VIMEO_HOSTS:
        match = VIMEO_PATH.fullmatch(parts.path)
        return vimeo(match["id"]) if match else None
    if host in YOUTUBE_HOSTS:
        return youtube(youtube_id(parts))
    if host == "youtu.be":
        return youtube(parts.path.strip("/"))
    return None


def youtube_id(parts: SplitResult) -> str:
    """Return what an address on YouTube has where a video's number stands."""
    if parts.path in {"/watch", "/watch/"}:
        return parse_qs(parts.query).get("v", [""])[0]
    match = YOUTUBE_PATH.fullmatch(parts.path)
    return match["id"] if match else ""


def youtube(number: str) -> Video | None:
    """Return the video of that number, if it is one."""
    if not YOUTUBE_ID.fullmatch(number):
        return None
    return Video(
        "YouTube",
        f"https://www.youtube.com/watch?v={number}",
        f"https://www.youtube-nocookie.com/embed/{number}",
    )


def vimeo(number: str) -> Video:
    """Return the video of that number."""
    return Video(
        "Vimeo", f"https://vimeo.com/{number}", f"https://player.vimeo.com/video/{number}?dnt=1"
    )


class ImageBlock(PreviewFromSite, StructBlock):
    """A picture, described or decorative, with its caption."""

    image = ChosenImageBlock()
    caption = CharBlock(max_length=200, required=False, help_text="Shown below the picture.")

    def get_preview_value(self) -> StructValue:
        """Show a picture that the site has."""
        image = get_image_model().objects.first()
        if image:
            image.contextual_alt_text, image.decorative = image.default_alt_text, False
        caption = "Two people, one sheet of paper: every course begins like this."
        return self.normalize({"image": image, "caption": caption})

    class Meta:
        icon = "image"
        label = "Picture"
        template = "base/blocks/image.html"
        group = "Media"
        label_format = "{caption}"
        description = "A picture across the text. Described here, or marked as decorative."
        nothing_yet = "There are no pictures yet. Add one under “Images”, and you will see it here."


class VideoValue(StructValue):
    """A video that knows where it is."""

    @property
    def source(self) -> Video | None:
        """The video at the address, if there is one."""
        return video_at(self.get("url") or "")


class VideoBlock(StructBlock):
    """A video that is loaded only when somebody asks for it."""

    url = URLBlock(label="Address", help_text="The address of the video on YouTube or Vimeo.")
    title = CharBlock(max_length=120, help_text="What the video shows.")
    transcript = RichTextBlock(
        required=False,
        features=["bold", "italic", "ul"],
        help_text="What is said and shown, for people who do not hear or see it.",
    )

    def clean(self, value: StructValue) -> StructValue:
        """Refuse an address that is not that of a video. A draft may still be without one."""
        cleaned = super().clean(value)
        if cleaned["url"] and cleaned.source is None:
            message = (
                "This is not the address of a video on YouTube or Vimeo. Open the video and copy "
                "the address from there, such as https://www.youtube.com/watch?v=…"
            )
            raise StructBlockValidationError({"url": ValidationError(message)})
        return cleaned

    class Meta:
        icon = "media"
        template = "base/blocks/video.html"
        value_class = VideoValue
        group = "Media"
        label_format = "{title}"
        description = (
            "A video from YouTube or Vimeo. Nothing is loaded from there before the visitor "
            "asks for it."
        )
        preview_value = {
            "url": "https://vimeo.com/123456789",
            "title": "How we plan a course together",
            "transcript": "<p>Two people sit at a table and write on one sheet of paper.</p>",
        }


class DocumentValue(StructValue):
    """A file that says what somebody on a slow connection wants to know."""

    @property
    def facts(self) -> str:
        """Its kind and size: “PDF, 120 KB”."""
        document = self["document"]
        size = filesizeformat(self.size).replace(".0\xa0", "\xa0") if self.size else ""
        return ", ".join(filter(None, [document.file_extension.upper(), size]))

    @cached_property
    def size(self) -> int:
        """Its size in bytes; 0 while the file cannot be read.

        Wagtail notes it when a document is uploaded. Where it did not, reading asks the storage,
        and writes nothing.
        """
        document = self["document"]
        try:
            return document.file_size or document.file.size
        except OSError:
            return 0


class DocumentBlock(PreviewFromSite, StructBlock):
    """A file to download, with its kind and size."""

    document = DocumentChooserBlock()
    title = CharBlock(
        max_length=120, required=False, help_text="Left empty, the document's own title is used."
    )

    def get_preview_value(self) -> StructValue:
        """Show a document that the site has."""
        document = get_document_model().objects.first()
        return self.normalize({"document": document, "title": ""})

    class Meta:
        icon = "doc-full"
        label = "Download"
        template = "base/blocks/document.html"
        value_class = DocumentValue
        group = "Media"
        label_format = "{title}"
        description = "A file to download. Its kind and size are shown beside it."
        nothing_yet = (
            "There are no documents yet. Add one under “Documents”, and you will see it here."
        )
