"""What of an issue each reader gets, and that it reads well as HTML and as plain text."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from bs4 import Tag
from django.test import Client
from django.urls import reverse
from wagtail.models import Page

from blog.newsletter.editions import EDITIONS, Edition, Letter, interests_of, render_letter
from blog.newsletter.models import NewsletterIndexPage, NewsletterIssuePage
from tests import markup
from tests.factories import (
    BlogPageFactory,
    CoursePageFactory,
    CourseRunFactory,
    CustomImageFactory,
    NewsletterIssuePageFactory,
    OrganisationSettingsFactory,
    SubscriberFactory,
    make_private,
)

from .issues import ago, button, heading, items, paragraph, picture, row

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("newsletter")]

OURS = "https://www.example.org"
HOSTILE = """</h2><script>alert(1)</script> "Tea" & 'toast' <b>"""


@pytest.fixture(autouse=True)
def ours(settings: Any) -> None:
    settings.WAGTAILADMIN_BASE_URL = OURS


def an_issue(**values: Any) -> NewsletterIssuePage:
    issue: NewsletterIssuePage = NewsletterIssuePageFactory(
        **{"first_published_at": ago(days=1)} | values
    )
    return issue


@pytest.fixture
def issue() -> NewsletterIssuePage:
    """An issue with every kind of block, for each kind of reader."""
    post = BlogPageFactory(title="Tea", intro="A cup of it.", image=CustomImageFactory())
    course = CourseRunFactory(course__title="Medicines", course__image=CustomImageFactory()).course
    return an_issue(
        title="July",
        intro="What is new.",
        body=[
            heading("A word"),
            paragraph('<p>Hello. <a href="/about/">About us</a></p><ul><li>One</li></ul>'),
            items(post, heading="Fresh news", interest="news"),
            items((course, "Come along."), heading="Our dates", interest="dates"),
            picture(caption="A door, open"),
            button("See all", url="https://www.example.com/all"),
        ],
        easy_read=[
            heading("News in short"),
            row("We wrote something.\nIt is short.", post, interest="news"),
            heading("Dates in short"),
            row("You can come.", course, interest="dates"),
            heading("Talk to us"),
            row("Ring us."),
        ],
    )


def letter(issue: NewsletterIssuePage, **wishes: bool) -> Letter:
    """What somebody with these wishes gets."""
    nothing = {"wants_news": False, "wants_dates": False, "wants_easy_read": False}
    return render_letter(issue, Edition.of(SubscriberFactory(**nothing | wishes)))


def everything(issue: NewsletterIssuePage) -> Letter:
    return letter(issue, wants_news=True, wants_dates=True)


def content(html: str) -> Tag:
    """What stands between head and foot of a mail, as somebody sees it."""
    part = markup.read(html).find(class_="letter")
    part.find(class_="preview").extract()
    return part


# Who gets what

ALWAYS = ["A word", "Hello.", "A door, open", "See all"]
NEWS, DATES = ["Fresh news", "Tea"], ["Our dates", "Medicines"]
SHORT_NEWS, SHORT_DATES = ["News in short", "It is short."], ["Dates in short", "You can come."]
SHORT_ALWAYS = ["Talk to us", "Ring us."]


@pytest.mark.parametrize(
    ("wishes", "shown", "left_out"),
    [
        ("news dates", [*ALWAYS, *NEWS, *DATES], SHORT_ALWAYS),
        ("news", [*ALWAYS, *NEWS], DATES),
        ("dates", [*ALWAYS, *DATES], NEWS),
        ("news dates easy_read", [*SHORT_ALWAYS, *SHORT_NEWS, *SHORT_DATES], ALWAYS),
        ("news easy_read", [*SHORT_ALWAYS, *SHORT_NEWS], SHORT_DATES),
        ("dates easy_read", [*SHORT_ALWAYS, *SHORT_DATES], SHORT_NEWS),
        ("easy_read", [*SHORT_ALWAYS, *SHORT_NEWS, *SHORT_DATES], ALWAYS),
    ],
)
def test_everybody_gets_what_they_asked_for(
    wishes: str, shown: list[str], left_out: list[str], issue: NewsletterIssuePage
) -> None:
    got = letter(issue, **{f"wants_{wish}": True for wish in wishes.split()})
    for text in (words(content(got.html)), got.text):
        for part in shown:
            assert part.lower() in text.lower()
        for part in left_out:
            assert part.lower() not in text.lower()


def test_without_an_easy_read_edition_its_readers_get_the_usual_words() -> None:
    issue = an_issue(body=[paragraph("<p>Hello.</p>")])
    got = letter(issue, wants_easy_read=True)
    assert "Hello." in got.text
    assert "easy-read" not in got.text


def test_every_reader_has_one_of_the_editions_that_staff_can_look_at() -> None:
    for news in (True, False):
        for dates in (True, False):
            for easy in (True, False):
                reader = SubscriberFactory(wants_news=news, wants_dates=dates, wants_easy_read=easy)
                edition = Edition.of(reader)
                assert EDITIONS[edition.key] == edition
    assert EDITIONS["news-dates-easy-read"].label == "News and course dates, Easy Read"


def test_an_issue_serves_the_interests_of_what_it_shows(issue: NewsletterIssuePage) -> None:
    assert interests_of(issue.body) == {"news", "dates"}
    gone = BlogPageFactory(live=False)
    assert interests_of(an_issue(body=[items(gone, interest="news")]).body) == set()


def test_the_subject_is_one_line() -> None:
    assert everything(an_issue(title="July")).subject == "July"
    assert everything(an_issue(title="August", subject="Tea,\n and dates")).subject == (
        "Tea, and dates"
    )


# How it reads


def words(tag: Tag) -> str:
    return " ".join(tag.get_text(" ").split())


EVERY_EDITION = pytest.mark.parametrize("edition", EDITIONS.values(), ids=list(EDITIONS))


@EVERY_EDITION
def test_a_mail_is_well_made(edition: Edition, issue: NewsletterIssuePage) -> None:
    page = markup.read(render_letter(issue, edition).html)
    # Styles and the description of a page are another matter in a mail.
    kinds = markup.ALL.keys() - {"inline", "resources", "head"}
    assert [fault for kind in kinds for fault in markup.ALL[kind](page)] == []
    assert page.title.get_text() == "July"
    assert not page.find_all(["script", "link", "iframe", "form"])


@EVERY_EDITION
def test_addresses_are_whole(edition: Edition, issue: NewsletterIssuePage) -> None:
    got = render_letter(issue, edition)
    links = [str(tag["href"]) for tag in markup.read(got.html).find_all("a")]
    assert links
    assert not [link for link in links if not link.startswith(("https://", "mailto:", "tel:"))]
    assert [word for word in got.text.split() if "://" in word]
    assert not re.findall(r"(?:^|\s)/\w+", got.text)


@EVERY_EDITION
def test_pictures_are_jpeg_or_png_of_the_site(edition: Edition, issue: NewsletterIssuePage) -> None:
    pictures = markup.read(render_letter(issue, edition).html).find_all("img")
    assert len(pictures) > 1
    for image in pictures:
        assert re.fullmatch(rf"{OURS}/(media|static)/\S+\.(jpe?g|png)", image["src"])


@pytest.mark.parametrize(("chosen", "number"), [("first", 1), ("all", 2), ("none", 0)])
def test_staff_choose_how_many_pictures_a_list_has(chosen: str, number: int) -> None:
    posts = [BlogPageFactory(image=CustomImageFactory()) for _ in range(2)]
    issue = an_issue(body=[items(*posts, pictures=chosen)])
    assert len(content(everything(issue).html).find_all("img")) == number


def test_a_decorative_picture_is_not_read_aloud() -> None:
    decorative = picture()
    decorative["value"]["image"] |= {"decorative": True, "alt_text": ""}
    issue = an_issue(body=[picture(alt_text="A red door"), decorative])
    shown = content(everything(issue).html).find_all("img")
    assert [image["alt"] for image in shown] == ["A red door", ""]


def lines(tag: Tag) -> Iterator[str]:
    """What a mail says, piece by piece, without links that only lead to what they stand beside."""
    for text in tag.find_all(string=True):
        link = text.find_parent("a")
        if text.strip() and not (link and link.get_text().startswith("Read more")):
            yield " ".join(text.split())


@EVERY_EDITION
def test_the_plain_text_says_the_same(edition: Edition, issue: NewsletterIssuePage) -> None:
    OrganisationSettingsFactory(email="hello@example.org", address="1 High Street")
    got = render_letter(issue, edition)
    page = markup.read(got.html)
    plain = " ".join(got.text.split()).lower()
    pieces = [*lines(content(got.html)), *lines(page.find(class_="foot"))]
    assert len(pieces) >= 10
    assert [piece for piece in pieces if piece.lower() not in plain] == []
    links = {str(tag["href"]) for tag in page.find(class_="letter").find_all("a")}
    assert {link for link in links if link not in got.text} == set()


def test_the_plain_text_reads_well(newsletter: NewsletterIndexPage) -> None:
    post = BlogPageFactory(title="Tea & toast", slug="tea", intro="A cup of it.")
    course = CoursePageFactory(title="Medicines", slug="medicines", summary="One day.")
    issue = an_issue(
        title="July",
        slug="july",
        body=[
            heading("A word"),
            paragraph(
                "<p>Hello,<br>all of you. <b>Look:</b></p><ul><li>One</li><li>Two</li></ul>"
                '<p>See <a href="/about/">our page</a>.</p>'
            ),
            items(post, heading="Fresh news"),
            items((course, "Come along."), heading="Our dates"),
            picture(caption="A door"),
            button("See all", newsletter),
        ],
    )
    got = everything(issue).text
    letter_, foot = got.split("\n-- \n")
    posted = post.listing_line
    assert (
        letter_
        == f"""July

