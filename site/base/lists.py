"""What every list of wagtail-modeladmin needs and the stock ones lack."""

from typing import Any

from django.db.models import Model, QuerySet
from wagtail_modeladmin.helpers import AdminURLHelper, DjangoORMSearchHandler, PermissionHelper
from wagtail_modeladmin.options import ModelAdmin
from wagtail_modeladmin.views import IndexView

from .exports import SafeExportMixin
from .search_backend import words_of


class WordsSearchHandler(DjangoORMSearchHandler):
    """Looks rows up by the words of staff, however many signs and words a paste holds."""

    def search_queryset(self, queryset: QuerySet, search_term: str, **kwargs: Any) -> QuerySet:
        """Search for the same words as the site's search would."""
        return super().search_queryset(queryset, " ".join(words_of(search_term)), **kwargs)


class NumberURLHelper(AdminURLHelper):
    """Addresses of single rows hold a number; any other address is not found."""

    def _get_object_specific_action_url_pattern(self, action: str) -> str:
        return rf"^{self.base_url_path}/{action}/(?P<instance_pk>[0-9]{{1,18}})/$"


class ReadOnlyPermissionHelper(PermissionHelper):
    """Staff look at the rows, which only services write."""

    def user_can_create(self, user: Any) -> bool:
        """Nobody adds a row by hand."""
        return False

    def user_can_edit_obj(self, user: Any, obj: Model) -> bool:
        """Nobody edits a row by hand."""
        return False

    def user_can_delete_obj(self, user: Any, obj: Model) -> bool:
        """Nobody deletes a row by hand."""
        return False


class GuardedIndexView(SafeExportMixin, IndexView):
    """Lists rows by the filters beside the list, and by nothing else that an address may hold.

    The stock view takes any lookup: `course__owner__password__startswith` would let staff read,
    sign by sign, what only the database knows.
    """

    # Names of filters that take words, and of lookups that take the key of a row.
    CHOICES: tuple[str, ...] = ()
    KEYS: tuple[str, ...] = ()

    def get_filters_params(self, params: Any = None) -> dict[str, list[str]]:
        """Return the parameters of the filters, without those that make no sense."""
        given: dict[str, list[str]] = super().get_filters_params(params)
        return {
            name: values
            for name, values in given.items()
            if name in self.CHOICES
            or (name in self.KEYS and all(value.isdecimal() for value in values))
        }


class RecordAdmin(ModelAdmin):
    """Rows that staff look at, look up and take home as a table, and that only services write."""

    permission_helper_class = ReadOnlyPermissionHelper
    url_helper_class = NumberURLHelper
    index_view_class = GuardedIndexView
    search_handler_class = WordsSearchHandler
    inspect_view_enabled = True
    empty_value_display = ""
