from wagtail.contrib.forms.views import SubmissionsListView

from base.exports import SafeExportMixin


class AnswersView(SafeExportMixin, SubmissionsListView):
    """Lists what was sent through a form; what staff download is safe to open."""
