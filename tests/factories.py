"""Makes one of everything: what a test does not care about is filled in."""

import datetime as dt
from decimal import Decimal
from io import BytesIO
from typing import Any

import factory
import wagtail_factories
from django.core.files.images import ImageFile
from django.utils import timezone
from factory.django import DjangoModelFactory
from PIL import Image as Pillow
from wagtail.documents import get_document_model
from wagtail.models import Page, PageViewRestriction, Site

from base.models import (
    CallToAction,
    CustomImage,
    OrganisationSettings,
    PeopleIndexPage,
    PersonPage,
    Testimonial,
    Topic,
    User,
)
from blog.comments.models import Comment
from blog.models import BlogIndexPage, BlogPage, BlogPageAuthor
from blog.newsletter.models import (
    Delivery,
    NewsletterIndexPage,
    NewsletterIssuePage,
    Sending,
    Subscriber,
)
from courses.bookings.models import Discount
from courses.enquiries.models import Enquiry, Role
from courses.models import (
    Audience,
    CareCertificatePage,
    CareCertificateStandard,
    CourseIndexPage,
    CoursePage,
    CourseRun,
    CourseTrainer,
    Credit,
    ProgrammePage,
    ProgrammeStep,
    Venue,
)
from home.models import ContactFormField, ContactPage, HomePage, StandardPage
from search.models import Synonym

PASSWORD = "a long enough password"
PARAGRAPH = [{"type": "paragraph", "value": "<p>Words enough to read.</p>"}]


def the_home() -> Page:
    """The home page that the migrations made."""
    return HomePage.objects.get(depth=2)


def the_one(factory_class: type[factory.Factory]) -> Any:
    """The site's only page of a kind: the one that is there, or a new one."""
    model = factory_class._meta.model
    return lambda: model.objects.first() or factory_class()


def picture(
    size: tuple[int, int] = (80, 60), kind: str = "PNG", mode: str = "RGB", colour: Any = "teal"
) -> bytes:
    """The bytes of a small picture."""
    buffer = BytesIO()
    Pillow.new(mode, size, colour).save(buffer, kind)
    return buffer.getvalue()


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"user{n}")
    email = factory.LazyAttribute(lambda user: f"{user.username}@example.org")
    password = factory.django.Password(PASSWORD)


class CustomImageFactory(DjangoModelFactory):
    class Meta:
        model = CustomImage

    title = factory.Sequence(lambda n: f"Picture {n}")
    description = "Two people plan a course at a round table"
    file = factory.LazyFunction(lambda: ImageFile(BytesIO(picture()), "picture.png"))


class DocumentFactory(wagtail_factories.DocumentFactory):
    class Meta:
        model = get_document_model()


class TopicFactory(DjangoModelFactory):
    class Meta:
        model = Topic

    name = factory.Sequence(lambda n: f"Topic {n}")
    slug = factory.Sequence(lambda n: f"topic-{n}")


class TestimonialFactory(DjangoModelFactory):
    __test__ = False  # pytest takes any Test… for a test

    class Meta:
        model = Testimonial

    quote = "Nobody had asked me before."
    name = factory.Sequence(lambda n: f"Participant {n}")
    year = 2026


class CallToActionFactory(DjangoModelFactory):
    class Meta:
        model = CallToAction

    title = factory.Sequence(lambda n: f"Invitation {n}")
    link_text = "See all dates"
    link_url = "https://www.example.org/"


class OrganisationSettingsFactory(DjangoModelFactory):
    class Meta:
        model = OrganisationSettings
        django_get_or_create = ("site",)

    site = factory.LazyFunction(lambda: Site.objects.get(is_default_site=True))


# Pages, from the top of the tree


class BasePageFactory(wagtail_factories.PageFactory):
    class Meta:
        abstract = True

    search_description = "One sentence for search engines."


class HomePageFactory(BasePageFactory):
    class Meta:
        model = HomePage

    title = factory.Sequence(lambda n: f"Home {n}")
    parent = factory.LazyFunction(Page.get_first_root_node)
    hero_title = "Training by people who know care from both sides"
    hero_intro = "Every course is written and taught by two people."


class StandardPageFactory(BasePageFactory):
    class Meta:
        model = StandardPage

    title = factory.Sequence(lambda n: f"Text page {n}")
    parent = factory.LazyFunction(the_home)
    intro = "What this page is about."
    body = PARAGRAPH


class ContactPageFactory(BasePageFactory):
    """A form with a question of each of the kinds that matter most."""

    class Meta:
        model = ContactPage
        skip_postgeneration_save = True

    title = factory.Sequence(lambda n: f"Form {n}")
    parent = factory.LazyFunction(the_home)
    thank_you_text = "<p>We answer within two working days.</p>"

    @factory.post_generation
    def questions(self: ContactPage, create: bool, extracted: Any, **kwargs: Any) -> None:
        questions = extracted if extracted is not None else QUESTIONS
        self.form_fields = [
            ContactFormField(sort_order=order, **question)
            for order, question in enumerate(questions)
        ]
        self.save()


