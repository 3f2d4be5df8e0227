from collections.abc import Callable
from typing import Any

from bs4 import Tag

COLUMNS = 12
COMPLICATED = [
    "table", "ul", "ol", "blockquote", "img", "iframe", "embed", "object", "video", "audio",
    "h1", "h2", "h3", "h4", "h5", "h6", "figure", "pre", "dl",
]  # fmt: skip


def simple_table(table: Tag, cell_html: Callable[[Tag], str]) -> dict[str, Any] | None:
    """Return a table block where a table is one: a row of headings, and rows as long as that.

    None for anything else, such as the tables by which old pages laid themselves out.
    """
    if table.find(COMPLICATED):
        return None
    rows = [
        [cell for cell in row.find_all(["td", "th"]) if isinstance(cell, Tag)]
        for row in table.find_all("tr")
    ]
    rows = [row for row in rows if row]
    if len(rows) < 2 or not 2 <= len(rows[0]) <= COLUMNS:
        return None
    if any(len(row) != len(rows[0]) for row in rows) or any(
        _spans(cell) for row in rows for cell in row
    ):
        return None
    headings = [" ".join(cell.get_text(" ").split()) for cell in rows[0]]
    if not all(headings) or not all(_is_heading(cell) for cell in rows[0]):
        return None
    found = table.find("caption")
    caption = " ".join(found.get_text(" ").split()) if isinstance(found, Tag) else ""
    return {
        "type": "table",
        "value": {
            "caption": caption,
            "columns": [{"type": "rich_text", "heading": heading} for heading in headings],
            "rows": [{"values": [f"<p>{cell_html(cell)}</p>" for cell in row]} for row in rows[1:]],
        },
    }


def _spans(cell: Tag) -> bool:
    return any(
        str(cell.get(name) or "1").strip() not in {"1", ""} for name in ("colspan", "rowspan")
    )


def _is_heading(cell: Tag) -> bool:
    """Whether the cell is marked as a heading, or set in bold from end to end."""
    bold = cell.find(["b", "strong"])
    return cell.name == "th" or (
        isinstance(bold, Tag) and bold.get_text().strip() == cell.get_text().strip()
    )
