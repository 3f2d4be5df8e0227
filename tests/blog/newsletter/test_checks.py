"""What staff learn of an issue before it is sent."""

from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone
from wagtail.models import Page

from blog.newsletter.checks import Check, Level, check, size_of
from blog.newsletter.editions import EDITIONS, Edition, render_letter
from blog.newsletter.models import NewsletterIssuePage, Sending, Subscriber
from tests.factories import (
    PARAGRAPH,
    BlogPageFactory,
    CoursePageFactory,
    CourseRunFactory,
    CustomImageFactory,
    DocumentFactory,
    NewsletterIssuePageFactory,
    StandardPageFactory,
    SubscriberFactory,
    make_private,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("newsletter")]

NAMES = [
    "published",
    "readers",
    "subject-length",
    "subject-again",
    "intro",
    "parts",
    "page-links",
    "dates",
    "pictures",
    "size",
    "plain-text",
    "reading-age",
    "easy-read",
    "easy-sentences",
    "easy-pictures",
]
UNDESCRIBED = {"title": "Bare", "description": ""}


def paragraph(html: str) -> dict[str, Any]:
    return {"type": "paragraph", "value": html}


def items(*pages: Page, heading: str = "News", interest: str = "news") -> dict[str, Any]:
    chosen = [
        {"type": "item", "id": str(uuid4()), "value": {"page": page.pk, "words": ""}}
        for page in pages
    ]
    value = {"heading": heading, "pages": chosen, "pictures": "first", "interest": interest}
    return {"type": "items", "value": value}


def row(words: str = "We wrote to you.", **values: Any) -> dict[str, Any]:
    value = {"image": None, "words": words, "page": None, "interest": "everybody"}
    return {"type": "row", "value": value | values}


def issue_of(*body: dict[str, Any], **fields: Any) -> NewsletterIssuePage:
    came_out = {"first_published_at": timezone.now()}
    issue = NewsletterIssuePageFactory(**{"body": list(body) or PARAGRAPH} | came_out | fields)
    return again(issue)


def again(issue: NewsletterIssuePage) -> NewsletterIssuePage:
    """As it is in the database by now."""
    read: NewsletterIssuePage = NewsletterIssuePage.objects.get(pk=issue.pk)
    return read


def found(issue: NewsletterIssuePage, name: str) -> Check:
    [one] = [one for one in check(issue) if one.name == name]
    return one


def test_a_good_issue_has_nothing_but_good_news() -> None:
    SubscriberFactory(wants_easy_read=True)
    picture = CustomImageFactory()
    course = CourseRunFactory().course
    easy = [{"type": "heading", "value": "News"}, row("We have a course.", image=picture.pk)]
    post = BlogPageFactory(image=picture)
    body = [items(post), items(course, heading="Dates", interest="dates"), *PARAGRAPH]
    checks = check(issue_of(*body, easy_read=easy))
    assert [one.name for one in checks] == NAMES
    assert [one for one in checks if one.level != Level.OK or one.details] == []


def test_every_check_is_there_however_bad_it_is() -> None:
    issue = NewsletterIssuePageFactory.build(title="", intro="", body=[], live=False)
    assert [one.name for one in check(issue)] == NAMES


def test_an_issue_is_sent_as_it_is_published() -> None:
    issue = issue_of(live=False)
    assert found(issue, "published").level == Level.PROBLEM
    issue.save_revision().publish()
    issue = again(issue)
    assert found(issue, "published").level == Level.OK
    issue.intro = "Another one."
    issue.save_revision()
    one = found(again(issue), "published")
    assert one.level == Level.WARNING
    assert "not published" in one.title


def test_somebody_has_to_get_it() -> None:
    post = BlogPageFactory()
    assert found(issue_of(), "readers").level == Level.PROBLEM
    SubscriberFactory(state=Subscriber.State.LEFT)
    SubscriberFactory(wants_news=False, wants_dates=True)
    assert found(issue_of(items(post)), "readers").level == Level.PROBLEM
    one = found(issue_of(), "readers")
    assert (one.level, one.title) == (Level.OK, "There is news for 1 reader.")


@pytest.mark.parametrize(("length", "level"), [(50, Level.OK), (51, Level.WARNING)])
def test_phones_cut_long_subjects(length: int, level: Level) -> None:
    one = found(issue_of(subject="x" * length), "subject-length")
    assert one.level == level
    assert f"{length} characters" in one.title
    assert found(issue_of(title="y" * length), "subject-length").level == level


