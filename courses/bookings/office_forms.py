"""What the office fills in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from django import forms
from django.utils.safestring import SafeString

from .models import Attendee


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


def _mark_of(person: Attendee) -> str:
    return f"mark-{person.pk}"