QUESTIONS = [
    {"label": "Your name", "field_type": "singleline", "required": True, "purpose": "name"},
    {"label": "Your e-mail", "field_type": "email", "required": True},
    {"label": "Course", "field_type": "singleline", "required": False, "purpose": "course"},
    {"label": "Message", "field_type": "multiline", "required": True},
    {"label": "Places", "field_type": "number", "required": False},
    {"label": "Day", "field_type": "date", "required": False},
    {"label": "Ways", "field_type": "checkboxes", "required": False, "choices": "Room\nOnline"},
]


class PeopleIndexPageFactory(BasePageFactory):
    class Meta:
        model = PeopleIndexPage

    title = "Our people"
    parent = factory.LazyFunction(the_home)
    intro = "Everyone who plans and delivers the courses."


class PersonPageFactory(BasePageFactory):
    class Meta:
        model = PersonPage

    title = factory.Sequence(lambda n: f"Person {n}")
    parent = factory.LazyFunction(the_one(PeopleIndexPageFactory))
    role = "Trainer"
    intro = "Who they are, in their own words."


class NewsletterIndexPageFactory(BasePageFactory):
    class Meta:
        model = NewsletterIndexPage

    title = "Newsletter"
    slug = "newsletter"
    parent = factory.LazyFunction(the_home)
    intro = "<p>One e-mail a month.</p>"


class NewsletterIssuePageFactory(BasePageFactory):
    class Meta:
        model = NewsletterIssuePage

    title = factory.Sequence(lambda n: f"Issue {n}")
    parent = factory.LazyFunction(the_one(NewsletterIndexPageFactory))
    intro = "What is new this month."
    body = PARAGRAPH


class SubscriberFactory(DjangoModelFactory):
    class Meta:
        model = Subscriber

    email = factory.Sequence(lambda n: f"reader{n}@example.org")


class SendingFactory(DjangoModelFactory):
    class Meta:
        model = Sending

    issue = factory.SubFactory(NewsletterIssuePageFactory)
    subject = factory.SelfAttribute("issue.title")


class DeliveryFactory(DjangoModelFactory):
    class Meta:
        model = Delivery

    sending = factory.SubFactory(SendingFactory)
    subscriber = factory.SubFactory(SubscriberFactory)
    state = Delivery.State.SENT
    finished_at = factory.LazyFunction(timezone.now)


class BlogIndexPageFactory(BasePageFactory):
    class Meta:
        model = BlogIndexPage

    title = "News"
    slug = "blog"
    parent = factory.LazyFunction(the_home)
    intro = "What is new in health and social care."


class BlogPageFactory(BasePageFactory):
    class Meta:
        model = BlogPage
        skip_postgeneration_save = True

    title = factory.Sequence(lambda n: f"Post {n}")
    parent = factory.LazyFunction(the_one(BlogIndexPageFactory))
    intro = "What this post says."
    published_at = factory.Sequence(lambda n: timezone.now() - dt.timedelta(days=400, hours=-n))
    body = PARAGRAPH

    @factory.post_generation
    def topics(self: BlogPage, create: bool, extracted: Any, **kwargs: Any) -> None:
        _set(self, topics=extracted)

    @factory.post_generation
    def authors(self: BlogPage, create: bool, extracted: Any, **kwargs: Any) -> None:
        _set(self, authors=[BlogPageAuthor(person=person) for person in extracted or ()])


class CommentFactory(DjangoModelFactory):
    class Meta:
        model = Comment

    page = factory.SubFactory(BlogPageFactory)
    state = Comment.State.APPROVED
    name = factory.Sequence(lambda n: f"Reader {n}")
    email = factory.Sequence(lambda n: f"reader{n}@example.org")
    text = factory.Sequence(lambda n: f"We tried this on our {n}. shift, and it helped.")


class CourseIndexPageFactory(BasePageFactory):
    class Meta:
        model = CourseIndexPage

    title = "Courses"
    slug = "courses"
    parent = factory.LazyFunction(the_home)
    intro = "Every course, the next date first."


class CoursePageFactory(BasePageFactory):
    class Meta:
        model = CoursePage
        skip_postgeneration_save = True

    title = factory.Sequence(lambda n: f"Course {n}")
    parent = factory.LazyFunction(the_one(CourseIndexPageFactory))
    summary = "What this course is about."
    duration_minutes = 360
    price = Decimal("145.00")

    @factory.post_generation
    def topics(self: CoursePage, create: bool, extracted: Any, **kwargs: Any) -> None:
        _set(self, topics=extracted)

    @factory.post_generation
    def audiences(self: CoursePage, create: bool, extracted: Any, **kwargs: Any) -> None:
        _set(self, audiences=extracted)

    @factory.post_generation
    def care_certificate_standards(
        self: CoursePage, create: bool, extracted: Any, **kwargs: Any
    ) -> None:
        _set(self, care_certificate_standards=extracted)

    @factory.post_generation
    def trainers(self: CoursePage, create: bool, extracted: Any, **kwargs: Any) -> None:
        _set(self, trainers=[CourseTrainer(person=person) for person in extracted or ()])


