from typing import Any


class PreviewFromSite:
    """Lets a block preview what the site already has, or say kindly what is still missing.

    Put it before the block's class, and write the sentence into `Meta.nothing_yet`.
    """

    meta: Any
    render: Any

    def get_preview_context(
        self, value: Any, parent_context: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """Add the sentence where the block would show nothing."""
        context: dict[str, Any] = super().get_preview_context(value, parent_context)  # type: ignore[misc]
        if self.render(value, context).strip():
            return context
        return context | {"nothing_yet": self.meta.nothing_yet}
