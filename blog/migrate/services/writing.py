"""What an import writes: the page of a post, and what it needs."""

from typing import Any

from django.utils import timezone

from base.models import Topic, User
from blog.models import BlogIndexPage, BlogPage

from ..convert import Picture
from ..links import addresses, common_form, relink
from ..models import ImportedPost, OldLink
from ..pictures import Pictures
from ..preparing import ItemError, Prepared, check_blocks
from ..sources import SourcePost
from .addresses import free_slug, free_topic_slug, redirect_from
from .authors import Authors
from .pages import pages_at, publish, publish_first
from .records import Known

UNPUBLISHED = "It changed in the source. The change is a draft: the page was unpublished here."
LIVE = "It changed in the source. The change is a draft: publish it to show it."


class Writer:
    """Writes posts under the news page. Belongs inside a transaction, which holds the page."""

    def __init__(
        self, news: BlogIndexPage, pictures: Pictures, user: User | None, *, publish: bool
    ) -> None:
        self.news = news
        self.pictures = pictures
        self.user = user
        self.publish = publish
        self.authors = Authors(user)
        self.topics = {topic.name.casefold(): topic for topic in Topic.objects.all()}

    def hold(self) -> None:
        """Let no other import add posts before the transaction ends."""
        # Fetched anew: after a transaction that was rolled back it would be out of date.
        news: BlogIndexPage = BlogIndexPage.objects.select_for_update().get(pk=self.news.pk)
        self.news = news

    def write(self, item: SourcePost, prepared: Prepared, known: Known, links: set[str]) -> None:
        """Make the page of a post, or bring it up to date; `links` are those to the old site."""
        blocks = [self._with_image(block) for block in prepared.blocks]
        pages = pages_at(addresses(blocks))
        relink(blocks, pages.get)
        page = self._page(known)
        self._fill(page, item, prepared, blocks, is_joined=known.twin is not None)
        shall_be_live = self._shall_be_live(item, page, prepared, is_new=known.any is None)
        is_first = known.any is None and shall_be_live
        if known.any is None:
            page.slug = free_slug(prepared.title, self.news)
            page.live = shall_be_live
            self.news.add_child(instance=page)
        revision = page.save_revision(user=self.user, clean=False, changed=not is_first)
        if is_first:
            publish_first(page, revision, self.user)
        elif shall_be_live:
            publish(page, revision, self.user, page.published_at)
        if known.any:
            ImportedPost.objects.filter(page=page).update(revision=revision, missing_pictures=0)
            OldLink.objects.filter(post__page=page).delete()
        record = self._record(item, known, page, revision, prepared.missing_pictures)
        OldLink.objects.bulk_create(
            OldLink(post=record, address=form) for form in links - pages.keys()
        )
        if note := redirect_from(item.address, page):
            prepared.notes.append(note)

    def remember(self, item: SourcePost, known: Known) -> None:
        """Note that a post was looked at, and that what another source gave stays."""
        if known.any and known.any.page:
            self._record(item, known, known.any.page, known.any.revision, 0)

    def _record(
        self, item: SourcePost, known: Known, page: BlogPage, revision: Any, missing_pictures: int
    ) -> ImportedPost:
        record = known.record or ImportedPost(source_id=item.source_id)
        record.address = common_form(item.address)
        record.page = page
        record.revision = revision
        record.fingerprint = item.fingerprint
        record.missing_pictures = missing_pictures
        record.imported_at = timezone.now()
        record.save()
        return record

    def _page(self, known: Known) -> BlogPage:
        if known.any is None or known.any.page is None:
            return BlogPage(live=False, owner=self.user)
        page: BlogPage = known.any.page.get_latest_revision_as_object()
        return page

    def _fill(
        self,
        page: BlogPage,
        item: SourcePost,
        prepared: Prepared,
        blocks: list[dict[str, Any]],
        *,
        is_joined: bool,
    ) -> None:
        """Put everything into the page; `is_joined` keeps what another source alone told."""
        page.title = prepared.title
        page.intro = prepared.intro
        page.body = check_blocks(blocks)
        if item.published or not is_joined:
            page.published_at = prepared.published
        topics = [*(page.topics.all() if is_joined else ()), *map(self._topic, prepared.topics)]
        page.topics = list(dict.fromkeys(topics))
        if prepared.names or not is_joined:
            page.authors, page.byline = self.authors.credit(prepared.names)
        if prepared.picture:
            page.image = self.pictures.bring_in(prepared.picture.src, prepared.picture.alt)
            page.image_is_decorative = page.image is not None and not page.image.is_described

    def _shall_be_live(
        self, item: SourcePost, page: BlogPage, prepared: Prepared, *, is_new: bool
    ) -> bool:
        """Whether to publish, noting where a change stays a draft."""
        was_unpublished = not page.live and page.first_published_at is not None
        if was_unpublished:
            prepared.notes.append(UNPUBLISHED)
        elif page.live and not self.publish:
            prepared.notes.append(LIVE)
        return self.publish and item.can_be_published and (is_new or not was_unpublished)

    def _with_image(self, block: dict[str, Any]) -> dict[str, Any]:
        """Replace a picture by the site's image of it."""
        if block["type"] != "picture":
            return block
        picture: Picture = block["value"]
        image = self.pictures.bring_in(picture.src, picture.alt)
        if image is None:
            raise ItemError(f"The picture {picture.src} is gone.")
        alt = picture.alt or image.default_alt_text
        chosen = {"image": image.pk, "alt_text": alt, "decorative": not alt}
        return {"type": "image", "value": {"image": chosen, "caption": picture.caption}}

    def _topic(self, name: str) -> Topic:
        """Return the topic of a name, whatever its capitals, made if there is none."""
        topic = self.topics.get(name.casefold())
        if topic is None:
            topic = Topic.objects.create(name=name, slug=free_topic_slug(name))
            self.topics[name.casefold()] = topic
        return topic
