"""Bringing old posts in: the only writers of imported pages, their pictures and redirects."""

from .addresses import page_at_permalink
from .importer import Importer
from .pages import news_page

__all__ = ["Importer", "news_page", "page_at_permalink"]
