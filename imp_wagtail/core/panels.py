"""Panels of forms that several rooms have."""

from typing import Any

from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.admin.panels import InlinePanel, Panel


class WhoseFactsPanel(Panel):
    """Says on a translation where its facts come from; nothing where they are entered.

    The form has ``owner``: the record that owns the facts, ``None`` on that record itself.
    """

    class BoundPanel(Panel.BoundPanel):
        template_name = "imp_core/admin/whose_facts.html"

        def is_shown(self) -> bool:
            return getattr(self.form, "owner", None) is not None

        def get_context_data(self, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
            """Add ``owner``, and the address of its form for whoever may edit it."""
            owner = self.form.owner
            url = AdminURLFinder(self.request.user if self.request else None).get_edit_url(owner)
            return {**super().get_context_data(parent_context), "owner": owner, "owner_edit_url": url}


class SharedRowsPanel(InlinePanel):
    """Rows that are shown, and neither added, moved nor removed, on a translation: its form has ``owner``."""

    class BoundPanel(InlinePanel.BoundPanel):
        @property
        def follows(self) -> bool:
            return getattr(self.form, "owner", None) is not None

        @property
        def template_name(self) -> str:
            return "imp_core/admin/shared_rows.html" if self.follows else super().template_name

        def telepath_pack(self, context: Any) -> tuple[str, list[Any]]:
            """To the editor's scripts, rows that stay are a panel like any other: there is no form for a new one."""
            if not self.follows:
                return super().telepath_pack(context)
            plain = Panel.BoundPanel
            return plain.telepath_adapter_name, [plain.js_opts(self)]