A WORD

Hello,
all of you. Look:

- One
- Two

See our page ({OURS}/about/).

FRESH NEWS

Tea & toast
{posted}
A cup of it.
http://localhost{post.url}

OUR DATES

Medicines
{course.listing_line}
Come along.
http://localhost{course.url}

A door

See all:
http://localhost{newsletter.url}
""".replace("http://localhost", OURS)
    )
    assert f"Read this on our website:\n{OURS}/newsletter/july/\n" in foot
    assert "\n\n\n" not in got
    assert not re.search(r"[ \t]+\n", letter_)


def test_the_easy_read_mail_leads_to_the_easy_read_page(issue: NewsletterIssuePage) -> None:
    got = letter(issue, wants_easy_read=True)
    address = f"{OURS}{issue.url}?easy-read"
    assert address in got.text
    assert markup.read(got.html).find("a", href=address)


def test_one_readers_links_are_put_in_everywhere(issue: NewsletterIssuePage) -> None:
    got = everything(issue).to("ada-key")
    assert "token-of-the-reader" not in got.html + got.text
    for name in ("preferences", "leave"):
        address = OURS + reverse(f"blog_newsletter:{name}", args=["ada-key"])
        assert address in got.text
        assert markup.read(got.html).find("a", href=address)


# What must not be in it


@pytest.mark.parametrize("hide", [Page.unpublish, make_private])
def test_pages_that_are_not_public_leave_no_trace(hide: Any) -> None:
    post = BlogPageFactory(title="Marmalade", image=CustomImageFactory(title="A jar"))
    issue = an_issue(
        body=[heading("Only this"), items((post, "On toast."), heading="Spreads")],
        easy_read=[heading("Other"), row("Something new.", post)],
    )
    hide(post)
    for edition in EDITIONS.values():
        got = render_letter(issue, edition)
        for text in ("Marmalade", "On toast", "Only this", "Spreads", post.slug, "jar"):
            assert text.lower() not in (got.html + got.text).lower()


def test_nothing_that_staff_write_becomes_code() -> None:
    post = BlogPageFactory(title=HOSTILE, intro=HOSTILE)
    image = picture(caption=HOSTILE, alt_text=HOSTILE)
    issue = an_issue(
        title=HOSTILE,
        intro=HOSTILE,
        body=[
            heading(HOSTILE[:80]),
            items(post, (post, HOSTILE), heading=HOSTILE[:80]),
            image,
            button(HOSTILE[:60], url="https://www.example.com/"),
        ],
        easy_read=[heading(HOSTILE[:80]), row(HOSTILE, post)],
    )
    for edition in EDITIONS.values():
        got = render_letter(issue, edition)
        page = markup.read(got.html)
        assert not page.find_all(["script", "b"])
        assert HOSTILE in [each.get_text() for each in page.find_all("h1")]
        assert HOSTILE[:80].lower() in page.find("h2").get_text().lower()
        assert got.text.startswith(f"{HOSTILE}\n")
        assert HOSTILE[:80].upper() in got.text
        assert not {"&lt;", "&amp;", "&quot;", "&#x27;"} & set(re.findall(r"&[#\w]+;", got.text))
    usual = markup.read(render_letter(issue, Edition()).html)
    assert HOSTILE in [image.get("alt") for image in usual.find_all("img")]


# As staff see it before it goes


@pytest.mark.parametrize(
    ("mode", "shown", "left_out"),
    [
        ("", "A paragraph of mine.", "Stop the newsletter"),
        ("mail", "A paragraph of mine.", "In short."),
        ("mail-dark", "A paragraph of mine.", "prefers-color-scheme: dark"),
        ("text", "A paragraph of mine.", "<p>"),
        ("easy-read", "In short.", "A paragraph of mine."),
    ],
)
def test_the_preview_shows_each_form(mode: str, shown: str, left_out: str, admin: Client) -> None:
    issue = an_issue(title="Before", easy_read=[row("In short.")])
    issue.title = "July"
    issue.body = [paragraph("<p>A paragraph of mine.</p>")]
    issue.save_revision()
    url = reverse("wagtailadmin_pages:view_draft", args=[issue.pk])
    response = admin.get(url, {"mode": mode})
    assert response.status_code == 200
    html = response.content.decode()
    assert shown in html
    assert left_out not in html
    assert "July" in markup.read(html).h1.get_text()
