from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import (
    FieldPanel,
    HelpPanel,
    InlinePanel,
    MultiFieldPanel,
    ObjectList,
    TabbedInterface,
)
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.models import Orderable, Page

from .images import CustomImage

# What stands below every form to join the newsletter, and is kept as what people agreed to.
NEWSLETTER_PROMISE = (
    "About one e-mail a month. First we write to ask whether it was you; you can stop at any time."
)
SOCIAL_NETWORKS = {
    "linkedin": "LinkedIn",
    "facebook": "Facebook",
    "youtube": "YouTube",
    "instagram": "Instagram",
    "bluesky": "Bluesky",
}


@register_setting(icon="home", order=100)
class OrganisationSettings(ClusterableModel, BaseSiteSetting):
    """What every page says about the organisation. Whatever is left empty is not shown."""

    organisation_name = models.CharField(
        max_length=100,
        default="Brightening Minds Training",
        help_text="Stands beside the mark at the top of every page, and at its foot.",
    )
    logo = models.ForeignKey(
        CustomImage,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="Replaces the drawn mark beside the name. Best square, at least 200 pixels wide.",
    )
    email = models.EmailField(
        "e-mail", blank=True, help_text="Shown at the foot of every page and beside forms."
    )
    phone = models.CharField(
        "telephone", max_length=30, blank=True, help_text="A link that dials, in the same places."
    )
    address = models.TextField(
        "postal address", blank=True, help_text="As on an envelope, one line under the other."
    )
    opening_hours = models.CharField(
        max_length=100, blank=True, help_text="For example: Monday to Friday, 9 am to 5 pm"
    )
    contact_page = models.ForeignKey(
        Page,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="Where “Ask us” and “Ask to book” lead.",
    )

    company_name = models.CharField(
        max_length=100,
        blank=True,
        help_text="The registered name. The law asks a company to show it, with its number.",
    )
    company_number = models.CharField(
        max_length=20,
        blank=True,
        help_text="As at Companies House. Shown after the name.",
    )
    registered_address = models.CharField(
        max_length=250, blank=True, help_text="Shown as the registered office, in one line."
    )
    registered_in = models.CharField(
        max_length=30, blank=True, help_text="For example: England and Wales"
    )
    vat_number = models.CharField(
        "VAT number", max_length=20, blank=True, help_text="Shown with the company’s details."
    )
    ico_number = models.CharField(
        "data protection registration", max_length=20, blank=True, help_text="The ICO's number."
    )

    linkedin_url = models.URLField(
        "LinkedIn", blank=True, help_text="Your page there, linked at the foot of every page."
    )
    facebook_url = models.URLField(
        "Facebook", blank=True, help_text="Your page there, linked at the foot of every page."
    )
    youtube_url = models.URLField(
        "YouTube", blank=True, help_text="Your page there, linked at the foot of every page."
    )
    instagram_url = models.URLField(
        "Instagram", blank=True, help_text="Your page there, linked at the foot of every page."
    )
    bluesky_url = models.URLField(
        "Bluesky", blank=True, help_text="Your page there, linked at the foot of every page."
    )

    footer_text = models.CharField(
        max_length=250, blank=True, help_text="One or two sentences at the foot of every page."
    )
    newsletter_heading = models.CharField(
        max_length=80, blank=True, help_text="Heads the invitation. Without it, there is none."
    )
    newsletter_text = models.CharField(
        max_length=250, blank=True, help_text="What people get, and how often."
    )
    newsletter_page = models.ForeignKey(
        Page,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="Where people sign up. Without it, no page invites them. A newsletter page "
        "brings a form to the pages that invite; any other page is linked.",
    )

    edit_handler = TabbedInterface(
        [
            ObjectList(
                [
                    FieldPanel("organisation_name"),
                    FieldPanel("logo"),
                    FieldPanel("email"),
                    FieldPanel("phone"),
                    FieldPanel("address"),
                    FieldPanel("opening_hours"),
                    FieldPanel("contact_page"),
                ],
                heading="Contact",
            ),
            ObjectList(
                [
                    FieldPanel("company_name"),
                    FieldPanel("company_number"),
                    FieldPanel("registered_in"),
                    FieldPanel("registered_address"),
                    FieldPanel("vat_number"),
                    FieldPanel("ico_number"),
                ],
                heading="Company",
            ),
            ObjectList(
                [
                    HelpPanel("<p>The full address of each page, starting with https://.</p>"),
                    *(FieldPanel(f"{network}_url") for network in SOCIAL_NETWORKS),
                ],
                heading="Social media",
            ),
            ObjectList(
                [
                    InlinePanel("main_menu", heading="Main menu", label="entry", max_num=7),
                    InlinePanel("footer_menu", heading="Footer menu", label="entry", max_num=12),
                ],
                heading="Menus",
            ),
            ObjectList(
                [
                    FieldPanel("footer_text"),
                    MultiFieldPanel(
                        [
                            FieldPanel("newsletter_heading"),
                            FieldPanel("newsletter_text"),
                            FieldPanel("newsletter_page"),
                        ],
                        heading="Invitation to the newsletter",
                    ),
                ],
                heading="Footer and newsletter",
            ),
        ]
    )

    select_related = ["logo", "contact_page", "newsletter_page"]

    class Meta:
        verbose_name = "organisation"

    def __str__(self) -> str:
        return self.organisation_name

    @cached_property
    def menus(self) -> dict[str, list["MenuItem"]]:
        """The entries of both menus, `main` and `footer`, with their pages."""
        items = MenuItem.objects.filter(Q(main_of=self) | Q(footer_of=self)).select_related("page")
        menus: dict[str, list[MenuItem]] = {"main": [], "footer": []}
        for item in items:
            menus["main" if item.main_of_id else "footer"].append(item)
        return menus

    @property
    def newsletter_action(self) -> str:
        """Where forms on any page send an address; empty where there is no page to sign up."""
        page = self.newsletter_page
        if page is None or not page.live:
            return ""
        return str(getattr(page.specific_class, "takes_addresses_at", ""))

    @property
    def newsletter_promise(self) -> str:
        """What those who join are promised."""
        return NEWSLETTER_PROMISE

    @property
    def company_text(self) -> str:
        """What the law asks a company to say of itself; nothing without its registered name.

        It stands on websites and in mails (Company, Limited Liability Partnership and Business
        (Names and Trading Disclosures) Regulations 2015, regulations 24 and 25).
        """
        if not self.company_name:
            return ""
        sentences = [self.company_name]
        if self.company_number:
            where = f" in {self.registered_in}" if self.registered_in else ""
            sentences[0] += f" is a company registered{where}, number {self.company_number}"
        if self.registered_address:
            sentences.append(f"Registered office: {self.registered_address}")
        if self.vat_number:
            sentences.append(f"VAT number {self.vat_number}")
        if self.ico_number:
            sentences.append(
                f"Registered with the Information Commissioner’s Office, number {self.ico_number}"
            )
        return f"{'. '.join(sentences)}."

    @property
    def social_links(self) -> list[tuple[str, str, str]]:
        """The networks that have an address, as (icon, name, address)."""
        links = (
            (icon, name, getattr(self, f"{icon}_url")) for icon, name in SOCIAL_NETWORKS.items()
        )
        return [link for link in links if link[2]]


