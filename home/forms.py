import json
import uuid
from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.serializers.json import DjangoJSONEncoder
from django.http import QueryDict
from wagtail.contrib.forms.forms import BaseForm, FormBuilder

from base.text import printable
from base.visitors import EmailField

MAX_LINE = 255
MAX_CHARACTERS = 5_000
MAX_DIGITS = 12
# What links of this site may fill in, and what browsers know about the person before them.
PREFILLED = {"course"}
AUTOCOMPLETE = {"name", "email", "tel", "organization", "postal-code"}


class ContactForm(BaseForm):
    """The questions that staff wrote, plus what tells a second click and a robot apart.

    The names begin with an underscore: no question's name can.
    """

    _key = forms.CharField(required=False, widget=forms.HiddenInput, initial=uuid.uuid4)
    _nothing = forms.CharField(
        required=False,
        label="Leave this empty",
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )

    @property
    def questions(self) -> list[forms.BoundField]:
        """The questions of staff, in their order."""
        return [field for field in self if field.name not in ContactForm.base_fields]

    @property
    def trap(self) -> forms.BoundField:
        """The field that people do not see and robots fill in."""
        return self["_nothing"]

    @property
    def is_spam(self) -> bool:
        """Whether the trap was filled in."""
        return bool(self.cleaned_data["_nothing"])

    @property
    def key(self) -> uuid.UUID:
        """Stands for these answers in this copy of the form: the same again has the same key."""
        try:
            copy = uuid.UUID(self.cleaned_data["_key"])
        except ValueError:
            copy = uuid.UUID(int=self.page.pk)
        return uuid.uuid5(copy, json.dumps(self.answers, cls=DjangoJSONEncoder))

    @property
    def answers(self) -> dict[str, Any]:
        """The answers to the questions of staff, by name."""
        given = {field.name: self.cleaned_data[field.name] for field in self.questions}
        return {
            name: printable(answer) if isinstance(answer, str) else answer
            for name, answer in given.items()
        }

    @property
    def said(self) -> Iterator[tuple[str, str]]:
        """Each question that was answered, with the answer in words."""
        for field in self.questions:
            match self.answers[field.name]:
                case None | "" | []:
                    continue
                case bool(answer):
                    yield str(field.label), "Yes" if answer else "No"
                case list(answer):
                    yield str(field.label), ", ".join(map(str, answer))
                case answer:
                    yield str(field.label), str(answer)

    @property
    def reply_to(self) -> list[str]:
        """The e-mail addresses among the answers."""
        emails = (
            self.cleaned_data[name]
            for name, field in self.fields.items()
            if isinstance(field, forms.EmailField)
        )
        return [email for email in emails if email]

    def prefill(self, query: QueryDict) -> None:
        """Fill in what the link that led here already knows: `?course=Dementia+care`."""
        for question in self.questions:
            purpose = getattr(question.field, "purpose", "")
            if purpose in PREFILLED and purpose in query:
                question.field.initial = query[purpose][:MAX_CHARACTERS]


class DayInput(forms.DateInput):
    """A calendar of the browser's, which speaks ISO 8601 whatever it shows."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class MomentInput(forms.DateTimeInput):
    """The same with a time."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class LineField(forms.CharField):
    """An answer of one line: a pasted line break is a space. `purpose` is the question's."""

    purpose = ""

    def to_python(self, value: Any) -> str:
        """Return the words on one line."""
        return " ".join((super().to_python(value) or "").split())


class TextField(forms.CharField):
    """An answer of several lines. Browsers send two signs for a line break; it counts as one."""

    def to_python(self, value: Any) -> str:
        """Return the text with plain line breaks."""
        return (super().to_python(value) or "").replace("\r\n", "\n")


def known(question: Any) -> dict[str, str]:
    """Return the attributes that let a browser offer what it knows (WCAG 2.2, criterion 1.3.5)."""
    purpose = question.purpose
    attributes = {"autocomplete": purpose} if purpose in AUTOCOMPLETE else {}
    return attributes | ({"type": "tel"} if purpose == "tel" else {})


class ContactFormBuilder(FormBuilder):
    """Builds a `ContactForm`, with an upper limit to every answer."""

    def get_field_options(self, field: Any) -> dict[str, Any]:
        """Ask for a missing answer as a person would."""
        is_box = field.field_type == "checkbox"
        please = "Please tick this box to go on." if is_box else "Please answer this question."
        return super().get_field_options(field) | {"error_messages": {"required": please}}

    def create_singleline_field(self, field: Any, options: dict[str, Any]) -> forms.Field:
        """A line that the browser or the link that led here may know already."""
        line = LineField(max_length=MAX_LINE, widget=forms.TextInput(attrs=known(field)), **options)
        line.purpose = field.purpose
        return line

    def create_email_field(self, field: Any, options: dict[str, Any]) -> forms.Field:
        """An e-mail address: the sender's own, unless staff say otherwise."""
        attributes = {"autocomplete": "email"} | known(field)
        return EmailField(widget=forms.EmailInput(attrs=attributes), **options)

    def create_multiline_field(self, field: Any, options: dict[str, Any]) -> forms.Field:
        """A text of at most 5,000 characters."""
        return TextField(max_length=MAX_CHARACTERS, widget=forms.Textarea, **options)

    def create_number_field(self, field: Any, options: dict[str, Any]) -> forms.Field:
        """A number of at most twelve digits. A field for numbers would lose what is none."""
        widget = forms.TextInput(attrs={"inputmode": "decimal"})
        options = options | {"max_digits": MAX_DIGITS, "widget": widget}
        return super().create_number_field(field, options)

    def create_date_field(self, field: Any, options: dict[str, Any]) -> forms.Field:
        """A day, chosen in the browser's own calendar."""
        return forms.DateField(widget=DayInput(), **options)

    def create_datetime_field(self, field: Any, options: dict[str, Any]) -> forms.Field:
        """A day and a time, chosen in the browser's own calendar."""
        return forms.DateTimeField(widget=MomentInput(), **options)

    def get_form_class(self) -> type[ContactForm]:
        """Return the form with the questions of staff."""
        return type("ContactForm", (ContactForm,), dict(self.formfields))
