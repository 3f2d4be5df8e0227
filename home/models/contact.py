from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    InlinePanel,
    MultiFieldPanel,
)
from wagtail.contrib.forms.models import (
    FORM_FIELD_CHOICES,
    AbstractEmailForm,
    AbstractFormField,
    AbstractFormSubmission,
)
from wagtail.contrib.forms.panels import FormSubmissionsPanel
from wagtail.fields import RichTextField
from wagtail.rich_text import get_text_for_indexing
from wagtail.search import index

from base.addresses import one_way
from base.letters import LONGEST_NAME, quoted
from base.mail import send_later
from base.models import BasePage, CustomImage
from home.forms import ContactForm, ContactFormBuilder

if TYPE_CHECKING:
    from wagtail.contrib.forms.views import SubmissionsListView


class ContactSubmission(AbstractFormSubmission):
    """What somebody sent through a form. `key` stands for the form and its answers: sent twice, it
    is kept once."""

    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)


class ContactFormField(AbstractFormField):
    """One question of a form, written by staff."""

    class Purpose(models.TextChoices):
        """What the answer is, where browsers (WCAG 1.3.5) or links of this site know it already."""

        NAME = "name", "The sender's name"
        EMAIL = "email", "The sender's e-mail address"
        TELEPHONE = "tel", "The sender's telephone number"
        ORGANISATION = "organization", "The sender's organisation"
        POSTCODE = "postal-code", "The sender's postcode"
        COURSE = "course", "The course they ask about"

    # An answer that nobody sees is not a question.
    QUESTIONS = [choice for choice in FORM_FIELD_CHOICES if choice[0] != "hidden"]
    # Names that Wagtail's list of answers has taken.
    TAKEN_NAMES = {"submit_time"}

    page = ParentalKey("home.ContactPage", on_delete=models.CASCADE, related_name="form_fields")
    field_type = models.CharField("field type", max_length=16, choices=QUESTIONS)
    field_type.required_on_save = True  # type: ignore[attr-defined]
    purpose = models.CharField(
        "what it asks for",
        max_length=12,
        choices=Purpose,
        blank=True,
        help_text=(
            "Visitors' browsers offer to fill in names and addresses; a course's page fills in "
            "the course. Leave it empty for all other questions."
        ),
    )

    panels = [*AbstractFormField.panels, FieldPanel("purpose")]

    class Meta:
        ordering = ["sort_order", "pk"]

    def clean(self) -> None:
        """Refuse a question whose answers could not be kept under its name."""
        super().clean()
        name = self.get_field_clean_name()
        if self.label and not name:
            raise ValidationError({"label": "Please use letters or digits too, not only signs."})
        if name in self.TAKEN_NAMES:
            raise ValidationError({"label": "The list of answers has this name already."})


class ContactPage(AbstractEmailForm, BasePage):
    """A form that staff build, whose answers they read, download and receive by e-mail."""

    template = "home/contact_page.html"
    landing_page_template = "home/contact_page_landing.html"
    subpage_types: list[str] = []
    joined = ["image"]
    form_builder = ContactFormBuilder

    intro = RichTextField(
        blank=True,
        features=["bold", "italic", "link"],
        help_text="Shown above the questions: what the form is for, and who reads it.",
    )
    image = models.ForeignKey(
        CustomImage,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="Shown on the page's card.",
    )
    thank_you_heading = models.CharField(
        max_length=80,
        default="Thank you. We have your message",
        help_text="The title of the page that is shown once the form is sent.",
    )
    thank_you_text = RichTextField(
        blank=True,
        features=["bold", "italic", "link"],
        help_text="Shown once the form is sent: what happens next, and when.",
    )
    button_text = models.CharField(
        max_length=40, default="Send", help_text="On the button below the questions: a verb."
    )

    content_panels = [
        FormSubmissionsPanel(),
        *BasePage.content_panels,
        FieldPanel("intro"),
        FieldPanel("image"),
        InlinePanel("form_fields", heading="Questions", label="question"),
        FieldPanel("button_text"),
        FieldPanel("thank_you_heading"),
        FieldPanel("thank_you_text"),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("to_address"), FieldPanel("from_address")]),
                FieldPanel("subject"),
            ],
            heading="Notice by e-mail. Left empty, answers are only kept here",
        ),
    ]
    search_fields = [*BasePage.search_fields, index.SearchField("intro")]

    class Meta:
        verbose_name = "form page"

    def clean(self) -> None:
        """Keep addresses in the one way in which mails reach them."""
        super().clean()
        for name in ("to_address", "from_address"):
            typed = filter(None, map(str.strip, getattr(self, name).split(",")))
            try:
                setattr(self, name, ", ".join(map(one_way, typed)))
            except ValidationError as error:
                raise ValidationError({name: error.messages}) from error

    @property
    def listing_summary(self) -> str:
        """What the form is for, as plain words."""
        return self.search_description or get_text_for_indexing(self.intro)

    def get_submission_class(self) -> type[ContactSubmission]:
        """Keep what is sent with the key of the form it came from."""
        return ContactSubmission

    def get_submissions_list_view_class(self) -> type[SubmissionsListView]:
        """Show staff the answers, safe to download."""
        # The admin's views want all models to be loaded.
        from home.views import AnswersView

        return AnswersView

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the form; take what is sent, then redirect, so that a refresh sends nothing."""
        if request.method == "POST":
            form = self.get_form(request.POST, page=self, user=request.user)
            if form.is_valid():
                self.process_form_submission(form)
                return redirect(f"{self.get_url(request)}?sent=1")
        elif "sent" in request.GET:
            landing_page: HttpResponse = self.render_landing_page(request)
            return landing_page
        else:
            form = self.get_form(page=self, user=request.user)
            form.prefill(request.GET)
        context = self.get_context(request) | {"form": form}
        return TemplateResponse(request, self.template, context)

    def process_form_submission(self, form: ContactForm) -> ContactSubmission | None:
        """Keep what was sent, once, and tell staff by e-mail.

        What a robot sent is dropped without a word.
        """
        if form.is_spam:
            return None
        try:
            with transaction.atomic():
                submission: ContactSubmission = self.get_submission_class().objects.create(
                    key=form.key, form_data=form.answers, page=self
                )
                self.send_mail(form)
        except IntegrityError:
            return None
        return submission

    def send_mail(self, form: ContactForm) -> None:
        """Send the answers to staff, if there is an address, so that “Reply” answers who asked."""
        send_later(
            self.subject or self.title,
            self.render_email(form),
            [address.strip() for address in self.to_address.split(",")],
            reply_to=form.reply_to,
            headers={"From": self.from_address} if self.from_address else {},
        )

    def render_email(self, form: ContactForm) -> str:
        """Return a letter of the questions that were answered, with short answers in front."""
        short, long = [], []
        for label, answer in form.said:
            question = label.rstrip(" .?:")
            if "\n" in answer or len(question) > LONGEST_NAME:
                long.append(f"{question}:\n{quoted(answer)}")
            else:
                short.append(f"{question}: {answer}")
        ending = ["Answer this mail to answer the person."] if form.reply_to else []
        opening = f"Somebody filled in the form “{self.title}”."
        return "\n\n".join([opening, "\n".join(short), *long, *ending])
