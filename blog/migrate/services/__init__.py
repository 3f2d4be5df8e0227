"""Bringing old posts in: the only writers of imported pages, their pictures and redirects."""

from .importer import Importer
from .pages import keep_comments, news_page

__all__ = ["Importer", "keep_comments", "news_page"]
