from typing import Any

from wagtail.blocks import (
    CharBlock,
    ChoiceBlock,
    IntegerBlock,
    ListBlock,
    PageChooserBlock,
    RichTextBlock,
    StreamBlock,
    StructBlock,
    StructValue,
    TextBlock,
)
from wagtail.snippets.blocks import SnippetChooserBlock

from base.blocks import BodyBlock
from base.blocks.pages import still_public
from base.blocks.preview import PreviewFromSite
from base.models import Tone
from blog.models import BlogPage
from courses.models import CoursePage

POSTS = 3
MAX_POSTS = 6


class ValueBlock(StructBlock):
    """One of the organisation's values, said as practice."""

    name = CharBlock(max_length=30, help_text="One word. The strapline is made of these.")
    tone = ChoiceBlock(
        label="Colour and icon",
        choices=Tone.choices,
        search_index=False,
        help_text="The arc of the mark that is drawn above the value, and its colour.",
    )
    summary = TextBlock(help_text="What you do, in one sentence: a practice, not an adjective.")
    practice = RichTextBlock(
        features=["bold", "italic", "link"],
        required=False,
        help_text="Two or three sentences about what people can expect.",
    )

    class Meta:
        icon = "pick"
        label_format = "{name}"
        template = "home/blocks/value.html"
        description = "A value and what it means in practice. Its name is part of the strapline."
        preview_value = {
            "name": "Mindful",
            "tone": Tone.MINDFUL,
            "summary": "We ask what helps you to learn, and arrange it before you arrive.",
            "practice": "<p>Papers come early. Breaks come when the clock says they will.</p>",
        }


class ValuesBlock(StreamBlock):
    """The values, in the order of the strapline."""

    value = ValueBlock()


class CoursesBlock(PreviewFromSite, StructBlock):
    """Courses, chosen one by one."""

    heading = CharBlock(max_length=80, required=False)
    courses = ListBlock(PageChooserBlock(page_type="courses.CoursePage"))

    def get_context(
        self, value: StructValue, parent_context: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """Add the `courses` that are public, with what their cards show."""
        context: dict[str, Any] = super().get_context(value, parent_context)
        courses = still_public(value["courses"], CoursePage.objects.for_cards())
        return context | {"courses": courses}

    def get_preview_value(self) -> StructValue:
        """Show courses that the site has."""
        courses = list(CoursePage.objects.visible()[:2])
        return self.normalize({"heading": "Where to begin", "courses": courses})

    class Meta:
        icon = "doc-full-inverse"
        template = "home/blocks/courses.html"
        group = "From the site"
        label_format = "{heading}"
        description = "Courses that you choose, with their next dates and prices."
        nothing_yet = "There are no courses yet. Publish one, and you will see it here."


class LatestNewsBlock(PreviewFromSite, StructBlock):
    """The newest posts, kept up to date by itself."""

    heading = CharBlock(max_length=80, required=False)
    topic = SnippetChooserBlock(
        "base.Topic", required=False, help_text="Left empty, posts on any topic are shown."
    )
    count = IntegerBlock(min_value=1, max_value=MAX_POSTS, default=POSTS)

    def get_context(
        self, value: StructValue, parent_context: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """Add the newest `posts` on the topic."""
        context: dict[str, Any] = super().get_context(value, parent_context)
        posts = BlogPage.objects.published()
        if value["topic"]:
            posts = posts.about(value["topic"])
        return context | {"posts": posts.for_cards()[: value["count"] or POSTS]}

    class Meta:
        icon = "doc-full"
        label = "Latest news"
        template = "home/blocks/latest_news.html"
        group = "From the site"
        label_format = "{heading}"
        description = "The newest posts, on one topic or on any. It keeps itself up to date."
        nothing_yet = "There are no posts yet. Publish one, and you will see it here."
        preview_value = {"heading": "Latest news", "topic": None, "count": 2}


class HomeBodyBlock(BodyBlock):
    """What the text of the home page and of text pages can hold."""

    courses = CoursesBlock()
    latest_news = LatestNewsBlock()
