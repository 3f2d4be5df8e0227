"""Every engine finds the same, and what comes first is what one formula says."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from itertools import islice
from typing import Any

import pytest
from django.utils import timezone

from search import related, services, suggestions
from search.engines import Scope, current_engine
from search.engines.interface import Engine
from search.engines.plain import PlainEngine
from search.models import Entry
from search.query import Group
from search.ranking import Ranking
from search.services import Request, find
from search.vocabulary import Vocabulary
from tests.factories import BlogIndexPageFactory, BlogPageFactory, StandardPageFactory
from tests.search.collection import load_paragraphs, queries

pytestmark = pytest.mark.django_db

FIRST = 3


class Everything:
    """Looks at every entry: the slow way, which leaves nothing out."""

    def find(
        self,
        groups: Sequence[Group],
        vocabulary: Vocabulary,
        *,
        scope: Scope,
        any_of: bool = False,
    ) -> Sequence[int]:
        entries = _entries(groups, vocabulary, any_of=any_of)
        return [entry.pk for entry in entries if scope.found_as in ("", entry.found_as)]

    def count(
        self, groups: Sequence[Group], vocabulary: Vocabulary, *, scope: Scope
    ) -> Mapping[str, int]:
        return Counter(entry.found_as for entry in _entries(groups, vocabulary))

    def starting(self, words: Sequence[str], beginning: str, limit: int) -> Sequence[int]:
        raise NotImplementedError


def _entries(
    groups: Sequence[Group], vocabulary: Vocabulary, *, any_of: bool = False
) -> list[Entry]:
    ranking = Ranking(groups, vocabulary, timezone.now())
    rows = [ranking.score(entry) for entry in Entry.objects.all()]
    asked = len({words for row in rows for words in row.words})  # that any of them says
    least = 1 if any_of else max(asked, 1)
    return [row.entry for row in rows if len(row.words) >= least]


Use = Callable[[Engine], None]


@pytest.fixture
def use(monkeypatch: pytest.MonkeyPatch) -> Use:
    """Let searches ask another engine."""

    def use(engine: Engine) -> None:
        for module in (services, related, suggestions):
            monkeypatch.setattr(module, "current_engine", lambda: engine)

    return use


def titles(words: str, **asked: object) -> list[str]:
    keys = [score.entry.pk for score in find(Request(words, **asked)).scores]  # type: ignore[arg-type]
    by_key = dict(Entry.objects.values_list("pk", "title"))
    return [by_key[key] for key in keys]


@pytest.mark.parametrize("engine", [None, PlainEngine(), Everything()])
def test_whichever_engine_the_answers_are_the_same(engine: Engine | None, use: Use) -> None:
    StandardPageFactory(title="Heather on the hill")
    StandardPageFactory(title="The hill", search_description="Nothing but heather.")
    BlogPageFactory(title="Moss and heathers")
    StandardPageFactory(title="Co-production of moss")
    if engine:
        use(engine)
    assert titles("heather")[0] == "Heather on the hill"
    assert sorted(titles("heather")) == [
        "Heather on the hill",
        "Moss and heathers",
        "The hill",
    ]
    assert titles("heather moss")[0] == "Moss and heathers"
    assert titles("heather", found_as="News") == ["Moss and heathers"]
    assert titles("coproduction") == ["Co-production of moss"]
    assert titles("hethaer hill")[0] == "Heather on the hill"
    assert find(Request("heather")).counts == {"Pages": 2, "News": 1}
    assert titles("zzyzx") == []


def test_a_server_of_its_own_is_asked_as_wagtail_asks_all(settings: Any) -> None:
    assert not isinstance(current_engine(), PlainEngine)
    settings.WAGTAILSEARCH_BACKENDS = {
        "default": {"BACKEND": "wagtail.search.backends.elasticsearch8"}
    }
    assert isinstance(current_engine(), PlainEngine)


def test_the_plain_engine_completes_titles(use: Use) -> None:
    page = StandardPageFactory(title="Heather on the hill")
    entry = Entry.objects.get(object_id=str(page.pk), title=page.title)
    assert PlainEngine().starting(["heather"], "hi", 5) == [entry.pk]
    assert PlainEngine().starting([], "moo", 5) == []


@pytest.mark.slow
def test_the_first_three_are_those_of_all_entries(
    use: Use, rounds: Callable[[int, int], int]
) -> None:
    """Shown for each database, so that both give the same first three in the same order."""
    BlogIndexPageFactory()
    load_paragraphs()
    real = current_engine()
    everything = Everything()
    differing = {}
    judged = queries()
    for query in islice(judged, 0, None, len(judged) // rounds(40, len(judged))):
        use(real)
        found = titles(query.words)[:FIRST]
        use(everything)
        wanted = titles(query.words)[:FIRST]
        if found != wanted:
            differing[query.words] = (found, wanted)
    assert differing == {}
