"""What the forms about one entry share."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from imp_wagtail.core.action_views import ActionFormView

from ..models import Teacher
from ..permissions import CHANGE_TEACHERS


def edit_url(teacher: Teacher) -> str:
    return reverse("imp_teachers:edit", args=[teacher.pk])


class TeacherActionView(ActionFormView):
    """A form about one entry; it leads back to the entry."""

    permission = CHANGE_TEACHERS
    header_icon = "globe"
    teacher: Teacher

    def look_up(self, pk: int, **kwargs: Any) -> None:
        self.teacher = get_object_or_404(self.teachers(), pk=pk)

    def teachers(self) -> QuerySet[Teacher]:
        """All entries; locked, where this form is compared with what is stored."""
        if self.is_locking:
            # Without the participant's row: MariaDB locks all that a query joins.
            return Teacher.objects.select_for_update()
        return Teacher.objects.select_related("participant")

    def get_success_url(self) -> str:
        return edit_url(self.teacher)

    def get_lost_url(self) -> str:
        return reverse("imp_teachers:index")

    def get_page_subtitle(self) -> str:
        return str(self.teacher)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("imp_teachers:index"), "label": _("Teachers")},
            {"url": edit_url(self.teacher), "label": self.teacher.name},
            {"url": "", "label": self.get_page_title(), "sublabel": self.get_page_subtitle()},
        ]


class ItemActionView(TeacherActionView):
    """A form about a course or a qualification of an entry; ``model`` says which."""

    model: Any = None
    item: Any = None

    def look_up(self, pk: int, **kwargs: Any) -> None:
        item = get_object_or_404(self.model, pk=pk)
        super().look_up(item.teacher_id)
        # What it says is read once its entry is locked.
        self.item = get_object_or_404(self.model, pk=pk, teacher=self.teacher)
        self.item.teacher = self.teacher


class EditItemView(ItemActionView):
    """Changes what a course or a qualification says."""

    locks = True

    def get_form_kwargs(self) -> dict[str, Any]:
        # A copy: the form writes what was typed into its instance.
        return {**super().get_form_kwargs(), "instance": self.model.objects.get(pk=self.item.pk)}

    def get_page_subtitle(self) -> str:
        return str(self.item)
