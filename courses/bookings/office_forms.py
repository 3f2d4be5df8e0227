"""What the office fills in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from django import forms
from django.utils.safestring import SafeString

from base.visitors import TextField, email_field, line_field

from .forms import BookerForm, OrderForm
from .models import Attendee, Booking


class Line(NamedTuple):
    """Somebody in the register: their mark, and the hidden field that carries what it was."""

    person: Attendee
    mark: forms.BoundField
    shown_with: SafeString


class RegisterForm(forms.Form):
    """What the register says of everybody on a date.

    The form remembers what it was shown with, so that saving it does not take back what a colleague
    marked meanwhile.
    """

    MARKS = (*Attendee.Attendance.choices, ("", "not known"))

    def __init__(self, data: Any = None, *, people: list[Attendee]) -> None:
        super().__init__(data)
        self.people = people
        for person in people:
            self.fields[_mark_of(person)] = forms.ChoiceField(
                label=person.name,
                choices=self.MARKS,
                required=False,
                initial=person.attendance,
                widget=forms.RadioSelect,
                show_hidden_initial=True,
            )

    @property
    def lines(self) -> Iterator[Line]:
        """Everybody, in the order in which they are called up."""
        for person in self.people:
            mark = self[_mark_of(person)]
            yield Line(person, mark, mark.as_hidden(only_initial=True))

    @property
    def marks(self) -> dict[int, str]:
        """What was changed, by attendee's key. What is no mark changes nothing."""
        self.is_valid()
        marks = {person.pk: _mark_of(person) for person in self.people}
        changed = self.cleaned_data.keys() & set(self.changed_data)
        return {pk: self.cleaned_data[name] for pk, name in marks.items() if name in changed}


class ContactForm(forms.Form):
    """Who booked, how we reach them, and what stands on the invoice.

    The form remembers what it was shown with, so that it does not take back what a colleague
    corrected meanwhile.
    """

    name = line_field(
        "Name",
        100,
        show_hidden_initial=True,
        error_messages={"required": "Please write who booked."},
    )
    email = email_field(
        "E-mail",
        required=False,
        show_hidden_initial=True,
        help_text="With another address the old link is worthless. Left empty, nobody gets mails.",
    )
    telephone = line_field("Telephone number", 30, required=False, show_hidden_initial=True)
    organisation = line_field("Organisation", 120, required=False, show_hidden_initial=True)
    purchase_order = line_field(
        "Purchase order number", 40, required=False, show_hidden_initial=True
    )
    wants_invoice = forms.BooleanField(
        label="They want an invoice", required=False, show_hidden_initial=True
    )
    invoice_address = TextField(
        label="Invoice address",
        max_length=500,
        required=False,
        show_hidden_initial=True,
        help_text="Only if it differs from the organisation's.",
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off"}),
    )

    def __init__(self, data: Any = None, *, booking: Booking) -> None:
        super().__init__(data, initial={name: getattr(booking, name) for name in self.base_fields})

    @property
    def shown_with(self) -> list[SafeString]:
        """Hidden fields that carry what the form was shown with."""
        return [field.as_hidden(only_initial=True) for field in self]

    @property
    def corrections(self) -> dict[str, Any]:
        """What was changed, by field."""
        return {name: self.cleaned_data[name] for name in self.changed_data}


class BookerByHandForm(BookerForm):
    """Who books, as they say it on the telephone: not everybody has an e-mail address."""

    email = email_field(
        "Your e-mail",
        required=False,
        help_text="The confirmation goes there. Left empty, no mail is sent: tell them yourself.",
    )


class OrderByHandForm(OrderForm):
    """A whole booking, as the office writes it down for somebody."""

    booker_form = BookerByHandForm


def _mark_of(person: Attendee) -> str:
    return f"mark-{person.pk}"
