import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
# “May 3 2019 06:43AM”, “3 May 2019, 6:43 am”, “May 3, 2019”
WRITTEN = (
    "%B %d %Y %I:%M%p",
    "%d %B %Y %I:%M%p",
    "%B %d %Y %H:%M",
    "%d %B %Y %H:%M",
    "%B %d %Y",
    "%d %B %Y",
    "%b %d %Y %I:%M%p",
    "%d %b %Y %I:%M%p",
    "%b %d %Y %H:%M",
    "%d %b %Y %H:%M",
    "%b %d %Y",
    "%d %b %Y",
)
ORDINAL = re.compile(r"(?<=\d)(?:st|nd|rd|th)\b", re.IGNORECASE)
BEFORE_HALF_OF_DAY = re.compile(r"\s+(?=[ap]m\b)", re.IGNORECASE)


def in_london(moment: datetime) -> datetime:
    """Return the moment with its zone. Without one, it is what a clock in London showed.

    An hour that the clock showed twice is taken for the first of the two; one that it left out is
    moved to the hour that followed.
    """
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=LONDON, fold=0)
    return moment.astimezone(UTC).astimezone(LONDON)


def parse_date(text: str) -> datetime | None:
    """Read a date as feeds, exports and people write it; None where it is none."""
    text = " ".join(text.split())
    for read in (_rfc_822, _iso, _written):
        try:
            moment = read(text)
            return in_london(moment) if moment else None
        except (ValueError, OverflowError, TypeError):
            continue
    return None


def _rfc_822(text: str) -> datetime:
    moment = parsedate_to_datetime(text)
    # "-0000" says that the time is universal; the parser calls it naive.
    return moment.replace(tzinfo=UTC) if text.endswith("-0000") else moment


def _iso(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _written(text: str) -> datetime:
    plain = BEFORE_HALF_OF_DAY.sub("", ORDINAL.sub("", text.replace(",", " ").replace(" at ", " ")))
    plain = " ".join(plain.split())
    for form in WRITTEN:
        try:
            return datetime.strptime(plain, form)  # noqa: DTZ007
        except ValueError:
            continue
    raise ValueError(text)
