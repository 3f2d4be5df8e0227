import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

from django import template
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from wagtail.models import Page, Site

from base.letters import quoted, rich_text_as_text, rich_text_in_mail
from base.models import BasePage, OrganisationSettings
from base.social import address_of

register = template.Library()

register.filter("quoted", quoted)
register.filter("rich_text_in_mail", rich_text_in_mail)
register.filter("rich_text_as_text", rich_text_as_text)

ENDS_OF_MARKUP = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&"}


@dataclass(frozen=True)
class Link:
    """A word and where it leads. `is_current` is true on the page itself and on those below it."""

    label: str
    url: str
    is_current: bool = False


def _menu(context: template.Context, name: str) -> list[Link]:
    request = context.get("request")
    if request is None:
        return []
    links = []
    for item in OrganisationSettings.for_request(request).menus[name]:
        if item.page is None:
            links.append(Link(item.label, item.url))
        elif item.page.live and (url := item.page.get_url(request)):
            is_current = request.path == url or (url != "/" and request.path.startswith(url))
            links.append(Link(item.label or item.page.title, url, is_current))
    return links


@register.simple_tag(takes_context=True)
def main_menu(context: template.Context) -> list[Link]:
    """The entries at the top of every page; those of unpublished pages are left out."""
    return _menu(context, "main")


@register.simple_tag(takes_context=True)
def footer_menu(context: template.Context) -> list[Link]:
    """The entries at the foot of every page; those of unpublished pages are left out."""
    return _menu(context, "footer")


@register.simple_tag(takes_context=True)
def breadcrumbs(context: template.Context, page: Page, below: str = "") -> list[Link]:
    """The way from the home page down to the page's parent. Empty on the home page itself.

    `below` names what is shown at an address below the page: the way then ends with the page.
    """
    request = context["request"]
    site = Site.find_for_request(request)
    links = [Link(page.title, page.get_url(request))] if below else []
    # Climbing asks nothing: Wagtail met every parent on its way down to the page.
    while site and page.pk != site.root_page_id and page.depth > site.root_page.depth:
        page = page.get_parent()
        if page.live:
            links.insert(0, Link(page.title, page.get_url(request)))
    return links


@register.simple_tag
def social_picture(page: Page) -> str:
    """The path of the picture that is drawn for a page; nothing where none is."""
    return address_of(page) if isinstance(page, BasePage) else ""


@register.simple_tag
def json_ld(data: dict[str, Any]) -> SafeString:
    """What search engines read of the page, as JSON-LD. Nothing in it can end the element."""
    text = json.dumps(data, cls=DjangoJSONEncoder, ensure_ascii=False).translate(ENDS_OF_MARKUP)
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(text))  # noqa: S308


@register.simple_tag
def absolute(address: str) -> str:
    """The whole address of a path of this site, as a mail needs it. Another site's stays."""
    return urljoin(settings.WAGTAILADMIN_BASE_URL, address)


@register.simple_tag(takes_context=True)
def strapline(context: template.Context) -> list[str]:
    """The organisation's values in a few words, as the site's home page names them."""
    request = context.get("request")
    site = Site.find_for_request(request) if request else None
    if site is None:
        return []
    page: Any = context.get("page")
    home = page if getattr(page, "pk", None) == site.root_page_id else site.root_page.specific
    return getattr(home, "strapline", [])
