"""Pieces of a page that follow from the trainings announced."""

from typing import Any

from wagtail.admin.ui.components import Component

from imp_wagtail.pathways.models import Pathway

from .facts import next_training


class NextTraining(Component):
    """Place and dates of a pathway's next training; renders to nothing while none is announced."""

    template_name = "imp_trainings/components/next_training.html"

    def __init__(self, pathway: Pathway) -> None:
        self.pathway = pathway

    def get_context_data(self, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        training = next_training(self.pathway.key)
        return {"training": training, "request": (parent_context or {}).get("request")}
