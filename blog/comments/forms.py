import uuid
from typing import Any

from django import forms

from base.text import one_line
from base.visitors import LineField, TrapMixin

from . import tokens

MAX_CHARACTERS = 3_000
CONSENT = (
    "By sending this you agree that we show your name and your comment on this page, and keep "
    "your e-mail address, which is never shown, to answer you. You can ask us to remove all "
    "three at any time."
)


class CommentForm(TrapMixin):
    """What a visitor says about a post."""

    name = forms.CharField(
        label="Your name",
        max_length=80,
        help_text="Shown with your comment. A first name is enough.",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": "Please write the name you go by."},
    )
    email = forms.EmailField(
        label="Your e-mail",
        help_text="Never shown.",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": "Please write your e-mail address. It is never shown.",
            "invalid": "This is no complete e-mail address. It looks like name@example.org.",
        },
    )
    text = forms.CharField(
        label="Your comment",
        max_length=MAX_CHARACTERS,
        help_text="Please name nobody you support, and leave out telephone numbers and addresses.",
        widget=forms.Textarea(attrs={"rows": 7}),
        error_messages={"required": "Please write your comment."},
    )
    wants_replies = forms.BooleanField(
        label="Send me an e-mail when somebody replies", required=False
    )
    token = LineField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, page_pk: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.page_pk = page_pk
        self.initial["token"] = tokens.new(page_pk).sign()

    @property
    def questions(self) -> list[forms.BoundField]:
        """The fields that people fill in."""
        return [self[name] for name in ("name", "email", "text", "wants_replies")]

    @property
    def sent_token(self) -> tokens.Token | None:
        """The token that the form was sent with; none if the form did not come from us."""
        return tokens.read(self.data.get("token", ""), self.page_pk)

    def renew(self) -> None:
        """Let the same words be sent again with a new copy of the form."""
        token = tokens.new(self.page_pk, is_renewed=True).sign()
        self.data = dict(self.data.items()) | {"token": token}

    def clean_name(self) -> str:
        """One line that says something."""
        name = one_line(self.cleaned_data["name"])
        if not any(sign.isalnum() for sign in name):
            raise forms.ValidationError("Please write the name you go by.")
        return name


class ReportForm(TrapMixin):
    """What a reader has against a comment."""

    reason = forms.CharField(
        label="What is wrong with it?",
        max_length=500,
        required=False,
        help_text="You do not have to say. Staff will look at the comment again.",
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    key = forms.UUIDField(required=False, widget=forms.HiddenInput, initial=uuid.uuid4)

    @property
    def questions(self) -> list[forms.BoundField]:
        """The fields that people fill in."""
        return [self["reason"]]


class AnswerForm(forms.Form):
    """What staff answer."""

    name = forms.CharField(
        label="Your name", max_length=80, help_text="Shown with the reply, with the organisation's."
    )
    text = forms.CharField(
        label="Your reply", max_length=MAX_CHARACTERS, widget=forms.Textarea(attrs={"rows": 6})
    )
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    def clean_name(self) -> str:
        """One line."""
        return one_line(self.cleaned_data["name"])
