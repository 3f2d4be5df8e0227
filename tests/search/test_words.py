import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.words import between, compounds_in, fold, is_stop_word, stem, stems_of, words_in


@pytest.mark.parametrize(
    "words",
    [
        "medicine medicines MEDICINE",
        "organise organize organisation organizations",
        "behaviour behavior behaviours",
        "practice practise practising",
        "licence license licensed",
        "programme program programs",
        "centre center centres",
        "counselling counseling",
        "haemorrhage hemorrhage",
        "hypoglycaemia hypoglycemia",
        "café cafe CAFÉ",
        "child children",
        "ageing aging",
        "fulfil fulfill",
    ],
)
def test_forms_and_spellings_have_one_stem(words: str) -> None:
    assert len({stem(word) for word in words.split()}) == 1


@pytest.mark.parametrize(
    "words", ["size sis", "prize pris", "care car", "general genera", "MCA MAC"]
)
def test_other_words_have_another(words: str) -> None:
    first, second = words.split()
    assert stem(first) != stem(second)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The carer’s tea, the carers' tea", "The carer tea the carers tea"),
        ("co-production & care", "co production care"),
        ("O'Neill_Smith", "O Neill Smith"),
        ("", ""),
        ("🙂 %_*", ""),
    ],
)
def test_words_are_letters_and_digits(text: str, words: str) -> None:
    assert [word.text for word in words_in(text)] == words.split()


@given(st.text())
def test_words_stand_where_they_say(text: str) -> None:
    for word in words_in(text):
        assert text[word.start : word.end] == word.text
        assert word.text.isalnum()


@given(st.text(max_size=50))
def test_stems_can_be_counted(text: str) -> None:
    stems = stems_of(text)
    for word in words_in(text):
        assert between([stem(word.text)]) in stems


def test_a_sequence_is_found_as_one() -> None:
    stems = stems_of("The Mental Capacity Act says so")
    assert between([stem("mental"), stem("capacity")]) in stems
    assert between([stem("mental"), stem("act")]) not in stems
    assert between(["ment"]) not in stems


def test_compounds_are_known_by_any_hyphen() -> None:
    assert list(compounds_in("co-production, co‑design and self-directed-care")) == [
        "co-production",
        "co-design",
        "self-directed-care",
    ]


def test_small_words_say_nothing() -> None:
    assert is_stop_word("The")
    assert not is_stop_word("care")
    assert fold("ÉCOLE") == "ecole"
