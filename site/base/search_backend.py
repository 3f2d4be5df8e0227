import re
import unicodedata
from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.conf import settings
from wagtail.search.backends import database
from wagtail.search.query import MATCH_NONE, And, Or, Phrase, PlainText, SearchQuery

MAX_CHARACTERS = 200
MAX_WORDS = 12
WORD = re.compile(r"[^\W_]+")


def words_of(query: str) -> list[str]:
    """Return what can be looked up in whatever somebody typed: its words, at most twelve.

    The databases' search engines read quotation marks, brackets and other signs as commands and
    fail on those that make no sense to them, so only letters and digits pass.
    """
    text = unicodedata.normalize("NFKC", query[:MAX_CHARACTERS])
    return WORD.findall(text)[:MAX_WORDS]


def safe_query(query: SearchQuery | str) -> SearchQuery | str:
    """Return a query that asks for words only, in the same order and with the same operators."""
    match query:
        case str():
            return " ".join(words_of(query)) or MATCH_NONE
        case PlainText(query_string=text, operator=operator):
            words = " ".join(words_of(text))
            return PlainText(words, operator=operator) if words else MATCH_NONE
        case Phrase(query_string=text):
            words = " ".join(words_of(text))
            return Phrase(words) if words else MATCH_NONE
        case And() | Or():
            parts = [safe_query(part) for part in islice(_parts(query), MAX_WORDS)]
            parts = [part for part in parts if part is not MATCH_NONE]
            return type(query)(parts) if parts else MATCH_NONE
    return query


def _parts(query: And | Or) -> Iterator[SearchQuery]:
    """Yield what is joined by one operator, however deep Wagtail's parser has nested it."""
    waiting: list[SearchQuery] = [query]
    while waiting:
        part = waiting.pop()
        if type(part) is type(query):
            waiting.extend(reversed(part.subqueries))
        else:
            yield part


class SafeQueriesMixin:
    """For search backends: everybody's words are looked up, and nobody's signs are obeyed."""

    def search(self, query: Any, *args: Any, **kwargs: Any) -> Any:
        """Look up whole words."""
        return super().search(safe_query(query), *args, **kwargs)  # type: ignore[misc]

    def autocomplete(self, query: Any, *args: Any, **kwargs: Any) -> Any:
        """Look up words whose last one may be unfinished."""
        return super().autocomplete(safe_query(query), *args, **kwargs)  # type: ignore[misc]


def is_on_database() -> bool:
    """Whether the index stands in the site's own database, not in a server of its own."""
    backend: str = settings.WAGTAILSEARCH_BACKENDS["default"]["BACKEND"]
    return backend in (__name__, "wagtail.search.backends.database")


def SearchBackend(params: dict[str, Any]) -> Any:  # noqa: N802  # the name that Wagtail looks for
    """Return the backend for the database in use, with the search boxes' input made safe."""
    stock = type(database.SearchBackend(params))
    return type(stock.__name__, (SafeQueriesMixin, stock), {})(params)
