from wagtail.blocks import CharBlock, StreamBlock, StructBlock, TextBlock, TimeBlock


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
