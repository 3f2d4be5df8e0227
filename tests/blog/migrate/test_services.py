"""What an import writes, and what it leaves alone."""

import datetime as dt
from collections.abc import Callable
from unittest import mock

import pytest
from django.test import Client
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Revision

from base.models import Topic
from blog.migrate.errors import UnreadableError
from blog.migrate.models import ImportedPost, OldLink
from blog.migrate.report import Report
from blog.migrate.services import writing
from blog.models import BlogPage
from tests.blog.migrate.sources import OLD, item
from tests.blog.migrate.test_sources import FIXTURES
from tests.factories import PersonPageFactory, TopicFactory, UserFactory

pytestmark = pytest.mark.django_db

Bring = Callable[..., Report]


def post(title: str = "Post 1") -> BlogPage:
    page: BlogPage = BlogPage.objects.get(draft_title=title)
    latest: BlogPage = page.get_latest_revision_as_object()
    return latest


def body(title: str = "Post 1") -> str:
    return str(post(title).body.get_prep_value())


def notes(report: Report) -> str:
    return " ".join(f"{name}: {text}" for name, text in [*report.skipped, *report.attention])


def test_a_post_is_a_draft(bring: Bring) -> None:
    report = bring(item(1, "A title", "<p>One. Two.</p>", topics=["Care"]))
    assert report.imported == ["A title"]
    assert report.new_topics == ["Care"]
    page = post("A title")
    assert not page.live
    assert page.slug == "a-title"
    assert page.intro == "One. Two."
    assert page.byline == "Ann Lee"
    assert page.published_at == dt.datetime(2019, 5, 3, 5, 43, tzinfo=dt.UTC)
    assert [topic.name for topic in page.topics.all()] == ["Care"]
    assert [child.block_type for child in page.body] == ["paragraph"]


def test_published_posts_keep_their_date(bring: Bring, client: Client) -> None:
    bring(item(1, "A title"), publish=True)
    page = BlogPage.objects.get(title="A title")
    assert page.live
    assert page.first_published_at == page.last_published_at == page.published_at
    assert page.updated_at is None
    answer = client.get(page.url)
    assert "3 May 2019" in answer.content.decode()


def test_again_changes_nothing(bring: Bring) -> None:
    items = [item(1, topics=["Care"]), item(2)]
    bring(*items, publish=True)
    before = Revision.objects.count(), Redirect.objects.count(), Topic.objects.count()
    report = bring(*items, publish=True)
    assert report.unchanged == report.looked_at == 2
    assert before == (Revision.objects.count(), Redirect.objects.count(), Topic.objects.count())
    assert BlogPage.objects.count() == 2


def test_a_change_in_the_source_is_taken_over(bring: Bring) -> None:
    bring(item(1, "Before", topics=["Care"]), publish=True)
    report = bring(item(1, "After", "<p>New.</p>", topics=["Home"]), publish=True)
    assert report.updated == ["After"]
    page = BlogPage.objects.get()
    assert (page.title, page.live, page.slug) == ("After", True, "before")
    assert [topic.name for topic in page.topics.all()] == ["Home"]
    assert page.first_published_at == page.published_at


def test_a_change_to_a_public_post_stays_a_draft_without_publish(bring: Bring) -> None:
    bring(item(1, "Before"), publish=True)
    report = bring(item(1, "After"))
    assert "publish it to show it" in notes(report)
    assert BlogPage.objects.get().title == "Before"
    assert post("After").title == "After"


def test_what_staff_edited_is_left_alone(bring: Bring) -> None:
    bring(item(1, "Before"))
    page = post("Before")
    page.title = "By staff"
    page.save_revision()
    report = bring(item(1, "After"))
    assert "was edited here since" in notes(report)
    assert post("By staff").title == "By staff"


def test_what_staff_deleted_is_not_brought_back(bring: Bring) -> None:
    bring(item(1))
    BlogPage.objects.get().delete()
    report = bring(item(1))
    assert "was deleted here" in notes(report)
    assert not BlogPage.objects.exists()


