"""What the forms about a cohort share, and the forms of its details."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from imp_wagtail.core.action_views import ActionFormView
from imp_wagtail.trainings.models import TrainingPage

from ..models import Cohort
from ..permissions import ADD_COHORTS, CHANGE_COHORTS, cohorts_for
from . import actions as cohort_actions
from . import forms as cohort_forms
from .marks import lock
from .views import cohort_url


class CohortActionView(ActionFormView):
    """A form about one cohort; it leads back there."""

    permission = CHANGE_COHORTS
    header_icon = "group"

    def look_up(self, pk: int, **kwargs: Any) -> None:
        if self.is_locking:
            lock(Cohort(pk=pk))
        self.cohort = get_object_or_404(cohorts_for(self.request.user).select_related("training"), pk=pk)

    def get_success_url(self) -> str:
        return cohort_url(self.cohort) if self.cohort.pk else reverse("imp_cohorts:index")

    def get_page_subtitle(self) -> str:
        return self.cohort.title

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        index = {"url": reverse("imp_cohorts:index"), "label": _("Cohorts")}
        own = [{"url": cohort_url(self.cohort), "label": self.cohort.title}] if self.cohort.pk else []
        return [
            *self.breadcrumbs_items,
            index,
            *own,
            {"url": "", "label": self.get_page_title(), "sublabel": self.cohort.title},
        ]


class PartOfCohortView(CohortActionView):
    """A form about a part of a cohort, which its own first click may have taken away."""

    def get_lost_url(self) -> str:
        return cohort_url(self.cohort) if hasattr(self, "cohort") else reverse("imp_cohorts:index")


class EditCohortView(CohortActionView):
    locks = True
    form_class = cohort_forms.EditCohortForm
    page_title = gettext_lazy("Edit cohort")
    success_message = gettext_lazy("Cohort saved.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "instance": self.cohort}

    def act(self, data: dict[str, Any]) -> Cohort:
        return cohort_actions.save_cohort(self.cohort, facilitators=data["facilitators"], by=self.request.user)


class AddCohortView(EditCohortView):
    """A new cohort; ``?training=`` fills the form in for one of a training."""

    form_class = cohort_forms.CohortForm
    permission = ADD_COHORTS
    page_title = gettext_lazy("New cohort")
    success_message = gettext_lazy("Cohort added.")

    def look_up(self, **kwargs: Any) -> None:
        self.cohort = Cohort()

    def get_initial(self) -> dict[str, Any]:
        key = self.request.GET.get("training", "")
        training = TrainingPage.objects.filter(id=key).first() if key.isdecimal() else None
        return cohort_forms.for_training(training) if training else {}
