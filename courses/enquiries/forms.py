from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.utils.html import escape

from base.models import Topic, User
from base.visitors import TextField, TrapMixin, email_field, line_field, name_field
from courses.models import CoursePage

from . import tokens
from .models import Enquiry, Role, Status
from .services import Words

MAX_PEOPLE = 1_000
MOST_IN_A_ROLE = 500
NO_NUMBER = "Please write a whole number, such as 6, or nothing."
CHANGE = "courses_enquiries.change_enquiry"
MODEL_BACKEND = "django.contrib.auth.backends.ModelBackend"
OTHER = "other"
PLAN = "plan"
CONSENT = (
    "We use your answers to reply and to plan the training with you, share them with nobody else, "
    "and delete them some time after we are done."
)


class EnquiryForm(TrapMixin, forms.Form):
    """What an organisation asks for."""

    about = forms.ChoiceField(
        label="What is it about?",
        error_messages={"required": "Please choose a course or a topic, or “Something else”."},
    )
    people = forms.IntegerField(
        label="How many people?",
        min_value=1,
        max_value=MAX_PEOPLE,
        help_text="Roughly is fine.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
        error_messages={
            "required": "Please say roughly how many people it is for.",
            "invalid": "Please write a whole number, such as 12.",
            "min_value": "At least one person.",
            "max_value": "Up to 1,000 people. For more, please write so in your message.",
        },
    )
    place = line_field(
        "Where?",
        120,
        "postal-code",
        help_text="Town or postcode. Leave it empty if you only want to meet online.",
        error_messages={"required": "Please say where, or tick that online would do."},
    )
    online = forms.BooleanField(label="Online would do, or is what we want", required=False)
    when = line_field(
        "When?",
        200,
        help_text="Days, months, or what does not work: “Tuesdays in March”, “not in August”.",
        error_messages={"required": "Please say roughly when, even if it is “any time”."},
    )
    budget = line_field(
        "Budget",
        60,
        required=False,
        help_text="If there is a limit, we say what fits into it.",
    )
    message = TextField(
        label="What should we know about the team?",
        max_length=3_000,
        required=False,
        help_text="What people find hard, what has happened. Please name nobody you support.",
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    organisation = name_field(
        "Organisation",
        120,
        "organization",
        error_messages={"required": "Please write for which organisation you ask."},
    )
    name = name_field(
        "Your name", 100, "name", error_messages={"required": "Please write your name."}
    )
    email = email_field(
        "Your e-mail",
        "email",
        help_text="We answer there.",
        error_messages={"required": "Please write your e-mail address."},
    )
    telephone = line_field(
        "Your telephone number",
        30,
        "tel",
        required=False,
        help_text="If you would rather talk.",
    )
    token = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        data: Any = None,
        *,
        courses: list[CoursePage],
        topics: list[Topic],
        plan: str = "",
        initial: Any = None,
    ) -> None:
        """`plan` is what the planner worked out, where somebody sends it along."""
        super().__init__(data, initial=initial)
        self.courses = {f"course-{course.pk}": course for course in courses}
        self.topics = {f"topic-{topic.pk}": topic for topic in topics}
        self.plan = plan
        self.fields["about"].choices = self._choices()  # type: ignore[attr-defined]
        self.initial["token"] = tokens.sign_form()

    def _choices(self) -> list[Any]:
        courses = [(key, course.title) for key, course in self.courses.items()]
        topics = [(key, topic.name) for key, topic in self.topics.items()]
        groups = [("A course", courses), ("A topic", topics)]
        plan = [(PLAN, "The plan for our team")] if self.plan else []
        self.names = dict([*plan, *courses, *topics, (OTHER, "Something else")])
        shown = [(name, choices) for name, choices in groups if choices]
        return [("", "Please choose"), *plan, *shown, (OTHER, self.names[OTHER])]

    @property
    def about_training(self) -> list[forms.BoundField]:
        """What they ask for."""
        names = ("about", "people", "place", "online", "when", "budget", "message")
        return [self[name] for name in names]

    @property
    def about_you(self) -> list[forms.BoundField]:
        """Who asks."""
        return [self[name] for name in ("organisation", "name", "email", "telephone")]

    @property
    def problems(self) -> list[tuple[str, str]]:
        """What is wrong, each with the field to which the summary leads."""
        return [("", str(error)) for error in self.non_field_errors()] + [
            (field.id_for_label, f"{field.label}: {error}")
            for field in (*self.about_training, *self.about_you)
            for error in field.errors
        ]

    def renew(self) -> None:
        """Let the same words be sent again with a new copy of the form."""
        self.data = dict(self.data.items()) | {"token": tokens.sign_form()}

    def clean(self) -> None:
        """Ask for no place where online is what they want."""
        super().clean()
        if self.cleaned_data.get("online") and self.has_error("place", "required"):
            del self.errors["place"]
            self.cleaned_data["place"] = ""

    @property
    def words(self) -> Words:
        """What was filled in."""
        answers = {
            name: self.cleaned_data[name]
            for name in Words.__dataclass_fields__
            if name in self.cleaned_data
        }
        chosen = answers["about"]
        course, topic = self.courses.get(chosen), self.topics.get(chosen)
        return Words(
            **answers
            | {"about": self.names[chosen], "course": course, "topic": topic}
            | {"plan": self.plan, "consent": CONSENT}
        )


