from __future__ import annotations

from collections.abc import Collection

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F
from wagtail.admin.panels import FieldPanel
from wagtail.documents import get_document_model

from .words import LONGEST_WORD, compounds_in, words_in

DOCUMENTS = "Documents"
WEIGHED = (
    "found_as",
    "content_type_id",
    "object_id",
    "title_stems",
    "summary_stems",
    "label_stems",
    "text_stems",
    "length",
    "dated_at",
    "ages",
    "replacement_id",
)


def vocabulary_of(text: str) -> set[str]:
    """Return the different words of a text, in small letters, with those written with hyphens."""
    words = {word.text.lower() for word in words_in(text)}
    words.update(compound.lower() for compound in compounds_in(text))
    return {word for word in words if len(word) <= LONGEST_WORD}


class EntryManager(models.Manager["Entry"]):
    """Entries as the search asks for them."""

    def of_pages(self, keys: Collection[str]) -> models.QuerySet[Entry]:
        """Return the entries of pages."""
        documents = ContentType.objects.get_for_model(get_document_model())
        return self.filter(object_id__in=keys).exclude(content_type=documents)

    def to_weigh(self, keys: Collection[int]) -> list[Entry]:
        """Return entries with what weighing them needs, and no more."""
        return list(self.filter(pk__in=keys).only(*WEIGHED))


class Entry(models.Model):
    """What a visitor may find: one page or document that everybody may read.

    It stands beside the entry of Wagtail's index, which says what is found; this one says how well
    it answers and what of it is shown. What nobody may find has none.
    """

    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE, related_name="+")
    object_id = models.CharField(max_length=50)
    found_as = models.CharField(max_length=30)
    title = models.CharField(max_length=255)
    summary = models.TextField()
    # The names under which it is filed: topics, standards.
    labels = models.TextField()
    text = models.TextField()
    # The same four as stems (`words.stems_of`).
    title_stems = models.TextField()
    summary_stems = models.TextField()
    label_stems = models.TextField()
    text_stems = models.TextField()
    length = models.PositiveIntegerField(help_text="Words of the text.")
    dated_at = models.DateTimeField(null=True)
    ages = models.BooleanField()
    replacement_id = models.PositiveBigIntegerField(null=True)

    objects = EntryManager()
    wagtail_reference_index_ignore = True

    class Meta:
        # What is counted by kind is read in the index alone.
        indexes = [
            models.Index(
                fields=["content_type", "object_id", "found_as"], name="search_entry_counted"
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["content_type", "object_id"], name="search_entry_once_an_object"
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def words(self) -> set[str]:
        """Every word of it, as the vocabulary counts them."""
        return vocabulary_of(f"{self.title} {self.summary} {self.labels} {self.text}")


class Term(models.Model):
    """A word that can be found, or one with hyphens, and in how many entries."""

    word = models.CharField(max_length=100, primary_key=True)
    entries = models.IntegerField(default=0)
    edition = models.PositiveBigIntegerField()

    wagtail_reference_index_ignore = True

    def __str__(self) -> str:
        return self.word


class EditionManager(models.Manager["Edition"]):
    """Counts the changes of what can be found."""

    def current(self) -> int:
        """Return the number of the last change."""
        return self.values_list("number", flat=True).first() or 0

    def begin(self) -> int:
        """Return the number of a change, which every other one waits for until it is committed."""
        with transaction.atomic():
            edition, _ = self.select_for_update().get_or_create(pk=1)
            self.update(number=F("number") + 1)
            return edition.number + 1


class Edition(models.Model):
    """The number of the last change. What is kept in memory is good as long as it stays."""

    number = models.PositiveBigIntegerField(default=0)

    objects = EditionManager()

    def __str__(self) -> str:
        return str(self.number)


class Synonym(models.Model):
    """Other words for the same thing. A change takes effect with the next search."""

    word = models.CharField(
        "word or words",
        max_length=100,
        unique=True,
        help_text="What people type, for example “MCA”. Capital letters make no difference.",
    )
    means = models.CharField(
        "also look for",
        max_length=300,
        help_text="What the pages say, for example “Mental Capacity Act”. Several with commas.",
    )
    both_ways = models.BooleanField(
        default=True,
        help_text=(
            "Ticked, whoever types one of them finds the others. Unticked, only the first finds "
            "the second: right where the second means much more."
        ),
    )

    panels = [FieldPanel("word"), FieldPanel("means"), FieldPanel("both_ways")]

    class Meta:
        ordering = ["word"]

    def __str__(self) -> str:
        return self.word

    def clean(self) -> None:
        """Refuse what holds no word."""
        for field in ("word", "means"):
            if not any(words_in(getattr(self, field))):
                raise ValidationError({field: "This needs a word."})


class SearchTally(models.Model):
    """How often some words were searched for on a day in London, and what came of it."""

    day = models.DateField()
    words = models.CharField(max_length=100)
    searches = models.PositiveIntegerField(default=0)
    clicks = models.PositiveIntegerField(default=0)
    found = models.PositiveIntegerField(default=0, help_text="Results of the last search.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["day", "words"], name="search_tally_once_a_day")
        ]
        indexes = [models.Index(fields=["words"], name="search_tally_words")]

    def __str__(self) -> str:
        return f"{self.words}, {self.day}"
