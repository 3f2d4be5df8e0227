from collections.abc import Sequence

from wagtail.blocks import (
    CharBlock,
    StreamBlock,
    StreamValue,
    StructBlock,
    StructValue,
    TextBlock,
    TimeBlock,
)
from wagtail.images.blocks import ImageBlock


class OutcomesBlock(StreamBlock):
    """What people will be able to do afterwards, one line each."""

    outcome = CharBlock(
        max_length=160,
        icon="tick-inverse",
        help_text="Begins with a verb: “Explain the five principles of the Mental Capacity Act”.",
    )


class SessionBlock(StructBlock):
    """One part of the day."""

    time = TimeBlock(help_text="When it begins, such as 09:30.")
    title = CharBlock(max_length=100)
    text = TextBlock(required=False, help_text="One or two sentences. Left empty, none are shown.")

    class Meta:
        icon = "time"
        label_format = "{time} {title}"


class ProgrammeBlock(StreamBlock):
    """The programme of the day."""

    session = SessionBlock()


class MomentBlock(StructBlock):
    """One thing that happens on the day, with a picture of it."""

    title = CharBlock(max_length=80, help_text="“When you arrive”, “Breaks”, “A quiet space”.")
    text = TextBlock(help_text="What people will see, hear and be asked: short sentences.")
    image = ImageBlock(required=False, help_text="The door, the room. Left empty, there is none.")

    class Meta:
        icon = "view"
        label_format = "{title}"


class DayBlock(StreamBlock):
    """What happens on the day, so that nothing comes as a surprise."""

    moment = MomentBlock()


def moments_of(streams: Sequence[StreamValue]) -> list[list[StructValue]]:
    """Return the moments of several days, their pictures fetched together in one query."""
    parts = [list(stream.raw_data) for stream in streams]
    together = StreamValue(DayBlock(), [raw for part in parts for raw in part], is_lazy=True)
    moments = iter(together)
    return [[next(moments).value for _ in part] for part in parts]
