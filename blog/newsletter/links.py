"""Whether the links of an issue lead anywhere."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from typing import TYPE_CHECKING
from urllib.parse import unquote, urljoin, urlsplit

from bs4 import BeautifulSoup
from django.conf import settings
from django.http import Http404, HttpRequest
from django.urls import Resolver404, ResolverMatch, resolve
from wagtail.contrib.redirects.models import Redirect
from wagtail.documents import get_document_model
from wagtail.models import Site

from .checks import Check, Level, counted, editions_of
from .editions import TOKEN, render_letter
from .outside import Finding, State, probe

if TYPE_CHECKING:
    from .models import NewsletterIssuePage

MOST_ADDRESSES = 50
AT_ONCE = 8
SECONDS = 15  # for all

THERE = Finding(State.ALIVE)
NOT_THERE = Finding(State.DEAD, "is not on our website")
PRIVATE = Finding(State.DEAD, "is a private page, which readers cannot open")
NO_TIME = Finding(State.UNKNOWN, "was not looked at: there was no time left")
TOO_MANY = Finding(State.UNKNOWN, f"was not looked at: it comes after {MOST_ADDRESSES} others")


def check_links(issue: NewsletterIssuePage) -> Check:
    """Look at where all links of an issue lead, in about `SECONDS` however slow others are."""
    words = links_of(issue)
    findings = _look_at(list(words))
    told = {
        state: [
            f"“{words[address]}” {finding.words}: {address}"
            for address, finding in findings.items()
            if finding.state == state
        ]
        for state in State
    }
    return _check(len(words), told[State.DEAD], told[State.UNKNOWN])


def _check(number: int, dead: Sequence[str], unknown: Sequence[str]) -> Check:
    if dead:
        title = f"{counted(len(dead), 'link')} of {number} cannot be opened by readers."
        return Check("links", Level.PROBLEM, title, [*dead, *unknown])
    if unknown:
        title = f"{counted(len(unknown), 'link')} of {number} could not be checked. Please open it."
        return Check("links", Level.WARNING, title, unknown)
    return Check("links", Level.OK, f"All links lead somewhere: {number} were looked at.")


def links_of(issue: NewsletterIssuePage) -> dict[str, str]:
    """Return the addresses of the web to which an issue leads, each with the words of its link.

    Without the reader's own, and without the issue's: it may not be published yet.
    """
    own = urljoin(settings.WAGTAILADMIN_BASE_URL, issue.url or "")
    links: dict[str, str] = {}
    for edition in editions_of(issue):
        soup = BeautifulSoup(render_letter(issue, edition).html, "html.parser")
        for link in soup.find_all("a", href=True):
            address = str(link["href"]).partition("#")[0]
            is_web = address.lower().startswith(("http://", "https://"))
            if is_web and TOKEN not in address and address.partition("?")[0] != own:
                links.setdefault(address, " ".join(link.get_text().split()) or address)
    return links


def is_ours(address: str) -> bool:
    """Whether an address is one of our own website."""
    try:
        place = urlsplit(address).netloc
    except ValueError:
        return False
    return place.lower() == urlsplit(settings.WAGTAILADMIN_BASE_URL).netloc.lower()


def _look_at(addresses: Sequence[str]) -> dict[str, Finding]:
    ours = {address: look_at_ours(address) for address in addresses if is_ours(address)}
    others = [address for address in addresses if address not in ours]
    pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="links")
    asked = {address: pool.submit(probe, address, is_ours) for address in others[:MOST_ADDRESSES]}
    wait(asked.values(), timeout=SECONDS)
    pool.shutdown(wait=False, cancel_futures=True)
    found = {
        address: future.result() if future.done() and not future.cancelled() else NO_TIME
        for address, future in asked.items()
    }
    return ours | found | dict.fromkeys(others[MOST_ADDRESSES:], TOO_MANY)


def look_at_ours(address: str) -> Finding:
    """Return whether readers can open an address of our own website. Nothing is asked for."""
    path = unquote(urlsplit(address).path)
    match = _match(path) or _match(f"{path}/")
    is_page = match is not None and match.url_name == "wagtail_serve"
    if match and match.url_name == "wagtaildocs_serve":
        finding = _document_at(*match.args)
    elif match and not is_page:
        finding = THERE
    else:
        finding = _page_at(path) if is_page else NOT_THERE
    return THERE if finding == NOT_THERE and _is_redirected(path) else finding


def _match(path: str) -> ResolverMatch | None:
    try:
        return resolve(path)
    except Resolver404:
        return None


def _page_at(path: str) -> Finding:
    """Find a page as a visitor does: by way of the pages above it."""
    root = Site.objects.get(is_default_site=True).root_page.specific
    try:
        page = root.route(HttpRequest(), [part for part in path.split("/") if part]).page
    except Http404:
        return NOT_THERE
    return PRIVATE if page.get_view_restrictions().exists() else THERE


def _document_at(pk: str, name: str) -> Finding:
    document = get_document_model().objects.filter(pk=pk).first()
    is_there = document is not None and document.filename == name
    return THERE if is_there else NOT_THERE


def _is_redirected(path: str) -> bool:
    site = Site.objects.get(is_default_site=True)
    old_path = Redirect.normalise_path(path)
    return bool(Redirect.get_for_site(site).filter(old_path=old_path).exists())
