"""Makes a site that looks lived in, and takes it away again."""

from django.db import transaction

from base.task_backend import once

from .clearing import Cleaner
from .content import References
from .drafts import Say
from .loading import Loader


class DemoSite:
    """The demo's content on the default site.

    `load()` makes what is missing and leaves alone what is there, so that it can run again
    without undoing anybody's edits. `clear()` removes what `load()` made and nobody changed since;
    what staff made or changed stays, with what that needs, and so do the Care Certificate
    standards, which are facts.
    """

    def __init__(self, say: Say = lambda line: None) -> None:
        self.say = say

    def load(self) -> None:
        """Make everything that is missing."""
        with transaction.atomic(), once():
            Loader(self.say, References()).load()

    def clear(self) -> int:
        """Remove what is as `load()` made it, say what stays and why, and count what stays."""
        with transaction.atomic(), once():
            return Cleaner(self.say, References(complete=False)).clear()
