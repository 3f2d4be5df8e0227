"""Serves the stylesheet, written as one file per component, as a single file."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage, Storage

IMPORT = re.compile(r'@import url\("(?P<file>[^"]+)"\)(?: layer\((?P<layer>[\w.-]+)\))?;')
COMMENT = re.compile(r"/\*.*?\*/\n?|^\s+", re.DOTALL | re.MULTILINE)


class StylesheetFinder(BaseFinder):
    """Finds `base/css/site.css` with every `@import` in it replaced by the file it names.

    The browser asks for one file instead of thirty, in development as in production, and no
    tool but Django takes part. Comments and indents stay in the sources. The file is rebuilt
    whenever one of its sources is newer.
    """

    name = "base/css/site.css"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.source = Path(__file__).parent / "static" / self.name
        self.storage = FileSystemStorage(location=settings.VAR / "stylesheet")

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        """Return the built file's path for the stylesheet's own name, and nothing for others."""
        if path != self.name:
            return []
        built = self._build()
        return [built] if find_all else built

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Storage]]:
        """Yield the one file that this finder makes."""
        self._build()
        yield self.name, self.storage

    def _build(self) -> str:
        built = Path(self.storage.path(self.name))
        newest = max(file.stat().st_mtime for file in self.source.parent.glob("*.css"))
        if not built.exists() or built.stat().st_mtime < newest:
            built.parent.mkdir(parents=True, exist_ok=True)
            # Written aside and moved, so that no other process reads half a stylesheet.
            draft = built.with_suffix(f".{id(self)}.draft")
            css = IMPORT.sub(self._inline, self.source.read_text())
            draft.write_text(COMMENT.sub("", css))
            draft.replace(built)
        return str(built)

    def _inline(self, statement: re.Match[str]) -> str:
        rules = (self.source.parent / statement["file"]).read_text()
        return f"@layer {statement['layer']} {{\n{rules}}}\n" if statement["layer"] else rules
