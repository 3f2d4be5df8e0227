"""What readers wrote below old posts."""

import uuid

from django.utils import timezone

from blog.comments.services import OldComment, bring_in

from ..models import ImportedPost
from ..sources import SourceComment, SourcePost


def new_comments(item: SourcePost, record: ImportedPost | None) -> list[SourceComment]:
    """Return the comments that were not brought in before; none of a post deleted here."""
    if record and record.page_id is None:
        return []
    known = set(record.comments) if record else set()
    return [comment for comment in item.comments if comment.source_id not in known]


def keep_comments(item: SourcePost, record: ImportedPost) -> int:
    """Bring in the comments that are new, remember them, and return how many they are."""
    new = new_comments(item, record)
    if not new or record.page is None:
        return 0
    bring_in(record.page, [_old(comment, item) for comment in new])
    record.comments = [*record.comments, *(comment.source_id for comment in new)]
    record.save(update_fields=["comments"])
    return len(new)


def _old(comment: SourceComment, item: SourcePost) -> OldComment:
    return OldComment(
        key=_key(comment.source_id, item),
        name=comment.author,
        email=comment.email,
        text=comment.text,
        written_at=comment.published or item.published or timezone.now(),
        is_approved=comment.is_approved,
        parent=_key(comment.parent, item) if comment.parent else None,
    )


def _key(comment_id: str, item: SourcePost) -> uuid.UUID:
    """Return the same key whenever the same comment is read."""
    return uuid.uuid5(uuid.NAMESPACE_URL, f"{item.source_id}#comment-{comment_id}")