class TeamForm(forms.Form):
    """How many people a team has in each role. Stands in the page's address."""

    def __init__(self, data: Any, *, roles: list[Role]) -> None:
        self.names = {f"role-{role.pk}": role for role in roles}
        super().__init__({name: data[name] for name in self.names if name in data})
        for name, role in self.names.items():
            self.fields[name] = forms.IntegerField(
                label=role.name,
                help_text=escape(role.description),
                min_value=0,
                max_value=MOST_IN_A_ROLE,
                required=False,
                widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
                error_messages={
                    "invalid": NO_NUMBER,
                    "min_value": NO_NUMBER,
                    "max_value": f"At most {MOST_IN_A_ROLE}. For more, please ask us.",
                },
            )

    @property
    def counts(self) -> dict[Role, int]:
        """How many people there are in which role; answers that make no sense are left out."""
        self.full_clean()
        found = {role: self.cleaned_data.get(name) for name, role in self.names.items()}
        return {role: count for role, count in found.items() if count}

    @property
    def query(self) -> str:
        """What stands in the address of the plan: `role-1=6&role-4=2`."""
        return urlencode({f"role-{role.pk}": count for role, count in self.counts.items()})

    @property
    def problems(self) -> list[tuple[str, str]]:
        """What is wrong, each with the field to which the summary leads."""
        return [
            (field.id_for_label, f"{field.label}: {error}")
            for field in self
            for error in field.errors
        ]


class ManageForm(forms.Form):
    """What staff say about an enquiry.

    The form remembers what it was shown with, so that a note does not take back what a colleague
    changed meanwhile.
    """

    status = forms.ChoiceField(choices=Status, show_hidden_initial=True)
    owner = forms.ModelChoiceField(
        User.objects.none(),
        required=False,
        empty_label="Nobody",
        label="Who deals with it",
        show_hidden_initial=True,
    )
    note = TextField(
        max_length=2_000,
        required=False,
        help_text="For colleagues. The person may ask to read it.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, data: Any = None, *, enquiry: Enquiry) -> None:
        initial = {"status": enquiry.status, "owner": enquiry.owner_id}
        super().__init__(data, initial=initial)
        field: Any = self.fields["owner"]
        able = User.objects.with_perm(CHANGE, backend=MODEL_BACKEND)
        field.queryset = (able | User.objects.filter(pk=enquiry.owner_id or 0)).order_by("username")
        field.label_from_instance = lambda user: user.get_full_name() or user.get_username()

    @property
    def shown_with(self) -> list[str]:
        """Hidden fields that carry what the form was shown with."""
        return [self[name].as_hidden(only_initial=True) for name in ("status", "owner")]
