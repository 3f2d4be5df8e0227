import re
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial
from typing import Any

from wagtail.search.backends import database
from wagtail.search.query import MATCH_NONE, And, Or, Phrase, PlainText, SearchQuery

MAX_CHARACTERS = 200
MAX_WORDS = 12
WORD = re.compile(r"[^\W_]+")

_waiting: ContextVar[dict[tuple[type, Any], Callable[[], None]] | None] = ContextVar(
    "waiting", default=None
)


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
        case And(subqueries=subqueries) | Or(subqueries=subqueries):
            parts = [safe_query(part) for part in subqueries[:MAX_WORDS]]
            parts = [part for part in parts if part is not MATCH_NONE]
            return type(query)(parts) if parts else MATCH_NONE
    return query


class IndexOnceMixin:
    """For search backends: what is saved several times in a row can be indexed once."""

    def add(self, obj: Any) -> None:
        """Bring an object's entry up to date, now or at the end of `index_once()`."""
        waiting = _waiting.get()
        if waiting is None:
            super().add(obj)  # type: ignore[misc]
        else:
            waiting[type(obj), obj.pk] = partial(super().add, obj)  # type: ignore[misc]


@contextmanager
def index_once() -> Iterator[None]:
    """Index everything that is saved meanwhile at the end, once; after an error, not at all.

    Belongs inside the transaction of the changes, so that an error undoes both.
    """
    waiting: dict[tuple[type, Any], Callable[[], None]] = {}
    token = _waiting.set(waiting)
    try:
        yield
    finally:
        _waiting.reset(token)
    for add in waiting.values():
        add()


class SafeQueriesMixin:
    """For search backends: everybody's words are looked up, and nobody's signs are obeyed."""

    def search(self, query: Any, *args: Any, **kwargs: Any) -> Any:
        """Look up whole words."""
        return super().search(safe_query(query), *args, **kwargs)  # type: ignore[misc]

    def autocomplete(self, query: Any, *args: Any, **kwargs: Any) -> Any:
        """Look up words whose last one may be unfinished."""
        return super().autocomplete(safe_query(query), *args, **kwargs)  # type: ignore[misc]


def SearchBackend(params: dict[str, Any]) -> Any:  # noqa: N802  # the name that Wagtail looks for
    """Return the backend for the database in use, with the search boxes' input made safe."""
    stock = type(database.SearchBackend(params))
    return type(stock.__name__, (SafeQueriesMixin, IndexOnceMixin, stock), {})(params)
