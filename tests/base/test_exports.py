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
TELEPHONES = [
    "+441134960000",
    "+44 (0)113 496 0000",
    "+44 (0) 113 496 0000",
    "+44(0)1134960000",
    "+44-113-4960000",
    "+44.113.496.0000",
    "+1 (202) 555-0143",
    "+353 1 496 0000",
    "+683 4000",
]
CALCULATIONS = [
    "+1-2",
    "+1",
    "+44",
    "+1+1",
    "+44-113+4960000",
    "+44113*4960000",
    "+44113/4960000",
    "+44 113 496 0000=1",
    "+44 113 496 0000\n=1",
    "+44(113)(496)(0000)",
    "+44--1134960000",
    "+44 (A1) 4960000",
    "+44 (01134960000",
    "+44113496000044113496000",
    "-44 113 496 0000",
    "++44 113 496 0000",
    "+٤٤١١٣٤٩٦٠٠٠٠",
]
GROUPS = st.lists(st.text("0123456789", min_size=2, max_size=4), min_size=3, max_size=3)


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


@pytest.mark.parametrize("text", TELEPHONES)
def test_a_telephone_number_stays_as_it_was_typed(text):
    assert exported_as_csv(text) == text


@pytest.mark.parametrize("text", CALCULATIONS)
def test_what_only_resembles_one_is_written_as_words(text):
    assert exported_as_csv(text) == f"'{text}"


@given(GROUPS, st.sampled_from(["", " ", "-", "."]), st.sampled_from(["", "(0)", " (0)", " (0) "]))
def test_any_way_of_grouping_the_digits_is_one(groups, between, trunk):
    number = f"+44{trunk or between}{between.join(groups)}"
    assert safe_cell(number) == number


@given(st.text("+0123456789 .-()=*/A", max_size=24))
def test_nothing_but_a_telephone_number_begins_with_a_plus(text):
    cell = safe_cell(f"+{text}")
    if not cell.startswith("'"):
        assert set(text) <= set("0123456789 .-()")
        assert 7 <= sum(sign.isdigit() for sign in text) <= 15


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