class MenuItem(Orderable):
    """One entry of a menu: a page of the site or an address.

    It belongs to one of the two menus. Both stand in one table, so that a page asks once for both.
    """

    main_of = ParentalKey(
        OrganisationSettings,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="main_menu",
    )
    footer_of = ParentalKey(
        OrganisationSettings,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="footer_menu",
    )
    label = models.CharField(
        max_length=40, blank=True, help_text="Left empty, the page's title is used."
    )
    page = models.ForeignKey(
        Page,
        null=True,
        blank=True,
        on_delete=models.CASCADE,  # an entry says nothing but where its page is
        related_name="+",
        help_text=(
            "The entry is not shown while the page is unpublished, and goes when it is deleted."
        ),
    )
    url = models.URLField(
        "address", blank=True, help_text="Only where the target is not a page of this site."
    )

    panels = [FieldPanel("page"), FieldPanel("url"), FieldPanel("label")]

    class Meta:
        ordering = ["sort_order", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(main_of__isnull=True) ^ Q(footer_of__isnull=True),
                name="base_menu_item_in_one_menu",
            )
        ]

    def __str__(self) -> str:
        return self.label or (self.page.title if self.page else self.url)

    def clean(self) -> None:
        """Refuse an entry that leads nowhere or to two places, and an address without a name."""
        super().clean()
        if bool(self.page_id) == bool(self.url):
            raise ValidationError({"page": "Choose a page or write an address: one of the two."})
        if self.url and not self.label:
            raise ValidationError({"label": "Write what the menu should say for this address."})
