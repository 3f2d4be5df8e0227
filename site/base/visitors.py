"""What the forms of visitors are made of."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from .addresses import LONGEST, NOT_COMPLETE, one_way
from .text import links_in, one_line, printable

LINK_IN_NAME = "Please write this without an address of the web."


class LineField(forms.CharField):
    """Text in one line, without signs that nobody sees."""

    def to_python(self, value: Any) -> str:
        """Return the line."""
        return one_line(super().to_python(value) or "")


class TextField(forms.CharField):
    """Text in several lines, without signs that nobody sees."""

    def to_python(self, value: Any) -> str:
        """Return the text."""
        return printable(super().to_python(value) or "").replace("\r\n", "\n")


class EmailField(forms.EmailField):
    """An e-mail address, written in one way so that it is found again."""

    def to_python(self, value: Any) -> str:
        """Return the address without signs that nobody sees."""
        return printable(super().to_python(value) or "")

    def clean(self, value: Any) -> str:
        """Return the address in the one way in which it is kept."""
        address = super().clean(value)
        return one_way(address) if address else ""


def refuse_links(text: str) -> None:
    """Refuse an address of the web, which would be advertising in our own mails."""
    if links_in(text):
        raise ValidationError(LINK_IN_NAME)


def line_field(label: str, length: int, autocomplete: str = "off", **options: Any) -> LineField:
    """Return a field for one line; `autocomplete` says what the browser may fill in."""
    widget = forms.TextInput(attrs={"autocomplete": autocomplete})
    return LineField(label=label, max_length=length, widget=widget, **options)


def name_field(label: str, length: int, autocomplete: str = "off", **options: Any) -> LineField:
    """Return a field for a line that stands in mails: it takes no links."""
    return line_field(label, length, autocomplete, validators=[refuse_links], **options)


def email_field(label: str, autocomplete: str = "off", **options: Any) -> EmailField:
    """Return a field for an e-mail address."""
    messages = dict.fromkeys(("invalid", "max_length"), NOT_COMPLETE)
    messages |= options.pop("error_messages", {})
    widget = forms.EmailInput(attrs={"autocomplete": autocomplete})
    return EmailField(
        label=label, max_length=LONGEST, widget=widget, error_messages=messages, **options
    )


class TrapMixin(forms.Form):
    """A field that people do not see and robots fill in. No browser knows what belongs into it."""

    nothing = forms.CharField(
        required=False,
        label="Leave this empty",
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )

    @property
    def trap(self) -> forms.BoundField:
        """The field that people leave alone."""
        return self["nothing"]

    @property
    def is_from_robot(self) -> bool:
        """Whether the trap was filled in."""
        return bool(self.data.get(self.add_prefix("nothing")))
