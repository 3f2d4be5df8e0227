import csv
import io
from datetime import UTC, datetime

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from wagtail.admin.views.mixins import SpreadsheetExportMixin

from base.exports import SafeExportMixin, safe_cell

DANGEROUS = ["=1+1", "+1+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1+1"]
HARMLESS = ["Priya", "0117 496 0000", "+44 117 496 0000", "a=b", "1-2", "", "’tis"]


class Export(SafeExportMixin, SpreadsheetExportMixin):
    """The smallest view that exports."""

    list_export = ("answer",)

    def to_row_dict(self, item):
        return {"answer": item}

    def get_heading(self, queryset, field):
        return "Answer"


def exported_as_csv(value):
    file = b"".join(Export().stream_csv([value])).decode()
    return list(csv.reader(io.StringIO(file, newline="")))[1][0]


def exported_as_workbook(value):
    file = io.BytesIO()
    Export().write_xlsx([value], file)
    return openpyxl.load_workbook(file).active["A2"]


@pytest.mark.parametrize("text", DANGEROUS)
def test_a_formula_is_written_as_words(text):
    assert exported_as_csv(text) == f"'{text}"


@pytest.mark.parametrize("text", HARMLESS)
def test_other_words_stay_as_they_are(text):
    assert exported_as_csv(text) == text


@given(st.text())
def test_nothing_is_lost(text):
    assert safe_cell(text).removeprefix("'") == text.removeprefix("'")


def test_a_workbook_holds_words_as_typed_and_never_a_formula():
    cell = exported_as_workbook("=1+1")
    assert (cell.value, cell.data_type) == ("=1+1", "s")


@pytest.mark.parametrize(("value", "words"), [(True, "Yes"), (False, "No"), (["a", "b"], "a, b")])
def test_values_are_written_as_people_say_them(value, words):
    assert exported_as_csv(value) == words
    assert exported_as_workbook(value).value == words


def test_times_are_those_of_the_clock_in_london():
    in_summer = datetime(2026, 7, 1, 8, 30, tzinfo=UTC)
    assert exported_as_csv(in_summer) == "2026-07-01 09:30"
    assert exported_as_workbook(in_summer).value == datetime(2026, 7, 1, 9, 30)  # noqa: DTZ001
