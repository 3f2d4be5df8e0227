import uuid
from typing import Any

from django import forms
from django.http import QueryDict
from wagtail.contrib.forms.forms import BaseForm, FormBuilder

from base.text import printable

MAX_CHARACTERS = 5_000
MAX_DIGITS = 12


class ContactForm(BaseForm):
    """The questions that staff wrote, plus what tells a second click and a robot apart.

    The names begin with an underscore: no question's name can.
    """

    _key = forms.CharField(required=False, widget=forms.HiddenInput, initial=uuid.uuid4)
    _website = forms.CharField(
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
        return self["_website"]

    @property
    def is_spam(self) -> bool:
        """Whether the trap was filled in."""
        return bool(self.cleaned_data["_website"])

    @property
    def key(self) -> uuid.UUID:
        """The key of this copy of the form; a new one where it is missing or mangled."""
        try:
            return uuid.UUID(self.cleaned_data["_key"])
        except ValueError:
            return uuid.uuid4()

    @property
    def answers(self) -> dict[str, Any]:
        """The answers to the questions of staff, by name."""
        given = {field.name: self.cleaned_data[field.name] for field in self.questions}
        return {
            name: printable(answer) if isinstance(answer, str) else answer
            for name, answer in given.items()
        }

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
            field = question.field
            is_text = isinstance(field, forms.CharField | forms.ChoiceField)
            is_list = isinstance(field, forms.MultipleChoiceField)
            if is_text and not is_list and question.name in query:
                field.initial = query[question.name][:MAX_CHARACTERS]


class ContactFormBuilder(FormBuilder):
    """Builds a `ContactForm`, with an upper limit to every answer."""

    def get_field_options(self, field: Any) -> dict[str, Any]:
        """Ask for a missing answer as a person would."""
        is_box = field.field_type == "checkbox"
        please = "Please tick this box to go on." if is_box else "Please answer this question."
        return super().get_field_options(field) | {"error_messages": {"required": please}}

    def create_multiline_field(self, field: Any, options: dict[str, Any]) -> forms.Field:
        """A text of at most 5,000 characters."""
        return super().create_multiline_field(field, options | {"max_length": MAX_CHARACTERS})

    def create_number_field(self, field: Any, options: dict[str, Any]) -> forms.Field:
        """A number of at most twelve digits."""
        return super().create_number_field(field, options | {"max_digits": MAX_DIGITS})

    def get_form_class(self) -> type[ContactForm]:
        """Return the form with the questions of staff."""
        return type("ContactForm", (ContactForm,), dict(self.formfields))
