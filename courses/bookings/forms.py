from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.html import format_html
from wagtail.models import Page

from base.newsletter import Newsletter
from base.visitors import TextField, TrapMixin, email_field, line_field, name_field
from courses.models import CoursePage

from .models import MAX_PEOPLE, Attendee, BookingSettings
from .services import ACCEPT_TERMS, NO_CONSENT, Order, Person

CONSENT = "I agree, or speak for people who agree, that you keep these access and dietary needs"
USE = (
    "The office and the trainers read them to arrange the day, and the site deletes them {days} "
    "after the date."
)


class BookerForm(TrapMixin, forms.Form):
    """Who books, how we reach them, and who pays."""

    name = name_field(
        "Your name",
        100,
        "name",
        error_messages={"required": "Please write your name."},
    )
    email = email_field(
        "Your e-mail",
        "email",
        help_text="The confirmation goes there.",
        error_messages={"required": "Please write your e-mail address."},
    )
    telephone = line_field(
        "Your telephone number",
        30,
        "tel",
        required=False,
        help_text="For the day itself, if a train stops or snow falls.",
    )
    tells_attendees = forms.BooleanField(
        label="Send the date and the way there to everybody whose e-mail I give", required=False
    )
    organisation = name_field("Organisation", 120, "organization", required=False)
    purchase_order = name_field("Purchase order number", 40, required=False)
    wants_invoice = forms.BooleanField(label="Send an invoice", required=False)
    invoice_address = TextField(
        label="Invoice address",
        max_length=500,
        required=False,
        help_text="Only if it differs from your organisation's.",
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "street-address"}),
    )
    voucher = line_field("Voucher code", 20, required=False)

    @property
    def about_booker(self) -> list[forms.BoundField]:
        """How we reach them."""
        return [self[name] for name in ("name", "email", "telephone", "tells_attendees")]

    @property
    def about_payment(self) -> list[forms.BoundField]:
        """Who pays."""
        fields = ("organisation", "purchase_order", "wants_invoice", "invoice_address", "voucher")
        return [self[name] for name in fields]

    @property
    def questions(self) -> list[forms.BoundField]:
        """The fields that people fill in."""
        return [*self.about_booker, *self.about_payment]


