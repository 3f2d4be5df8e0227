"""The newsletter, as forms of other apps offer it beside what they are for.

An app registers it by a hook, and forms ask for it:

    @hooks.register("register_newsletter")
    def newsletter(request: HttpRequest) -> Newsletter | None:
        return Newsletter("Send me the newsletter", "Once a month.", ask)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest
from wagtail import hooks

HOOK = "register_newsletter"


@dataclass(frozen=True)
class Newsletter:
    """What stands beside and below a box, which is never ticked already; and what a tick does."""

    label: str
    promise: str
    # Takes the request, an e-mail address, a name and the path of the form. A refusal is kept
    # quiet: the form is about more.
    ask: Callable[[HttpRequest, str, str, str], None]


def newsletter_for(request: HttpRequest) -> Newsletter | None:
    """Return the newsletter that a form may offer; none where there is none to join."""
    offers = (register(request) for register in hooks.get_hooks(HOOK))
    return next(filter(None, offers), None)
