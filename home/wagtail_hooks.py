from typing import Any

from django.db.models import QuerySet
from wagtail import hooks
from wagtail.permissions import page_permission_policy


@hooks.register("filter_form_submissions_for_user")
def answers_are_for_the_office(user: Any, editable_forms: QuerySet) -> QuerySet:
    """Show what visitors sent to those who may publish; it is not for everybody who writes."""
    publishable = page_permission_policy.instances_user_has_permission_for(user, "publish")
    return editable_forms.filter(pk__in=publishable.values("pk"))