def test_what_staff_unpublished_stays_so(bring: Bring) -> None:
    bring(item(1, "Before"), publish=True)
    BlogPage.objects.get().unpublish()
    report = bring(item(1, "After"), publish=True)
    assert "was unpublished here" in notes(report)
    assert not BlogPage.objects.get().live


def test_one_bad_item_never_stops_the_rest(bring: Bring) -> None:
    report = bring(item(1), item(2, html="<script>x</script>"), item(3), publish=True)
    assert report.imported == ["Post 1", "Post 3"]
    assert notes(report) == "Post 2: It has no text."


def test_an_unexpected_failure_leaves_nothing_of_its_post(bring: Bring) -> None:
    original = writing.redirect_from

    def fail(address: str, page: BlogPage) -> str:
        if page.title == "Post 2":
            raise RuntimeError("the disk is full")
        return original(address, page)

    with mock.patch.object(writing, "redirect_from", fail):
        report = bring(item(1), item(2, topics=["Lost"]), item(3, topics=["Lost"]))
    assert report.imported == ["Post 1", "Post 3"]
    assert "Post 2: It could not be brought in (the disk is full)" in notes(report)
    assert BlogPage.objects.count() == ImportedPost.objects.count() == 2
    assert bring(item(1), item(2, topics=["Lost"]), item(3, topics=["Lost"])).imported == ["Post 2"]


def test_an_interrupted_run_goes_on(bring: Bring) -> None:
    items = [item(number) for number in range(1, 6)]

    def interrupt(done: int) -> None:
        if done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        bring(*items, progress=interrupt)
    assert BlogPage.objects.count() == 3
    report = bring(*items)
    assert (report.unchanged, len(report.imported)) == (3, 2)


def test_a_run_that_takes_too_long_stops_and_goes_on(bring: Bring) -> None:
    items = [item(1), item(2)]
    first = bring(*items, seconds=0.000_001)
    assert (first.is_complete, len(first.imported)) == (False, 1)
    second = bring(*items, seconds=0.000_001)
    assert (second.is_complete, second.unchanged, second.imported) == (True, 1, ["Post 2"])


def test_every_run_comes_further(bring: Bring) -> None:
    """Also past posts that fail each time, and past those whose pictures are gone."""
    gone = '<p>a</p><img src="http://127.0.0.1/gone.png" alt="A">'
    items = [item(n, html=[gone, "<b></b>", "<p>Words.</p>"][n % 3]) for n in range(9)]
    runs = [bring(*items, seconds=0.000_001) for _ in range(6)]
    assert [len(run.imported) for run in runs] == [1] * 6
    assert [run.is_complete for run in runs] == [False] * 5 + [True]
    assert BlogPage.objects.count() == 6


def test_a_dry_run_says_the_same_and_writes_nothing(bring: Bring) -> None:
    items = [
        item(1, topics=["Care"]),
        item(2, html=""),
        item(3, topics=["care"], html="<img src=x>"),
    ]
    dry = bring(*items, dry_run=True)
    assert not BlogPage.objects.exists()
    assert not Topic.objects.exists()
    assert not ImportedPost.objects.exists()
    assert not Redirect.objects.exists()
    real = bring(*items)
    for name in ("imported", "updated", "unchanged", "skipped", "attention", "new_topics"):
        assert getattr(dry, name) == getattr(real, name), name


def test_the_same_id_twice_in_a_source(bring: Bring) -> None:
    report = bring(item(1, "One"), item(1, "Other"))
    assert report.imported == ["One"]
    assert "has it twice" in notes(report)
    assert bring(item(1, "One"), item(1, "Other")).unchanged == 1


def test_an_author_with_a_page_is_linked(bring: Bring) -> None:
    person = PersonPageFactory(title="Ann Lee")
    bring(item(1), item(2, author="ann  lee"))
    for title in ("Post 1", "Post 2"):
        assert [author.person for author in post(title).authors.all()] == [person]
        assert post(title).byline == ""