def test_a_subject_is_used_once() -> None:
    first = issue_of(subject="News in May", title="May")
    issue = issue_of(subject="News in may")
    one = found(issue, "subject-again")
    assert (one.level, one.details) == (Level.WARNING, ["May"])
    assert found(issue_of(title="NEWS IN MAY"), "subject-again").level == Level.WARNING
    assert found(issue_of(subject="May"), "subject-again").level == Level.OK
    NewsletterIssuePage.objects.all().update(first_published_at=None)
    assert found(issue, "subject-again").level == Level.OK
    Sending.objects.create(issue=first, subject="News in May", send_at=timezone.now())
    assert found(issue, "subject-again").level == Level.WARNING
    assert found(first, "subject-again").level == Level.OK


def test_mailboxes_show_one_sentence() -> None:
    assert found(issue_of(intro="  "), "intro").level == Level.WARNING
    assert found(issue_of(), "intro").level == Level.OK


def test_what_readers_do_not_see_any_more_is_told() -> None:
    public, hidden, private, deleted = (BlogPageFactory(title=f"Post {n}") for n in "abcd")
    body = [
        items(public, hidden, deleted, heading="Half"),
        items(private, heading="None"),
        {"type": "button", "value": {"text": "Go", "page": hidden.pk, "url": ""}},
    ]
    picture = CustomImageFactory()
    body.append({"type": "image", "value": {"image": _chosen(picture), "caption": "Us"}})
    news = {"Old news.": hidden, "Good news.": public, "Quiet news.": private}
    easy = [row(words, page=page.pk) for words, page in news.items()]
    issue = issue_of(*body, *PARAGRAPH, easy_read=easy)
    assert found(issue, "parts").level == Level.OK
    hidden.unpublish()
    make_private(private)
    deleted.delete()
    picture.delete()
    one = found(again(issue), "parts")
    assert one.level == Level.WARNING
    assert one.details == [
        "“Post b”, under “Half”, is not public.",
        "A page under “Half” was deleted.",
        "“None” has nothing to show, and is left out.",
        "“Go” has nothing to show, and is left out.",
        "“Us” has nothing to show, and is left out.",
        "“Post b”, beside “Old news.” in Easy Read, is not public.",
        "“Post c”, beside “Quiet news.” in Easy Read, is not public.",
    ]


def _chosen(image: Any, *, words: str = "", decorative: bool = False) -> dict[str, Any]:
    return {"image": image.pk, "alt_text": words, "decorative": decorative}


def test_links_in_the_text_lead_to_what_readers_can_open() -> None:
    pages = [StandardPageFactory() for _ in range(4)]
    document = DocumentFactory()
    links = [f'<a linktype="page" id="{page.pk}">Page {n}</a>' for n, page in enumerate(pages)]
    links.append(f'<a linktype="document" id="{document.pk}">The <b>form</b></a>')
    links += ['<a href="https://example.org/">Outside</a>', '<a linktype="page" id="x">Odd</a>']
    issue = issue_of(paragraph(f"<p>{' '.join(links)}</p>"))
    assert found(issue, "page-links").level == Level.OK
    pages[1].unpublish()
    make_private(pages[2])
    pages[3].delete()
    document.delete()
    one = found(issue, "page-links")
    assert one.level == Level.PROBLEM
    assert [detail.partition(" leads")[0] for detail in one.details] == [
        "“Page 1”",
        "“Page 2”",
        "“Page 3”",
        "“The form”",
    ]
    assert "4 links" in one.title


def test_dates_that_are_over_are_told() -> None:
    run = CourseRunFactory(course__title="Food")
    issue = issue_of(items(run.course, BlogPageFactory(), heading="Dates", interest="dates"))
    assert found(issue, "dates").level == Level.OK
    run.delete()
    one = found(again(issue), "dates")
    assert one.level == Level.WARNING
    assert one.details == ["“Food”, under “Dates”, has no date to come."]


def test_every_picture_that_tells_something_is_described() -> None:
    bare, described = CustomImageFactory(**UNDESCRIBED), CustomImageFactory()
    needs = CustomImageFactory(title="New", description="Needs description")
    block = {"type": "image", "value": {"image": _chosen(bare, words="A rose"), "caption": ""}}
    decorative = {
        "type": "image",
        "value": {"image": _chosen(bare, decorative=True), "caption": ""},
    }
    good = issue_of(
        items(BlogPageFactory(image=described)),
        block,
        decorative,
        easy_read=[row(image=described.pk)],
    )
    assert found(good, "pictures").level == Level.OK
    undescribed = {"type": "image", "value": {"image": _chosen(needs), "caption": ""}}
    one = found(issue_of(undescribed, easy_read=[row(image=bare.pk)]), "pictures")
    assert one.level == Level.WARNING
    assert one.details == ["“New”, in the text", "“Bare”, in Easy Read"]
    post = BlogPageFactory(image=bare, title="A post")
    assert found(issue_of(items(post)), "pictures").details == ["“Bare”, the picture of “A post”"]