class ProgrammePageFactory(BasePageFactory):
    class Meta:
        model = ProgrammePage
        skip_postgeneration_save = True

    title = factory.Sequence(lambda n: f"Programme {n}")
    parent = factory.LazyFunction(the_one(CourseIndexPageFactory))
    intro = "Who this programme is for."

    @factory.post_generation
    def courses(self: ProgrammePage, create: bool, extracted: Any, **kwargs: Any) -> None:
        steps = [
            ProgrammeStep(course=course, why=f"Why {course.title}.", sort_order=order)
            for order, course in enumerate(extracted or ())
        ]
        _set(self, steps=steps)


class CareCertificatePageFactory(BasePageFactory):
    class Meta:
        model = CareCertificatePage

    title = "Care Certificate map"
    parent = factory.LazyFunction(the_one(CourseIndexPageFactory))
    intro = "Which course covers which standard."


def _set(page: Page, **relations: Any) -> None:
    for name, objects in relations.items():
        if objects:
            setattr(page, name, objects)
            page.save()


class CareCertificateStandardFactory(DjangoModelFactory):
    class Meta:
        model = CareCertificateStandard

    number = factory.Sequence(lambda n: n + 1)
    name = factory.Sequence(lambda n: f"Standard {n}")


class AudienceFactory(DjangoModelFactory):
    class Meta:
        model = Audience

    name = factory.Sequence(lambda n: f"Audience {n}")
    slug = factory.Sequence(lambda n: f"audience-{n}")


class VenueFactory(DjangoModelFactory):
    class Meta:
        model = Venue

    name = factory.Sequence(lambda n: f"Hall {n}")
    address = "1 High Street\nLeeds"
    postcode = "LS1 1AA"


class CreditFactory(DjangoModelFactory):
    class Meta:
        model = Credit

    course = factory.SubFactory(CoursePageFactory)
    name = factory.Sequence(lambda n: f"Jo {n}")
    consented_on = factory.LazyFunction(timezone.localdate)
    consent_words = "Asked on the telephone: may we name you? Answer: yes."


class DiscountFactory(DjangoModelFactory):
    """A tenth off for three people or more."""

    class Meta:
        model = Discount

    name = factory.Sequence(lambda n: f"Coming together {n}")
    kind = Discount.Kind.GROUP
    percent = 10
    people_from = 3


class CourseRunFactory(DjangoModelFactory):
    """A date four weeks from now, from 9.30 to 16.30."""

    class Meta:
        model = CourseRun

    class Params:
        in_days = 28

    course = factory.SubFactory(CoursePageFactory)
    venue = factory.Maybe(
        "online", yes_declaration=None, no_declaration=factory.SubFactory(VenueFactory)
    )
    online = False
    start = factory.LazyAttribute(
        lambda run: (
            timezone.localtime().replace(hour=9, minute=30, second=0, microsecond=0)
            + dt.timedelta(days=run.in_days)
        )
    )
    end = factory.LazyAttribute(lambda run: run.start + dt.timedelta(hours=7))


class EnquiryFactory(DjangoModelFactory):
    class Meta:
        model = Enquiry

    reference = factory.Sequence(lambda n: f"E-{n:06}")
    about = "Safeguarding adults"
    organisation = factory.Sequence(lambda n: f"Rose House {n}")
    name = "Ada Example"
    email = factory.Sequence(lambda n: f"ada{n}@example.org")
    people = 12
    place = "Leeds"
    when = "In March"


class SynonymFactory(DjangoModelFactory):
    class Meta:
        model = Synonym

    word = factory.Sequence(lambda n: f"A word {n}")
    means = "Another word"


class RoleFactory(DjangoModelFactory):
    class Meta:
        model = Role
        skip_postgeneration_save = True

    name = factory.Sequence(lambda n: f"Role {n}")

    @factory.post_generation
    def courses(self: Role, create: bool, extracted: Any, **kwargs: Any) -> None:
        self.courses = extracted or []
        self.save()


PAGE_FACTORIES: dict[type[Page], type[wagtail_factories.PageFactory]] = {
    factory_class._meta.model: factory_class for factory_class in BasePageFactory.__subclasses__()
}


def make_private(page: Page) -> Page:
    """Let only people who sign in read the page and those below it."""
    PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)
    return page