def test_topics_are_found_whatever_their_capitals(bring: Bring) -> None:
    topic = TopicFactory(name="Co-production", slug="co-production")
    report = bring(item(1, topics=["CO-PRODUCTION", "Élan", "élan", "Uncategorized", "!?"]))
    assert set(post().topics.all()) == {
        topic,
        *Topic.objects.filter(name__in=["élan", "Élan", "!?"]),
    }
    assert Topic.objects.count() == 3
    assert len(report.new_topics) == 2


def test_no_date_and_no_title(bring: Bring) -> None:
    html = "<p>These are the first words of a post that nobody gave a title to.</p>"
    report = bring(item(1, " ", html, date="soon"))
    title = "These are the first words of a post that nobody…"
    assert report.imported == [title]
    assert "no date" in notes(report)
    assert "no title" in notes(report)
    assert post(title).published_at.date() == timezone.now().date()


@pytest.mark.parametrize(
    ("title", "slug"),
    [("Feed", "feed-post"), ("2019", "2019-post"), ("!!!", "post"), ("Blog “it’s”", "blog-its")],
)
def test_slugs_that_the_news_page_does_not_need(bring: Bring, title: str, slug: str) -> None:
    bring(item(1, title), item(2, title), publish=True)
    assert set(BlogPage.objects.values_list("slug", flat=True)) == {slug, f"{slug}-2"}


def test_long_texts_are_cut_at_a_word(bring: Bring) -> None:
    bring(item(1, "word " * 90, f"<p>{'One sentence here. ' * 40}</p>", author="name " * 50))
    page = BlogPage.objects.get()
    assert len(page.title) <= 255
    assert page.title.endswith("word…")
    assert len(page.byline) <= 100
    assert 250 < len(page.intro) <= 300
    assert page.intro.endswith("here.")
    page.full_clean()


def test_the_summary_of_the_source_is_the_introduction(bring: Bring) -> None:
    summary = "<description>&lt;b&gt;What&lt;/b&gt; it is all about, in a sentence.</description>"
    bring(item(1, extra=summary))
    assert post().intro == "What it is all about, in a sentence."


# Old addresses


def test_old_addresses_lead_to_the_pages(bring: Bring, client: Client) -> None:
    bring(
        item(1, link=f"{OLD}/blog/x.php?id=7&a=1"),
        item(2, link=f"{OLD}/caf%C3%A9/"),
        publish=True,
    )
    for old, title in (("/blog/x.php?a=1&id=7", "Post 1"), ("/caf%C3%A9", "Post 2")):
        answer = client.get(old)
        assert answer.status_code == 301
        assert answer["Location"] == BlogPage.objects.get(title=title).url


def test_an_address_that_staff_redirected_is_left_alone(bring: Bring) -> None:
    Redirect.add_redirect("/post-1.html", "http://example.org/")
    report = bring(item(1))
    assert "already leads somewhere else" in notes(report)
    assert Redirect.objects.get().redirect_link == "http://example.org/"


@pytest.mark.parametrize("link", [OLD, f"{OLD}/", f"{OLD}/?utm_source=feed", f"{OLD}/?page_id=x"])
def test_the_old_home_page_is_not_redirected(bring: Bring, link: str) -> None:
    report = bring(item(1, link=link))
    assert not Redirect.objects.exists()
    assert "It was on the old home page" in notes(report)


def test_plain_wordpress_addresses_lead_to_the_pages(bring: Bring, client: Client) -> None:
    report = bring(item(1, link=f"{OLD}/?p=7"), item(2, link=f"{OLD}/?p=8"), publish=True)
    assert not report.attention
    for number, title in ((7, "Post 1"), (8, "Post 2")):
        answer = client.get(f"/?p={number}")
        assert answer.status_code == 301
        assert answer["Location"] == BlogPage.objects.get(title=title).url
    for other in ("/", "/?p=9", "/?p=x", "/?p=7&p=8", "/?q=7"):
        assert client.get(other).status_code == 200


