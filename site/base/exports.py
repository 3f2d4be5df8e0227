import re
from datetime import datetime
from typing import Any

from django.utils import timezone

# Full-width signs too: spreadsheets of some languages take them for the plain ones.
FORMULA = re.compile(r"\s*[=+\-@＝＋－＠\t\r\n]")
# As people write it (ITU-T E.123): a country code and groups of digits with at most one sign
# between them, of which one may stand in brackets: "+44 (0)113 496 0000".
TELEPHONE_NUMBER = re.compile(r"\+[1-9](?:[ .-]?[0-9])*(?: ?\([0-9]{1,4}\))?(?:[ .-]?[0-9])+")
# The shortest in use, and the longest that there can be (ITU-T E.164).
FEWEST_DIGITS, MOST_DIGITS = 7, 15


def safe_cell(text: str) -> str:
    """Return the text so that no spreadsheet takes it for a formula when it opens the file.

    What begins like a formula gets an apostrophe before it; an international telephone number
    stays as it is: it names no cell and calls no function.

    Source: OWASP, CSV Injection.
    """
    if not FORMULA.match(text) or _is_telephone_number(text):
        return text
    return f"'{text}"


def _is_telephone_number(text: str) -> bool:
    """Whether the text is an international number. `+1-2` is too short for one: it calculates."""
    digits = sum(map(str.isdigit, text))
    return FEWEST_DIGITS <= digits <= MOST_DIGITS and bool(TELEPHONE_NUMBER.fullmatch(text))


class SafeExportMixin:
    """For views that export spreadsheets: safe cells, times of the clock in London, yes and no.

    Stands before Wagtail's `SpreadsheetExportMixin`. A workbook says which cells are text, so
    there the words stay as they were typed.
    """

    def get_heading(self, queryset: Any, field: str) -> str:
        """Return the column's heading, which may be a question that staff wrote."""
        return safe_cell(super().get_heading(queryset, field))  # type: ignore[misc]

    def preprocess_field_value(self, field: str, value: Any, export_format: str) -> Any:
        """Return what is written into a cell."""
        is_workbook = export_format == "xlsx"
        if isinstance(value, bool):
            return "Yes" if value else "No"
        if isinstance(value, datetime) and timezone.is_aware(value):
            local = timezone.make_naive(value)
            return local if is_workbook else f"{local:%Y-%m-%d %H:%M}"
        cell = super().preprocess_field_value(field, value, export_format)  # type: ignore[misc]
        return safe_cell(cell) if isinstance(cell, str) and not is_workbook else cell