class AgreedPriceForm(forms.Form):
    """What staff agreed on with whoever telephones."""

    agreed_price = forms.DecimalField(
        label="Agreed price for one person, in pounds",
        min_value=0,
        max_digits=7,
        decimal_places=2,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "decimal"}),
        error_messages={
            "required": "Please write the price that you agreed on; 0 if nothing is to be paid.",
            "invalid": "Please write an amount, such as 145 or 82.50.",
        },
    )

    def __init__(self, *args: Any, course: CoursePage, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["agreed_price"]
        field.required = course.price is None
        if course.price is None:
            field.help_text = f"No discount is taken off it; {course.get_vat_display()}."
        else:
            field.help_text = (
                f"Left empty, it is the price of the course: {course.price_text}. "
                "No discount is taken off one that you write here."
            )


class ConsentForm(forms.Form):
    """Whether access and dietary needs may be kept."""

    consent = forms.BooleanField(label=CONSENT, required=False)

    def __init__(self, *args: Any, settings: BookingSettings, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        days = settings.keep_needs_days
        self.use = USE.format(days=f"{days} day{'' if days == 1 else 's'}")
        self.fields["consent"].help_text = self.use

    @property
    def given(self) -> str:
        """What was agreed to, in its words; nothing where it was not ticked."""
        return f"{CONSENT}. {self.use}" if self.cleaned_data["consent"] else ""


class NewsletterForm(forms.Form):
    """Whether whoever books would like the newsletter as well."""

    wants_newsletter = forms.BooleanField(required=False)

    def __init__(self, data: Any = None, *, newsletter: Newsletter, initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        field = self.fields["wants_newsletter"]
        field.label, field.help_text = newsletter.label, newsletter.promise


class TermsForm(forms.Form):
    """Whether the terms of booking are accepted."""

    terms = forms.BooleanField(
        label="I accept the terms of booking", error_messages={"required": ACCEPT_TERMS}
    )

    def __init__(self, data: Any = None, *, page: Page) -> None:
        super().__init__(data)
        self.fields["terms"].help_text = format_html(
            'Read them here: <a href="{}" target="_blank" rel="noopener">{}</a>'
            " (opens in a new tab).",
            page.url,
            page.title,
        )


class PersonForm(forms.Form):
    """Somebody who comes, and what they need."""

    name = name_field("Name", 100, error_messages={"required": "Please write who comes."})
    email = email_field("E-mail", required=False)
    access_needs = TextField(
        label="Access needs",
        max_length=500,
        required=False,
        help_text="Anything that makes the day work: step-free access, large print, a quiet room.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    dietary_needs = line_field("Dietary needs", 200, required=False)

    @property
    def person(self) -> Person:
        """What was filled in."""
        return Person(**{name: self.cleaned_data[name] for name in Person.__dataclass_fields__})


class AttendeeForm(PersonForm):
    """Somebody in a booking whose name or needs change."""

    def __init__(self, data: Any = None, *, attendee: Attendee) -> None:
        initial = {name: getattr(attendee, name) for name in Person.__dataclass_fields__}
        super().__init__(data, prefix=f"person-{attendee.pk}", initial=initial)
        self.attendee = attendee


class BasePeopleFormSet(forms.BaseFormSet):
    """Who comes. The first may be left without a name: it is then whoever books."""

    def add_fields(self, form: forms.Form, index: int | None) -> None:
        """Let the first name be empty."""
        super().add_fields(form, index)
        form.empty_permitted = False
        if index == 0:
            form.fields["name"].required = False
            form.fields["name"].help_text = "Left empty: you yourself."


PeopleFormSet = forms.formset_factory(
    PersonForm,
    formset=BasePeopleFormSet,
    extra=0,
    min_num=1,
    max_num=MAX_PEOPLE,
    absolute_max=MAX_PEOPLE,
    validate_max=True,
)


class OrderForm:
    """A whole booking: the booker, the people, and on the last page the terms.

    Holds Django forms together and answers to the names that templates and views use.
    """

    PEOPLE = "people"
    booker_form: type[BookerForm] = BookerForm

    def __init__(
        self,
        data: Any = None,
        *,
        settings: BookingSettings,
        course: CoursePage | None = None,
        newsletter: Newsletter | None = None,
        is_last: bool = False,
        booker: Any = None,
        people: Any = None,
    ) -> None:
        """`booker` and `people` are what is filled in when the form is first shown.

        `course` is given where staff book, who may agree on a price for it, and accept no terms for
        others. `is_last` says that the last page was sent, which asks for them. `newsletter` is
        offered beside the booking.
        """
        self.booker = self.booker_form(data, initial=booker)
        self.people = PeopleFormSet(data, prefix=self.PEOPLE, initial=people)
        self.consent = ConsentForm(data, settings=settings, initial=booker)
        self.agreed = AgreedPriceForm(data, course=course, initial=booker) if course else None
        self.newsletter = (
            NewsletterForm(data, newsletter=newsletter, initial=booker) if newsletter else None
        )
        page = None if course else settings.live_terms
        self.terms = TermsForm(data if is_last else None, page=page) if page else None

    @classmethod
    def unchecked(cls, typed: Any, people: list[dict[str, str]], **about: Any) -> OrderForm:
        """Return the form with what was typed so far, silent about what is missing."""
        shown = (cls.booker_form, ConsentForm, AgreedPriceForm, NewsletterForm)
        fields = {name: field for form in shown for name, field in form.base_fields.items()}
        booker = {
            name: field.widget.value_from_datadict(typed, {}, name)
            for name, field in fields.items()
        }
        return cls(booker=booker, people=people, **about)

    @property
    def parts(self) -> list[forms.BaseForm]:
        """The Django forms of the first page."""
        added = filter(None, [self.agreed, self.newsletter])
        return [*self.people, self.consent, *added, self.booker]

    @property
    def fields(self) -> list[forms.BoundField]:
        """Everything that is filled in on the first page."""
        return [field for part in self.parts for field in part]

    @classmethod
    def typed_people(cls, typed: Mapping[str, str], count: int) -> list[dict[str, str]]:
        """Return what was typed about so many people."""
        return [
            {
                name: typed.get(f"{cls.PEOPLE}-{row}-{name}", "")
                for name in Person.__dataclass_fields__
            }
            for row in range(count)
        ]

    @property
    def has_payment(self) -> bool:
        """Whether something about payment is filled in or wrong."""
        return any(field.value() or field.errors for field in self.booker.about_payment)

    def is_valid(self) -> bool:
        """Whether the first page is complete."""
        is_complete = all([self.people.is_valid(), *(part.is_valid() for part in self.parts)])
        has_needs = any(form.is_valid() and form.person.needs for form in self.people)
        if has_needs and not self.consent.given:
            self.consent.add_error("consent", NO_CONSENT)
            return False
        return is_complete

    @property
    def lacks_terms(self) -> bool:
        """Whether the last page was sent without accepting its terms."""
        return bool(self.terms and self.terms.is_bound and not self.terms.is_valid())

    @property
    def problems(self) -> list[tuple[str, str]]:
        """What is wrong, each with the field to which the summary leads."""
        general = [*self.booker.non_field_errors(), *self.people.non_form_errors()]
        return [("", error) for error in general] + [
            (field.id_for_label, f"{field.label}: {error}")
            for field in (*self.fields, *(self.terms or ()))
            for error in field.errors
        ]

    def refuse(self, errors: dict[str | None, str]) -> None:
        """Show what the service found, beside the field where there is one."""
        for field, message in errors.items():
            part = next((part for part in self.parts if field in part.fields), self.booker)
            part.add_error(field if field in part.fields else None, message)

    @property
    def wants_newsletter(self) -> bool:
        """Whether the box of the newsletter was there, and ticked."""
        return bool(self.newsletter and self.newsletter.cleaned_data["wants_newsletter"])

    def order(self, *, seen_total: Decimal | None = None) -> Order:
        """Return what was asked for."""
        booker = self.booker.cleaned_data
        people = [form.person for form in self.people]
        first = people[0]
        if not first.name:
            people[0] = Person(
                booker["name"], booker["email"], first.access_needs, first.dietary_needs
            )
        fields = (
            "name",
            "email",
            "telephone",
            "organisation",
            "purchase_order",
            "wants_invoice",
            "invoice_address",
            "tells_attendees",
            "voucher",
        )
        return Order(
            **{name: booker[name] for name in fields},
            people=tuple(people),
            agreed_price=self.agreed.cleaned_data["agreed_price"] if self.agreed else None,
            accepts_terms=bool(self.terms and self.terms.is_valid()),
            consent=self.consent.given,
            seen_total=seen_total,
        )


class WaitingForm(TrapMixin, forms.Form):
    """Who would like a place."""

    name = name_field(
        "Your name", 100, "name", error_messages={"required": "Please write your name."}
    )
    email = email_field(
        "Your e-mail",
        "email",
        help_text="We write there as soon as a place is free.",
        error_messages={"required": "Please write your e-mail address."},
    )
    telephone = line_field("Your telephone number", 30, "tel", required=False)

    @property
    def questions(self) -> list[forms.BoundField]:
        """The fields that people fill in."""
        return [self[name] for name in ("name", "email", "telephone")]


class PickForm(forms.Form):
    """Some of the people in a booking."""

    people = forms.MultipleChoiceField(
        label="Who?",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Please choose at least one person."},
    )

    def __init__(self, *args: Any, people: list[Attendee], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(person.pk), person.name) for person in people]
        self.fields["people"].choices = choices  # type: ignore[attr-defined]
        if len(choices) == 1:
            self.initial["people"] = [choices[0][0]]

    @property
    def picked(self) -> set[int]:
        """Their keys."""
        return {int(pk) for pk in self.cleaned_data["people"]}

    @property
    def questions(self) -> list[forms.BoundField]:
        """The fields that people fill in."""
        return list(self)


class MoveForm(PickForm):
    """Who moves, and to which date."""

    date = forms.ChoiceField(
        label="To which date?",
        widget=forms.RadioSelect,
        error_messages={"required": "Please choose a date."},
    )

    def __init__(self, *args: Any, runs: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["date"].choices = [  # type: ignore[attr-defined]
            (str(run.pk), f"{run.when_text}, {run.place_text}: {run.places_text}") for run in runs
        ]
