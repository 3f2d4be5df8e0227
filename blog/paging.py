from typing import Any

from django.core.paginator import InvalidPage, Page, Paginator
from django.http import Http404


def page_of(things: Any, number: str, a_page: int) -> Page:
    """Return one page of a list. Numbers begin with 1; what is none raises Http404."""
    if not number.isdecimal():
        raise Http404
    try:
        return Paginator(things, a_page).page(number)
    except InvalidPage as error:
        raise Http404 from error