def link_to(number: int) -> str:
    return f'<p>See <a href="http://www.old.example.org/post-{number}.html#part">this</a>.</p>'


@pytest.mark.parametrize("order", [(1, 2), (2, 1)])
@pytest.mark.parametrize("publish", [False, True])
def test_links_between_posts(
    bring: Bring, order: tuple[int, int], publish: bool, client: Client
) -> None:
    """Whichever comes first, in one run or in two."""
    dates = {1: "Fri, 03 May 2019 06:43:00", 2: "Sat, 04 May 2019 06:43:00"}
    items = {number: item(number, html=link_to(3 - number), date=dates[number]) for number in order}
    bring(*items.values(), publish=publish)
    pages = {page.draft_title: page.pk for page in BlogPage.objects.all()}
    assert f'<a linktype="page" id="{pages["Post 2"]}" fragment="part">this</a>' in body("Post 1")
    assert f'<a linktype="page" id="{pages["Post 1"]}" fragment="part">this</a>' in body("Post 2")
    assert not OldLink.objects.exists()
    again = bring(*items.values(), publish=publish)
    assert (again.unchanged, again.relinked) == (2, 0)
    for page in BlogPage.objects.live():
        assert not page.has_unpublished_changes
        assert page.first_published_at == page.last_published_at == page.published_at
    if publish:
        one, two = (BlogPage.objects.get(title=f"Post {number}") for number in (1, 2))
        assert f'<a href="{two.url}#part">this</a>' in client.get(one.url).content.decode()


def test_a_link_to_a_post_of_a_later_run(bring: Bring) -> None:
    first = bring(item(1, html=link_to(2)), publish=True)
    assert "post-2.html" in notes(first)
    assert "old.example.org" in body("Post 1")
    second = bring(item(2), publish=True)
    assert second.relinked == 1
    page = BlogPage.objects.get(title="Post 1")
    assert 'linktype="page"' in str(page.body.get_prep_value())
    assert bring(item(1, html=link_to(2)), item(2), publish=True).unchanged == 2


def test_completing_links_stops_when_the_time_is_up_and_goes_on(bring: Bring) -> None:
    bring(item(1, html=link_to(2)))
    assert not bring(item(2), seconds=0.000_001).is_complete
    report = bring(item(2))
    assert (report.is_complete, report.relinked) == (True, 1)


def test_links_in_what_staff_edited_stay(bring: Bring) -> None:
    bring(item(1, html=link_to(2)))
    page = post("Post 1")
    page.title = "By staff"
    page.save_revision()
    report = bring(item(2))
    assert "was edited here" in notes(report)
    assert "old.example.org" in body("By staff")


# Whole sources


def test_a_folder_of_saved_pages(bring: Bring) -> None:
    report = bring(path=FIXTURES / "old-blog", publish=True)
    assert len(report.imported) == 3
    page = BlogPage.objects.get(title="Co-production can change lives!")
    assert [child.block_type for child in page.body] == [
        "quotation", "paragraph", "image", "image", "heading", "paragraph",
    ]  # fmt: skip
    assert page.body[0].value["source"] == "Think Local Act Personal"
    assert page.body[0].value["year"] == 2011
    assert 'linktype="page"' in str(page.body[5].value.source)
    assert "about.html: No post was found" in notes(report)
    assert Redirect.objects.get(redirect_page=page).old_path == "/blog/4580000/co-production.html"


def test_a_wordpress_draft_stays_one(bring: Bring) -> None:
    bring(path=FIXTURES / "wordpress.xml", publish=True)
    assert not BlogPage.objects.get(title="Not finished").live


def test_without_a_news_page_it_says_so(bring: Bring, news: object) -> None:
    news.delete()
    with pytest.raises(UnreadableError, match="no news page"):
        bring(item(1))


def test_who_did_it_is_noted(bring: Bring) -> None:
    user = UserFactory()
    bring(item(1), user=user, publish=True)
    page = BlogPage.objects.get()
    assert page.owner == page.latest_revision.user == user
