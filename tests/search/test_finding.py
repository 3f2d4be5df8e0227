"""What people type, and what they mean by it."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from search.models import Synonym, Term
from search.services import Request, find
from search.vocabulary import Vocabulary
from tests.factories import (
    BlogPageFactory,
    CareCertificateStandardFactory,
    CourseIndexPageFactory,
    CoursePageFactory,
    CourseRunFactory,
    StandardPageFactory,
    TopicFactory,
    VenueFactory,
)

pytestmark = pytest.mark.django_db


def titles(words: str, **asked: object) -> list[str]:
    return [score.entry.title for score in _with_titles(find(Request(words, **asked)).scores)]


def _with_titles(scores):
    for score in scores:
        score.entry.refresh_from_db()
    return scores


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("medicnes", "Medicines"),
        ("medecine", "Medicines"),
        ("defibulator", "The defibrillator"),
        ("safegaurding", "Safeguarding"),
        ("swalowing", "To swallow safely"),
        ("medicine", "Medicines"),
        ("organizing", "How we organise"),
        ("behavior", "Behaviour"),
        ("coproduction", "Co-production"),
        ("co production", "Co-production"),
        ("co-production", "Coproduction"),
        ("co production", "Coproduction"),
        ("careplan", "Your care plan"),
        ("moving & handling", "Moving and handling"),
        ("moving and handling", "Moving & handling"),
        ("carers rights", "The carer’s rights"),
        ("CAFE", "Our café"),
        ("café", "Our cafe"),
        ("hoarder", "About hoarding"),
        ("how do i record medicines?", "Recording medicines"),
    ],
)
def test_what_is_typed_finds_what_is_written(typed: str, written: str) -> None:
    StandardPageFactory(title="Something else")
    StandardPageFactory(title=written)
    assert titles(typed) == [written]


def test_a_correction_is_said_and_can_be_refused(client: Client) -> None:
    StandardPageFactory(title="Medicines")
    page = client.get("/search/", {"q": "medicnes"}).content.decode()
    assert "Showing results for <strong>medicines</strong>" in page
    assert 'href="?q=medicnes&amp;exact=1"' in page
    assert titles("medicnes", exactly=True) == []


def test_a_word_that_the_site_holds_is_never_corrected() -> None:
    StandardPageFactory(title="Heather")
    StandardPageFactory(title="Leather and weather", intro="Heathen")
    for word in ("heather", "leather", "weather", "heathen"):
        assert find(Request(word)).query.corrections == {}


def test_nor_is_one_that_staff_have_explained() -> None:
    Synonym.objects.create(word="carre", means="care")
    StandardPageFactory(title="Care")
    answer = find(Request("carre"))
    assert answer.query.corrections == {}
    assert answer.total == 1


def test_synonyms_work_both_ways_or_one_and_at_once() -> None:
    act = StandardPageFactory(title="The Mental Capacity Act").title
    short = StandardPageFactory(title="MCA at work").title
    assert sorted(titles("mca")) == sorted(titles("mental capacity act")) == sorted([act, short])
    StandardPageFactory(title="Quillwort")
    assert titles("fern") == []
    synonym = Synonym.objects.create(word="fern", means="quillwort", both_ways=False)
    assert titles("fern") == ["Quillwort"]
    StandardPageFactory(title="Fern")
    assert sorted(titles("fern")) == ["Fern", "Quillwort"]
    assert titles("quillwort") == ["Quillwort"]
    synonym.delete()
    assert titles("fern") == ["Fern"]


def test_quotation_marks_keep_words_together() -> None:
    StandardPageFactory(title="Heather near quillwort")
    together = StandardPageFactory(title="Some heather quillwort").title
    assert titles('"heather quillwort"') == [together]


# The order


def test_the_title_beats_the_summary_and_that_the_text() -> None:
    in_text = StandardPageFactory(
        title="One", body=[{"type": "paragraph", "value": "<p>Heather</p>"}]
    )
    in_summary = StandardPageFactory(title="Two", intro="Heather")
    in_title = StandardPageFactory(title="Heather three")
    assert titles("heather") == [in_title.title, in_summary.title, in_text.title]


def test_older_news_stand_below_newer_ones_and_older_courses_do_not() -> None:
    now = timezone.now()
    new = BlogPageFactory(title="Our heather news", published_at=now - dt.timedelta(days=1))
    old = BlogPageFactory(title="The heather news", published_at=now - dt.timedelta(days=3_000))
    found = find(Request("heather")).scores
    assert [int(score.entry.object_id) for score in found] == [new.pk, old.pk]
    assert found[0].total > found[1].total
    courses = [CoursePageFactory(title=f"Quillwort {name}") for name in ("one", "two")]
    courses[0].first_published_at = now - dt.timedelta(days=3_000)
    courses[0].save()
    first, second = find(Request("quillwort")).scores
    assert first.total == second.total


def test_what_was_replaced_stands_below_what_replaced_it() -> None:
    new = BlogPageFactory(title="Rules", intro="All about heather at last.")
    old = BlogPageFactory(title="Heather heather heather", superseded_by=new)
    older = BlogPageFactory(title="Heather", superseded_by=old)
    assert titles("heather") == [new.title, old.title, older.title]


def test_a_topic_counts() -> None:
    BlogPageFactory(title="One", body=[{"type": "paragraph", "value": "<p>Heather</p>"}])
    filed = BlogPageFactory(title="Two", topics=[TopicFactory(name="Heather")])
    assert titles("heather")[0] == filed.title


def test_by_date_the_newest_comes_first() -> None:
    now = timezone.now()
    old = BlogPageFactory(title="Heather", published_at=now - dt.timedelta(days=30))
    new = BlogPageFactory(title="Six", intro="Heather", published_at=now - dt.timedelta(days=3))
    assert titles("heather", newest_first=True) == [new.title, old.title]
    assert titles("heather") == [old.title, new.title]


# Kinds, and what words mean beyond themselves


def test_kinds_are_counted_and_narrow_down(client: Client) -> None:
    StandardPageFactory(title="Heather page")
    BlogPageFactory(title="Heather post")
    CoursePageFactory(title="Heather course")
    answer = find(Request("heather", found_as="News"))
    assert answer.counts == {"Pages": 1, "News": 1, "Courses": 1}
    assert titles("heather", found_as="News") == ["Heather post"]
    page = client.get("/search/", {"q": "heather", "type": "News"}).content.decode()
    assert 'aria-current="page">News' in page


@pytest.fixture
def courses() -> None:
    CourseIndexPageFactory()
    now = timezone.localtime()
    leeds, york = VenueFactory(town="Leeds"), VenueFactory(town="York")
    CourseRunFactory(course=CoursePageFactory(title="First aid", price=0), venue=leeds)
    CourseRunFactory(course=CoursePageFactory(title="Aid for heather", price=90), venue=york)
    online = CoursePageFactory(title="Aid at home", price=40, online=True, in_person=False)
    month = now.month % 12 + 1
    start = now.replace(year=now.year + 2, month=month, day=5, hour=10, minute=0)
    CourseRunFactory(
        course=online, venue=None, online=True, start=start, end=start + dt.timedelta(hours=2)
    )


@pytest.mark.usefixtures("courses")
def test_a_place_a_price_and_a_way_become_filters() -> None:
    assert titles("aid in leeds") == ["First aid"]
    assert titles("aid course york") == ["Aid for heather"]
    assert titles("aid online") == ["Aid at home"]
    assert titles("free aid courses") == ["First aid"]
    assert sorted(titles("aid under £50")) == ["Aid at home", "First aid"]
    assert titles("online training under 50 pounds") == ["Aid at home"]


@pytest.mark.usefixtures("courses")
def test_a_month_becomes_a_filter() -> None:
    run = CoursePageFactory._meta.model.objects.get(title="Aid at home").runs.get()
    month = f"{timezone.localtime(run.start):%B %Y}"
    assert titles(f"aid in {month}") == ["Aid at home"]
    assert find(Request(f"aid in {month}")).chips[0].label == month


@pytest.mark.usefixtures("courses")
def test_a_filter_is_shown_and_taken_back(client: Client) -> None:
    page = client.get("/search/", {"q": "aid in leeds"}).content.decode()
    assert (
        'href="?q=aid" rel="nofollow"><span class="visually-hidden">Take away: </span>Leeds' in page
    )
    assert 'href="?q=aid+in+leeds&amp;words=1"' in page
    assert titles("aid leeds", words_only=True) == []


@pytest.mark.usefixtures("courses")
def test_where_no_course_fits_the_words_are_words() -> None:
    StandardPageFactory(title="Quillwort in Leeds")
    assert titles("quillwort leeds") == ["Quillwort in Leeds"]


@pytest.mark.usefixtures("courses")
def test_the_dates_of_what_was_found_are_shown(client: Client) -> None:
    page = client.get("/search/", {"q": "aid", "type": "Dates"}).content.decode()
    assert page.count('class="date-leaf-frame"') == 3
    assert (
        client.get("/search/", {"q": "first aid leeds", "type": "Dates"})
        .content.decode()
        .count('class="date-leaf-frame"')
        == 1
    )


# What it knows


def test_the_vocabulary_follows_every_change() -> None:
    page = StandardPageFactory(title="Heather", slug="one")
    other = StandardPageFactory(title="Heather", slug="two")
    assert Vocabulary.current().holds("heathers")
    page.delete()
    assert Vocabulary.current().holds("heather")
    other.unpublish()
    assert not Vocabulary.current().holds("heather")
    assert not Term.objects.filter(word="heather", entries__gt=0).exists()


def test_what_only_part_of_the_words_find_is_said_so(client: Client) -> None:
    StandardPageFactory(title="Heather quillwort")
    StandardPageFactory(title="Moss", intro="A thistle.")
    page = client.get("/search/", {"q": "heather quillwort thistle"}).content.decode()
    assert "No page has all of these words. 1 has some of them" in page


def test_an_english_word_is_no_typing_error_for_a_distant_one() -> None:
    StandardPageFactory(title="On leave from the track")
    assert titles("league") == []
    assert titles("leaguve") == ["On leave from the track"]
    assert titles("truck") == ["On leave from the track"]


def test_where_nothing_says_all_what_is_about_a_part_may_help() -> None:
    about = StandardPageFactory(title="Heather").title
    StandardPageFactory(title="In passing", intro="Heather here, heather there.")
    StandardPageFactory(title="Moss")
    for number in range(8):
        StandardPageFactory(title=f"Other {number}")
    assert titles("heather moss") == ["Moss", about]
    assert titles("heather quillwort") == [about]
    assert titles("heather quillwort thistle fern") == []


def test_a_word_that_no_page_says_hides_nothing_that_says_all_the_others() -> None:
    for number in range(20):
        words = "Heather moss fern ivy" if number < 4 else "Other"
        StandardPageFactory(title=f"{words} {number}")
    assert len(titles("heather moss fern ivy quillwort")) == 4


def test_a_long_word_that_only_resembles_another_is_not_corrected() -> None:
    StandardPageFactory(title="Scalding")
    assert titles("scaffolding") == []


def test_kinds_count_the_same_when_one_is_chosen(client: Client) -> None:
    StandardPageFactory(title="Heather quillwort")
    StandardPageFactory(title="Heather alone")
    BlogPageFactory(title="Heather and quillwort")
    counts = [
        client.get("/search/results.json", {"q": "heather quillwort", "type": kind}).json()[
            "counts"
        ]
        for kind in ("", "News", "Pages")
    ]
    assert counts == [{"Pages": 2, "News": 1}] * 3


def test_few_answers_are_followed_by_what_is_about_the_same(client: Client) -> None:
    topic = TopicFactory(name="Heathland")
    BlogPageFactory(title="Quillwort by the lake", topics=[topic])
    near = BlogPageFactory(title="Walking on peat", topics=[topic])
    BlogPageFactory(title="Something else")
    response = client.get("/search/", {"q": "quillwort"})
    assert response.context["related"][0].title == "Walking on peat"
    assert "You may also find useful" in response.content.decode()
    answer = client.get("/search/results.json", {"q": "quillwort"}).json()
    assert answer["total"] == 1
    assert answer["related"][0]["title"] == "Walking on peat"
    near.unpublish()
    assert "Walking on peat" not in str(client.get("/search/results.json?q=quillwort").json())


@pytest.mark.parametrize("narrowed", [{"type": "News"}, {"sort": "date"}])
def test_a_narrower_search_is_followed_by_nothing(narrowed: dict, client: Client) -> None:
    topic = TopicFactory(name="Heathland")
    for title in ("Quillwort by the lake", "Walking on peat"):
        BlogPageFactory(title=title, topics=[topic])
    answer = client.get("/search/results.json", {"q": "quillwort", **narrowed}).json()
    assert (answer["total"], answer["related"]) == (1, [])


@pytest.mark.parametrize(
    ("label", "page", "name"),
    [
        (TopicFactory, BlogPageFactory, "topics"),
        (TopicFactory, CoursePageFactory, "topics"),
        (CareCertificateStandardFactory, CoursePageFactory, "care_certificate_standards"),
    ],
)
def test_pages_are_found_by_the_new_name_of_what_they_are_filed_under(
    label: type, page: type, name: str, work: Callable[[], None]
) -> None:
    filed_under = label(name="Heathland")
    page(title="On a walk", **{name: [filed_under]})
    filed_under.name = "Peat"
    filed_under.save()
    work()
    assert titles("peat") == ["On a walk"]
    assert titles("heathland") == []
