"""Who wrote old posts: people with a page, drafts of pages for those without, and plain names."""

import re
from itertools import accumulate

from base.models import OrganisationSettings, PeopleIndexPage, PersonPage, User
from blog.models import BlogPageAuthor
from blog.models.post import AND

from ..models import ImportedAuthor
from ..preparing import LONGEST_BYLINE, shortened
from .addresses import free_person_slug

NOBODY = {"admin", "administrator", "anonymous", "editor", "guest", "staff", "webmaster"}
LONGEST_KEY = 255


class Authors:
    """Knows the people of the site, and makes a draft of a page for each new name, once.

    A name gets no page where it is the organisation's own, where staff deleted the page that was
    made for it, or where the user may not add people.
    """

    def __init__(self, user: User | None = None) -> None:
        self.user = user
        self.index = PeopleIndexPage.objects.order_by("-live", "path").first()
        if self.index and user and not self.index.permissions_for_user(user).can_add_subpage():
            self.index = None
        self.organisation = {
            key
            for organisation in OrganisationSettings.objects.all() or [OrganisationSettings()]
            for key in beginnings(organisation.organisation_name)
        }
        people = PersonPage.objects.order_by("-path").defer("body")
        made = ImportedAuthor.objects.select_related("person")
        self.people: dict[str, PersonPage | None] = {author.name: author.person for author in made}
        self.people |= {key_of(person.title): person for person in people}

    def without_a_page(self, names: tuple[str, ...]) -> list[str]:
        """Return the names for which a draft of a page is to be made."""
        return [name for name in names if self._is_new(name)]

    def credit(self, names: tuple[str, ...]) -> tuple[list[BlogPageAuthor], str]:
        """Return the authors of a post, and its byline: the names to be shown without a link.

        Somebody whose page is yet to be published is in both. Whose page was public once, staff
        decide: such a name is shown with its page or not at all.
        """
        authors: dict[int, BlogPageAuthor] = {}
        byline = []
        for name in names:
            person = self._person(name)
            shown = "" if person and was_public(person) else shortened(name, LONGEST_BYLINE)
            if person:
                authors[person.pk] = BlogPageAuthor(person=person, byline_name=shown)
            if shown:
                byline.append(shown)
        return list(authors.values()), shortened(AND.join(byline), LONGEST_BYLINE)

    def _is_new(self, name: str) -> bool:
        key, letters = key_of(name), squeezed(name)
        is_somebody = letters and key not in NOBODY and letters not in self.organisation
        return bool(self.index and is_somebody and key not in self.people)

    def _person(self, name: str) -> PersonPage | None:
        """Return somebody's page, made as a draft if there is none yet."""
        if self._is_new(name):
            self.people[key_of(name)] = self._make(name)
        return self.people.get(key_of(name))

    def _make(self, name: str) -> PersonPage | None:
        """Make a draft, unless another import made it meanwhile."""
        index = PeopleIndexPage.objects.select_for_update().get(pk=self.index.pk)
        made = ImportedAuthor.objects.filter(name=key_of(name)).select_related("person").first()
        if made:
            return made.person
        title = shortened(name, LONGEST_BYLINE)
        person = PersonPage(
            title=title, slug=free_person_slug(title, index), live=False, owner=self.user
        )
        index.add_child(instance=person)
        person.save_revision(user=self.user, clean=False)
        ImportedAuthor.objects.create(name=key_of(name), person=person)
        return person


def was_public(person: PersonPage) -> bool:
    """Whether somebody's page is public, or was."""
    return bool(person.live or person.first_published_at)


def key_of(name: str) -> str:
    """Return what all ways to write a name share."""
    return " ".join(name.split()).casefold()[:LONGEST_KEY]


def squeezed(name: str) -> str:
    """Return the letters and digits of a name alone."""
    return re.sub(r"[\W_]+", "", name).casefold()


def beginnings(name: str) -> list[str]:
    """Return what an organisation may call itself: “Fair Care Ltd” is “faircare” as well."""
    return list(accumulate(word for part in name.split() if (word := squeezed(part))))
