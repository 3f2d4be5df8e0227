import logging
import uuid
from typing import Any

from django.db import IntegrityError, models, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from modelcluster.fields import ParentalKey
from wagtail.admin.mail import send_mail
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    InlinePanel,
    MultiFieldPanel,
    PageChooserPanel,
)
from wagtail.contrib.forms.models import (
    AbstractEmailForm,
    AbstractFormField,
    AbstractFormSubmission,
)
from wagtail.contrib.forms.panels import FormSubmissionsPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page
from wagtail.rich_text import get_text_for_indexing
from wagtail.search import index

from base.blocks import TestimonialBlock
from base.models import BasePage, CustomImage
from blog.models import BlogPage
from courses.models import CourseRun

from .blocks import HomeBodyBlock, ValuesBlock
from .forms import ContactForm, ContactFormBuilder

logger = logging.getLogger(__name__)

RUNS_SHOWN = 4
POSTS_SHOWN = 3


class HomePage(BasePage):
    """The site's front door."""

    parent_page_types = ["wagtailcore.Page"]
    subpage_types = [
        "home.StandardPage",
        "home.ContactPage",
        "base.PeopleIndexPage",
        "blog.BlogIndexPage",
        "courses.CourseIndexPage",
    ]
    max_count_per_parent = 1
    joined = ["hero_image", "primary_page", "secondary_page"]

    hero_title = models.CharField(
        max_length=80, help_text="The promise: what somebody gets here, in plain words."
    )
    hero_intro = models.TextField(max_length=300, blank=True)
    hero_image = models.ForeignKey(
        CustomImage, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    primary_text = models.CharField(
        "main button", max_length=40, blank=True, help_text="A verb: “Find a course”."
    )
    primary_page = models.ForeignKey(
        Page, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    secondary_text = models.CharField("second button", max_length=40, blank=True)
    secondary_page = models.ForeignKey(
        Page, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    values_heading = models.CharField(max_length=80, blank=True)
    values = StreamField(
        ValuesBlock(),
        blank=True,
        max_num=3,
        help_text="The names, in this order, are the strapline at the top of every page.",
    )

    dates_heading = models.CharField(
        max_length=80, blank=True, default="Coming up", help_text="Heads the next course dates."
    )
    news_heading = models.CharField(
        max_length=80, blank=True, default="Latest news", help_text="Heads the newest posts."
    )
    testimonials = StreamField([("testimonial", TestimonialBlock())], blank=True)
    body = StreamField(HomeBodyBlock(), blank=True)

    content_panels = [
        *BasePage.content_panels,
        MultiFieldPanel(
            [
                FieldPanel("hero_title"),
                FieldPanel("hero_intro"),
                FieldPanel("hero_image"),
                FieldRowPanel([FieldPanel("primary_text"), PageChooserPanel("primary_page")]),
                FieldRowPanel([FieldPanel("secondary_text"), PageChooserPanel("secondary_page")]),
            ],
            heading="Opening",
        ),
        MultiFieldPanel([FieldPanel("values_heading"), FieldPanel("values")], heading="Values"),
        MultiFieldPanel(
            [FieldPanel("dates_heading"), FieldPanel("news_heading")],
            heading="What is new: dates and news come by themselves",
        ),
        FieldPanel("testimonials"),
        FieldPanel("body"),
    ]
    search_fields = [
        *BasePage.search_fields,
        index.SearchField("hero_title"),
        index.SearchField("hero_intro"),
        index.SearchField("values"),
        index.SearchField("body"),
    ]

    class Meta:
        verbose_name = "home page"

    @property
    def strapline(self) -> list[str]:
        """The names of the values, in order."""
        return [block.value["name"] for block in self.values]

    @property
    def listing_image(self) -> CustomImage | None:
        """The picture of the opening."""
        return self.hero_image

    @property
    def listing_summary(self) -> str:
        """The opening words."""
        return self.search_description or self.hero_intro

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the next course dates and the newest posts."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        return context | {
            "upcoming_runs": CourseRun.objects.visible().upcoming().for_leaves()[:RUNS_SHOWN],
            "latest_posts": BlogPage.objects.published().for_cards()[:POSTS_SHOWN],
        }


class StandardPage(BasePage):
    """A page of text: about us, privacy, terms."""

    subpage_types = ["home.StandardPage"]
    card_template = "home/card.html"
    joined = ["image"]

    intro = models.TextField(
        max_length=300, blank=True, help_text="One or two sentences under the title."
    )
    image = models.ForeignKey(
        CustomImage, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    body = StreamField(HomeBodyBlock(), blank=True)

    content_panels = [
        *BasePage.content_panels,
        FieldPanel("intro"),
        FieldPanel("image"),
        FieldPanel("body"),
    ]
    search_fields = [
        *BasePage.search_fields,
        index.SearchField("intro"),
        index.SearchField("body"),
    ]

    class Meta:
        verbose_name = "text page"


class ContactSubmission(AbstractFormSubmission):
    """What somebody sent through a form. `key` is the form's own: sent twice, it is kept once."""

    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)


class ContactFormField(AbstractFormField):
    """One question of a form, written by staff."""

    page = ParentalKey("home.ContactPage", on_delete=models.CASCADE, related_name="form_fields")

    class Meta(AbstractFormField.Meta):
        pass


class ContactPage(AbstractEmailForm, BasePage):
    """A form that staff build, whose answers they read, download and receive by e-mail."""

    template = "home/contact_page.html"
    landing_page_template = "home/contact_page_landing.html"
    subpage_types: list[str] = []
    card_template = "home/card.html"
    joined = ["image"]
    form_builder = ContactFormBuilder

    intro = RichTextField(blank=True, features=["bold", "italic", "link"])
    image = models.ForeignKey(
        CustomImage,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="Shown on the page's card.",
    )
    thank_you_text = RichTextField(
        blank=True,
        features=["bold", "italic", "link"],
        help_text="Shown once the form is sent: what happens next, and when.",
    )
    button_text = models.CharField(max_length=40, default="Send")

    content_panels = [
        FormSubmissionsPanel(),
        *BasePage.content_panels,
        FieldPanel("intro"),
        FieldPanel("image"),
        InlinePanel("form_fields", heading="Questions", label="question"),
        FieldPanel("button_text"),
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

    @property
    def listing_summary(self) -> str:
        """What the form is for, as plain words."""
        return self.search_description or get_text_for_indexing(self.intro)

    def get_submission_class(self) -> type[ContactSubmission]:
        """Keep what is sent with the key of the form it came from."""
        return ContactSubmission

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
        """Keep what was sent, once, then tell staff by e-mail.

        What a robot sent is dropped without a word. A mail server that does not answer loses
        nothing: what was sent is kept before.
        """
        if form.is_spam:
            return None
        try:
            with transaction.atomic():
                submission: ContactSubmission = self.get_submission_class().objects.create(
                    key=form.key, form_data=form.answers, page=self
                )
        except IntegrityError:
            return None
        if self.to_address:
            try:
                self.send_mail(form)
            except Exception:
                # Mail fails in many ways, and what was sent is kept already.
                logger.exception("The notice of submission %s was not sent", submission.pk)
        return submission

    def send_mail(self, form: ContactForm) -> None:
        """Send the answers to staff, so that “Reply” answers the person who asked."""
        send_mail(
            self.subject or self.title,
            self.render_email(form),
            [address.strip() for address in self.to_address.split(",")],
            self.from_address,
            reply_to=form.reply_to,
        )

    def render_email(self, form: ContactForm) -> str:
        """Return the questions and answers, one a line."""
        return "\n".join(f"{field.label}: {form.answers[field.name]}" for field in form.questions)
