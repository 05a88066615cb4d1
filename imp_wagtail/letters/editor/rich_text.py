"""Merge fields in the rich text editor: chosen from a menu, and marked in the text."""

from typing import Any

from django.utils.translation import gettext_lazy
from wagtail.admin.rich_text.editors.draftail.features import Feature
from wagtail.rich_text.feature_registry import FeatureRegistry

from ..merge import FIELDS

#: As ``wording.FEATURES`` and the script call it.
NAME = "imp-merge-field"

LABELS = {"insert": gettext_lazy("Insert a field"), "unknown": gettext_lazy("There is no such field")}


class MergeFieldFeature(Feature):
    """A menu below the text, and a mark on each field in it. Fields are plain text, so nothing needs converting."""

    def __init__(self) -> None:
        super().__init__(js=["imp_letters/merge-fields.js"])

    def construct_options(self, options: dict[str, Any]) -> None:
        """What the script registers under this name, with the fields in the reader's language."""
        fields = [{"name": name, "meaning": meaning} for name, meaning in FIELDS.items()]
        options.setdefault("controls", []).append({"type": NAME, "fields": fields, "labels": LABELS})
        options.setdefault("decorators", []).append({"type": NAME})


def register_merge_fields(features: FeatureRegistry) -> None:
    """For the hook: not among the default features, because only letters are filled in."""
    features.register_editor_plugin("draftail", NAME, MergeFieldFeature())
