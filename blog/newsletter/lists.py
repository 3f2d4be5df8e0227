"""Reads a list of subscribers from a table (CSV), and says line by line what is wrong with it."""

from __future__ import annotations

import csv
import datetime as dt
import io
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from base.addresses import one_way
from base.text import links_in, one_line, printable

from .models import WISHES, wishes_from
from .services import Row

COLUMNS = ("email", "name", "agreed_on", "where", "wording", "proof", "interests")
REQUIRED = ("email", "agreed_on", "where", "wording", "proof")
INTERESTS = dict(zip(("news", "dates", "easy read"), WISHES, strict=True))
DAYS = ("%d/%m/%Y", "%Y-%m-%d")
FIRST_YEAR = 1990
LONGEST_NAME, LONGEST_PLACE = 100, 200  # characters
MOST_ROWS = 20_000
MOST_PROBLEMS = 50
EXAMPLE = {
    "email": "ada@example.org",
    "name": "Ada Example",
    "agreed_on": "14/03/2024",
    "where": "Sign-up sheet, open day in Leeds",
    "wording": "Please send me your newsletter by e-mail.",
    "proof": "Sheet 3, line 12, in the office's folder",
    "interests": "news, dates",
}


@dataclass
class Listing:
    """What a table holds: rows to import, and what has to be put right first."""

    rows: list[Row] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def example() -> str:
    """Return a table with the columns and one line to show how they are filled in."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS)
    writer.writeheader()
    writer.writerow(EXAMPLE)
    return text.getvalue()


def decode(content: bytes) -> str:
    """Return the text of a file that a spreadsheet saved, in either way in which they do."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def read(content: bytes) -> Listing:
    """Read a table with a line of column names. A wrong line is a problem; the others are read."""
    listing = Listing()
    text = printable(decode(content))
    first, _, _ = text.partition("\n")
    reader = csv.reader(io.StringIO(text), delimiter=";" if ";" in first else ",")
    try:
        _read_lines(reader, listing)
    except csv.Error as error:
        listing.problems.append(f"Line {reader.line_num}: this is no table ({error}).")
    if not (listing.rows or listing.problems):
        listing.problems.append("There is nobody on this list.")
    return listing


def _read_lines(reader: Any, listing: Listing) -> None:
    names = [name.strip().lower().replace(" ", "_") for name in next(reader, [])]
    missing = [name for name in REQUIRED if name not in names]
    if missing:
        listing.problems.append(f"Columns are missing: {', '.join(missing)}.")
        return
    today = timezone.localdate()
    for cells in reader:
        if not any(cell.strip() for cell in cells):
            continue
        if len(listing.rows) >= MOST_ROWS:
            listing.problems.append(f"More than {MOST_ROWS:,} lines. Please split the list.")
            return
        if len(listing.problems) >= MOST_PROBLEMS:
            return
        values = {name: cell.strip() for name, cell in zip(names, cells, strict=False)}
        try:
            listing.rows.append(_row(values, today))
        except ValidationError as error:
            listing.problems += [f"Line {reader.line_num}: {words}" for words in error.messages]


def _row(values: dict[str, str], today: dt.date) -> Row:
    """Return what one line says. Raises ValidationError."""
    values = {name: values.get(name, "") for name in COLUMNS}
    empty = [name for name in REQUIRED if not values[name]]
    if empty:
        raise ValidationError(f"please fill in {', '.join(empty)}.")
    name, where = one_line(values["name"]), one_line(values["where"])
    if links_in(name) or len(name) > LONGEST_NAME:
        raise ValidationError(f"“{name[:LONGEST_NAME]}” is no name.")
    if len(where) > LONGEST_PLACE:
        raise ValidationError(f"“where” is longer than {LONGEST_PLACE} characters.")
    return Row(
        email=one_way(values["email"]),
        name=name,
        wishes=_wishes(values["interests"]),
        agreed_at=_moment(values["agreed_on"], today),
        where=where,
        wording=values["wording"],
        proof=values["proof"],
    )


def _moment(text: str, today: dt.date) -> dt.datetime:
    for form in DAYS:
        try:
            day = dt.datetime.strptime(text, form).date()  # noqa: DTZ007
        except ValueError:
            continue
        if not FIRST_YEAR <= day.year <= today.year or day > today:
            raise ValidationError(f"{text} cannot be: nobody can have agreed on that day.")
        return timezone.make_aware(dt.datetime.combine(day, dt.time()))
    raise ValidationError(f"“{text}” is no day. Please write it as 14/03/2024.")


def _wishes(text: str) -> dict[str, bool]:
    """Return what is wanted; what is left empty means news and dates."""
    words = [word.strip().lower() for word in text.replace(";", ",").split(",") if word.strip()]
    unknown = [word for word in words if word not in INTERESTS]
    if unknown:
        known = ", ".join(INTERESTS)
        raise ValidationError(f"“{unknown[0]}” is no interest. There are: {known}.")
    return wishes_from(INTERESTS[word] for word in words or ("news", "dates"))