def test_no_edition_is_so_large_that_it_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    words = "<p>" + "wörds " * 15_000 + "</p>"
    long = [row(words), row("Short.")]
    one = found(issue_of(easy_read=long), "size")
    assert one.level == Level.PROBLEM
    assert [detail.partition(":")[0] for detail in one.details] == [
        edition.label for edition in EDITIONS.values() if edition.is_easy_read
    ]
    issue = issue_of()
    assert found(issue, "size").level == Level.OK
    size = size_of(render_letter(issue, Edition()))
    for limit, level in ((size, Level.PROBLEM), (size + 1, Level.OK)):
        monkeypatch.setattr("blog.newsletter.checks.LARGEST", limit)
        assert found(issue, "size").level == level


def test_a_size_is_that_of_a_mail_with_the_readers_own_links() -> None:
    letter = render_letter(issue_of(), Edition())
    real = letter.to("x" * 80).html.encode()
    assert len(real) < size_of(letter) < len(real) + 1000


def test_editions_are_counted_as_readers_get_them() -> None:
    """Who wants dates alone gets no issue of news alone, so no edition of it is empty."""
    picture = {"type": "image", "value": {"image": _chosen(CustomImageFactory()), "caption": ""}}
    assert found(issue_of(items(BlogPageFactory())), "plain-text").level == Level.OK
    one = found(issue_of(picture), "plain-text")
    assert one.level == Level.PROBLEM
    assert len(one.details) == 3
    both = issue_of(items(BlogPageFactory()), items(CoursePageFactory(), interest="dates"))
    assert found(both, "plain-text").level == Level.OK


@pytest.mark.parametrize(
    ("sentence", "level", "words"),
    [
        ("We have a new course. You can come. ", Level.OK, "reading age of 5."),
        (
            "Organisational responsibilities necessitate communication. ",
            Level.WARNING,
            "18 or more",
        ),
    ],
)
def test_how_old_readers_have_to_be(sentence: str, level: Level, words: str) -> None:
    one = found(issue_of(paragraph(f"<p>{sentence * 25}</p>")), "reading-age")
    assert (one.level, words in one.title) == (level, True)


def test_summaries_are_read_as_well() -> None:
    long = "Organisational responsibilities necessitate interdisciplinary communication. "
    posts = BlogPageFactory.create_batch(8, intro=long * 3)
    one = found(issue_of(items(*posts)), "reading-age")
    assert one.level == Level.WARNING


def test_a_few_words_have_no_reading_age() -> None:
    one = found(issue_of(), "reading-age")
    assert one.level == Level.OK
    assert one.title == "9 words are too few to tell the reading age."


def test_who_asked_for_easy_read_should_get_it() -> None:
    assert found(issue_of(), "easy-read").level == Level.OK
    SubscriberFactory.create_batch(2, wants_easy_read=True)
    SubscriberFactory()
    SubscriberFactory(wants_easy_read=True, state=Subscriber.State.LEFT)
    one = found(issue_of(), "easy-read")
    assert one.level == Level.WARNING
    assert "2 readers asked" in one.title
    assert found(issue_of(easy_read=[row()]), "easy-read").level == Level.OK


def test_easy_read_is_short_sentences_with_a_picture_each() -> None:
    long = " ".join(["Sixteen", *["words"] * 15]) + "."
    short = " ".join(["Fifteen", *["words"] * 14]) + "."
    picture = CustomImageFactory().pk
    issue = issue_of(easy_read=[row(f"{short} {long}", image=picture), row("Bare.")])
    sentences, pictures = found(issue, "easy-sentences"), found(issue, "easy-pictures")
    assert (sentences.level, pictures.level) == (Level.WARNING, Level.WARNING)
    assert sentences.details == [f"16 words: “{long}”"]
    assert pictures.details == ["“Bare.”"]
    assert pictures.title.startswith("1 part ")
    good = issue_of(easy_read=[row(f"{short}\n{short}", image=picture)])
    assert found(good, "easy-sentences").level == found(good, "easy-pictures").level == Level.OK
