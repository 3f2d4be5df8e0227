"""A plan as a workbook."""

from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from base.text import printable

from .planning import Plan

TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HEADINGS = ["Course", "For", "People", "When", "Where", "Before VAT", "VAT", "To pay", "Remark"]
WIDTHS = [40, 40, 10, 40, 30, 14, 12, 14, 60]
POUNDS = "£#,##0.00"


def workbook_of(plan: Plan) -> bytes:
    """Return the plan as an .xlsx file: a line for each booking. No text in it is a formula."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Plan")
    for column, width in zip("ABCDEFGHI", WIDTHS, strict=True):
        sheet.column_dimensions[column].width = width
    sheet.freeze_panes = "A2"
    sheet.append([_cell(sheet, heading, bold=True) for heading in HEADINGS])
    for row in _rows(plan):
        sheet.append([_cell(sheet, value) for value in row])
    total = ["Together", "", plan.people, "", "", plan.net, plan.tax, plan.total, ""]
    sheet.append([_cell(sheet, value, bold=True) for value in total])
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def _rows(plan: Plan) -> list[list[Any]]:
    rows: list[list[Any]] = []
    for step in plan.steps:
        remark = "A day of your own suits better: ask us." if step.suggests_in_house else ""
        for seats in step.seats:
            price = seats.price
            money = [price.net, price.tax, price.total] if price else ["Ask us", "", ""]
            date = seats.date
            rows.append(
                [step.course.title, step.who, seats.people, date.when, date.where, *money, remark]
            )
        if step.short:
            short = [step.course.title, step.who, step.short, "No places", "", "", "", "", remark]
            rows.append(short)
    return rows


def _cell(sheet: Any, value: Any, *, bold: bool = False) -> Any:
    cell = WriteOnlyCell(sheet, printable(value) if isinstance(value, str) else value)
    if isinstance(value, str):
        cell.data_type = "s"
    elif not isinstance(value, int):
        cell.number_format = POUNDS
    cell.font = Font(bold=bold)
    return cell
