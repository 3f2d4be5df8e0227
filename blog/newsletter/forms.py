from __future__ import annotations

from typing import Any

from django import forms

from base.models import NEWSLETTER_PROMISE
from base.text import one_line
from base.visitors import LineField, TrapMixin, email_field, name_field

from .models import Subscriber, wishes_from

# What stands on the button and below it, wherever the form is.
WORDING = f"Get the newsletter. {NEWSLETTER_PROMISE}"
BOX = "Send me the newsletter as well"
CHOOSE = "Please choose at least one."


class WishesForm(forms.Form):
    """What somebody would like to get."""

    name = name_field(
        "Your name", 100, "name", required=False, help_text="If you like, for the greeting."
    )
    interests = forms.MultipleChoiceField(
        label="What would you like?",
        choices=[
            ("wants_news", "News and ideas"),
            ("wants_dates", "Course dates"),
            ("wants_easy_read", "The Easy Read edition: short sentences, large print, pictures"),
        ],
        widget=forms.CheckboxSelectMultiple,
        help_text="Choose only the last to get everything in Easy Read.",
        error_messages={"required": CHOOSE},
    )

    @property
    def questions(self) -> list[forms.BoundField]:
        """The fields that people fill in."""
        return [self["name"], self["interests"]]

    @property
    def wishes(self) -> dict[str, bool]:
        """What was ticked, by field."""
        return wishes_from(self.cleaned_data["interests"])


class PreferencesForm(WishesForm):
    """What a subscriber changes."""

    def __init__(self, data: Any = None, *, subscriber: Subscriber) -> None:
        interests = [name for name, is_wanted in subscriber.wishes.items() if is_wanted]
        super().__init__(data, initial={"name": subscriber.name, "interests": interests})


class JoinForm(TrapMixin, WishesForm):
    """What somebody who joins fills in. `where` is the page on which they did."""

    email = email_field(
        "Your e-mail",
        "email",
        help_text="We write there once, to ask whether it was you.",
        error_messages={"required": "Please write your e-mail address."},
    )
    where = LineField(required=False, widget=forms.HiddenInput)
    promise = NEWSLETTER_PROMISE

    def __init__(self, data: Any = None, *, where: str) -> None:
        """`where` is the path of the page on which the form stands."""
        initial = {"interests": ["wants_news", "wants_dates"], "where": where}
        super().__init__(data, initial=initial)

    @property
    def questions(self) -> list[forms.BoundField]:
        """The fields that people fill in."""
        return [self["email"], *super().questions]

    def clean_where(self) -> str:
        """The path of a page of ours, as far as it is one."""
        path = one_line(self.cleaned_data["where"])[:200]
        return path if path.startswith("/") and not path.startswith("//") else ""
