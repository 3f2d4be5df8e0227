from typing import Any

from django.db.models import QuerySet
from wagtail import hooks
from wagtail.permissions import page_permission_policy

from base.personal_data import HOOK, Record

from . import personal_data


@hooks.register(HOOK)
def answers_to_forms() -> Record:
    """What people sent through the site's forms."""
    return Record("Answers to forms", personal_data.export, personal_data.erase)


@hooks.register("filter_form_submissions_for_user")
def answers_are_for_the_office(user: Any, editable_forms: QuerySet) -> QuerySet:
    """Show what visitors sent to those who may publish; it is not for everybody who writes."""
    publishable = page_permission_policy.instances_user_has_permission_for(user, "publish")
    return editable_forms.filter(pk__in=publishable.values("pk"))
