"""Many texts at once, as in a feed: found in a fixed number of queries however many there are."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from wagtail.blocks import StreamValue

from .body import prefetch_renditions, walk
from .pages import LoadedTogether


@contextmanager
def read_together(streams: list[StreamValue], *words: str) -> Iterator[list[StreamValue]]:
    """Yield texts of one kind with everything that their blocks show.

    Within, links in them and in the further words (rich text) ask the database no more.
    """
    # Wagtail's link handlers need the models, which import the blocks.
    from base.rich_text import links_of

    raw = [list(stream.raw_data) for stream in streams]
    with links_of([*words, *_strings(raw)]):
        yield load(streams)


def load(streams: list[StreamValue]) -> list[StreamValue]:
    """Return texts of one kind with everything that their blocks show, apart from links in words.

    The pages of a text's blocks and pictures may be shared between texts, so they are for reading
    only.
    """
    raw = [list(stream.raw_data) for stream in streams]
    found: list[StreamValue] = streams[0].stream_block.bulk_to_python(raw) if streams else []
    prefetch_renditions(*found)
    by_class = defaultdict(list)
    for stream in found:
        for child in walk(stream):
            by_class[type(child.value)].append(child.value)
    for value_class, values in by_class.items():
        if issubclass(value_class, LoadedTogether):
            value_class.load(values)
    return found


def _strings(raw: Any) -> Iterator[str]:
    match raw:
        case str():
            yield raw
        case dict():
            yield from _strings(list(raw.values()))
        case list():
            for each in raw:
                yield from _strings(each)
