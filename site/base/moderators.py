"""What Moderators, the office, may do: given to them by migrations."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.migrations import RunPython


def permit(app_label: str, permissions: Mapping[str, Sequence[str]]) -> RunPython:
    """Return an operation that lets Moderators do this: names of models with "add", "view", …

    Django makes permissions after the last migration, so those that are missing are made here.
    """

    def forwards(apps: Any, schema_editor: Any) -> None:
        content_types = apps.get_model("contenttypes", "ContentType").objects
        groups = apps.get_model("auth", "Group").objects.filter(name="Moderators")
        for model, actions in permissions.items():
            content_type, _ = content_types.get_or_create(app_label=app_label, model=model)
            name = apps.get_model(app_label, model)._meta.verbose_name
            for action in actions:
                permission, _ = apps.get_model("auth", "Permission").objects.get_or_create(
                    content_type=content_type,
                    codename=f"{action}_{model}",
                    defaults={"name": f"Can {action} {name}"},
                )
                for group in groups:
                    group.permissions.add(permission)

    return RunPython(forwards, RunPython.noop)
