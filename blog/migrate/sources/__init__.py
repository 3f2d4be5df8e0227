"""Readers: from a feed, an export or a saved page to posts as their source tells them."""

from .items import BadItem, SourceComment, SourcePost
from .reading import Source, open_source

__all__ = [
    "BadItem",
    "Source",
    "SourceComment",
    "SourcePost",
    "open_source",
]
