import pytest

from blog.migrate.sources.dates import parse_date


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("May 3 2019 06:43AM", "2019-05-03T06:43:00+01:00"),
        ("May 3, 2019, 6:43 am", "2019-05-03T06:43:00+01:00"),
        ("3rd December 2019 at 4:05pm", "2019-12-03T16:05:00+00:00"),
        ("Dec 3 2019", "2019-12-03T00:00:00+00:00"),
        ("Fri, 03 May 2019 06:43:00 +0100", "2019-05-03T06:43:00+01:00"),
        ("Fri, 03 May 2019 06:43:00 GMT", "2019-05-03T07:43:00+01:00"),
        ("Fri, 03 May 2019 06:43:00 -0000", "2019-05-03T07:43:00+01:00"),
        ("Fri, 03 May 2019 06:43:00", "2019-05-03T06:43:00+01:00"),
        ("2019-05-03T06:43:00Z", "2019-05-03T07:43:00+01:00"),
        ("2019-05-03 06:43:00", "2019-05-03T06:43:00+01:00"),
        ("2019-10-27 01:30:00", "2019-10-27T01:30:00+01:00"),  # twice on that day: the first
        ("2019-03-31 01:30:00", "2019-03-31T02:30:00+01:00"),  # never on that day
    ],
)
def test_dates(text: str, expected: str) -> None:
    moment = parse_date(text)
    assert moment is not None
    assert moment.isoformat() == expected


@pytest.mark.parametrize("text", ["", "soon", "0000-00-00 00:00:00", "99 May 2019", "May 2019"])
def test_what_is_no_date(text: str) -> None:
    assert parse_date(text) is None
