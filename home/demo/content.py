"""Reads the demo's texts (TOML) and turns their references into the site's objects."""

import tomllib
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
RICH_TEXT_LINK = 'href="page:'


def read(name: str) -> dict[str, Any]:
    """Return one file of texts: `read("site")`."""
    return tomllib.loads((FOLDER / "content" / f"{name}.toml").read_text())


def read_all(folder: str) -> list[dict[str, Any]]:
    """Return every file of texts in a folder, by name: `read_all("posts")`."""
    files = sorted((FOLDER / "content" / folder).glob("*.toml"))
    return [tomllib.loads(file.read_text()) for file in files]


class References:
    """The objects made so far, by kind and name, as the texts refer to them: `page:about`."""

    def __init__(self, *, complete: bool = True) -> None:
        self._complete = complete
        self._objects: dict[str, Any] = {}

    def add(self, kind: str, name: str, target: Any) -> None:
        """Remember an object under the name that the texts use."""
        self._objects[f"{kind}:{name}"] = target

    def get(self, reference: str) -> Any:
        """Return the object that a reference means; None for an empty one.

        Raises KeyError for one that nothing was made for, a mistake in the texts; None where the
        objects need not be complete.
        """
        if not reference or (not self._complete and reference not in self._objects):
            return None
        return self._objects[reference]

    def resolve(self, value: Any) -> Any:
        """Return a StreamField value with every reference, however deep, replaced by its key."""
        match value:
            case str() if value in self._objects:
                return self._objects[value].pk
            case str():
                return self.link(value)
            case list():
                return [self.resolve(item) for item in value]
            case {"columns": columns, "rows": rows, **others}:
                return others | {
                    "columns": columns,
                    "rows": [{"values": self.resolve(row)} for row in rows],
                }
            case dict():
                return {key: self.resolve(item) for key, item in value.items()}
            case _:
                return value

    def link(self, html: str) -> str:
        """Return rich text with its links to pages in the form that Wagtail stores."""
        before, *links = html.split(RICH_TEXT_LINK)
        for link in links:
            slug, _, after = link.partition('"')
            before += f'linktype="page" id="{self.get(f"page:{slug}").pk}"{after}'
        return before
