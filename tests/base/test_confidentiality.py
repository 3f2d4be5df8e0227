"""What identifies a person is found; what only looks a little like it is not."""

import datetime as dt
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from base.confidentiality import Kind, find, is_nhs_number, mask


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (Kind.PHONE, "07700 900123"),
        (Kind.PHONE, "07700900123"),
        (Kind.PHONE, "(020) 7946 0018"),
        (Kind.PHONE, "0113-496-0999"),
        (Kind.PHONE, "+44 7700 900123"),
        (Kind.PHONE, "+44 (0)20 7946 0018"),
        (Kind.PHONE, "0044 20 7946 0018"),
        (Kind.PHONE, "07700.900.123"),
        (Kind.PHONE, "+48 600 100 200"),
        (Kind.EMAIL, "mary.ellis+home@example.co.uk"),
        (Kind.EMAIL, "mary(at)example(dot)org"),
        (Kind.EMAIL, "mary [at] example [dot] org"),
        (Kind.EMAIL, "MARY@EXAMPLE.ORG"),
        (Kind.NHS, "943 476 5919"),
        (Kind.NHS, "9434765919"),
        (Kind.NHS, "943-476-5919"),
        (Kind.NATIONAL_INSURANCE, "QQ 12 34 56 C".replace("QQ", "AB")),
        (Kind.NATIONAL_INSURANCE, "ab123456c"),
        (Kind.NATIONAL_INSURANCE, "JG-10-37-59-A"),
        # As they come out of a document, a spreadsheet or a telephone.
        (Kind.NHS, "943\N{NO-BREAK SPACE}476\N{NO-BREAK SPACE}5919"),
        (Kind.NHS, "943\N{EN DASH}476\N{EN DASH}5919"),
        (Kind.NHS, "943.476.5919"),
        (Kind.NHS, "943  476  5919"),
        (Kind.NHS, "943\t476\t5919"),
        (Kind.NATIONAL_INSURANCE, "AB\N{NO-BREAK SPACE}12\N{NARROW NO-BREAK SPACE}34 56 C"),
        (Kind.NATIONAL_INSURANCE, "AB.12.34.56.C"),
        (Kind.NATIONAL_INSURANCE, "at123456c"),
        (Kind.NATIONAL_INSURANCE, "WE 12 34 56 C"),
        (Kind.PHONE, "07700\N{NO-BREAK SPACE}900123"),
        (Kind.PHONE, "07700\N{NON-BREAKING HYPHEN}900\N{MINUS SIGN}123"),
        (Kind.PHONE, "+44\N{ZERO WIDTH SPACE}7700 \N{EM DASH} 900123"),
    ],
)
def test_is_found_and_masked(kind: Kind, text: str) -> None:
    sentence = f"Ask for {text}, please."
    [finding] = find(sentence)
    assert (finding.kind, sentence[finding.start : finding.end]) == (kind, text)
    assert mask(sentence) == f"Ask for [{kind} removed], please."


@pytest.mark.parametrize(
    "text",
    [
        "We met at 10:30 on 12 November 2026.",
        "In 2018, 2019 and 2020 we trained 1,200 people.",
        "It costs £145.00 or 3 x 48.33.",
        "943 476 5918",  # the check digit is wrong
        "111 111 1111",
        "4 out of 5, on a scale of 1 - 10",
        "BG 12 34 56 C and GB123456A were never given out",
        "Standard 15, Regulation 18(2)(a), section 117",
        "@someone said so",
        "Room 101, LS1 4AP",
        "1234567890123456789012345",
        "ISBN 978 0 14 103614 4",
        "the at-home care and dot. org",
        "On 12-11-26 a nurse came, at 10.30 - 12 a carer, and by 14.15.30 a doctor.",
        "01.02.2026 \N{EN DASH} 10.30, and 01-02-2026 \N{EM DASH} 14 people",
        "From 01 02 2026 10 of us went.",
        "\N{POUND SIGN}1.234.567.89 or \N{POUND SIGN}145.00 \N{EN DASH} 290.00 \N{EN DASH} 435.00",
        "ISBN 978-0-14-103614-4",
        "ISBN 978\N{NO-BREAK SPACE}1\N{EN DASH}4028\N{EN DASH}9462\N{EN DASH}6",
        "pages 101 \N{EN DASH} 118, 2018 \N{EN DASH} 2019 \N{EN DASH} 2020",
        "943 476\n5919 of them",
    ],
)
def test_is_left_alone(text: str) -> None:
    assert find(text) == []
    assert mask(text) == text


SEPARATORS = "".join(
    sign
    for sign in map(chr, range(0x3001))
    if unicodedata.category(sign) in ("Zs", "Pd", "Cf") or sign in ".\t\N{MINUS SIGN}"
)
gaps = st.lists(st.text(SEPARATORS, max_size=3), min_size=4, max_size=4)


@given(gaps)
def test_whatever_stands_between_the_groups_a_number_is_found(gaps: list[str]) -> None:
    for kind, groups in (
        (Kind.NHS, ["943", "476", "5919"]),
        (Kind.NATIONAL_INSURANCE, ["AB", "12", "34", "56", "C"]),
        (Kind.PHONE, ["07700", "900", "123"]),
        (Kind.PHONE, ["+44", "20", "7946", "0018"]),
    ):
        number = "".join(
            f"{group}{gap}"
            for group, gap in zip(groups, [*gaps[: len(groups) - 1], ""], strict=True)
        )
        assert mask(f"Ask for {number}, please.") == f"Ask for [{kind} removed], please."


@given(st.dates(), st.sampled_from(SEPARATORS), st.sampled_from(SEPARATORS))
def test_a_date_and_what_follows_is_no_number(day: dt.date, gap: str, after: str) -> None:
    written = gap.join((f"{day.day:02}", f"{day.month:02}", f"{max(day.year, 1900) % 200 + 1900}"))
    assert find(f"On {written} {after} 14 people came.") == []


def test_everything_in_a_text_is_masked_in_its_place() -> None:
    text = "Mary, 07700 900123 (NHS 943 476 5919), writes from mary@example.org."
    expected = (
        "Mary, [telephone number removed] (NHS [NHS number removed]), "
        "writes from [e-mail address removed]."
    )
    assert mask(text) == expected


def test_the_check_digit() -> None:
    """One digit in eleven fits: of a million numbers in a row, about that many."""
    valid = sum(is_nhs_number(f"{number:010}") for number in range(4_000_000_000, 4_000_011_000))
    assert 900 <= valid <= 1_100


@given(st.text(max_size=300))
def test_any_text_can_be_masked_and_stays_so(text: str) -> None:
    once = mask(text)
    assert find(once) == [] or mask(once) != once
    assert isinstance(mask(once), str)
