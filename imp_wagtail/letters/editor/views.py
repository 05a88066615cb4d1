"""The admin's views of letter templates, where they do other than those of any snippet."""

from collections.abc import Iterable
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import F, QuerySet
from wagtail.models import Locale, Revision
from wagtail.snippets.views.snippets import CreateView, EditView, IndexView, PreviewOnCreateView

from ..models import LetterTemplate
from .forms import new_template


class LetterTemplateIndexView(IndexView):
    """The list of templates, by pathway and stage where nothing else is asked for."""

    def order_queryset(self, queryset: QuerySet[LetterTemplate]) -> QuerySet[LetterTemplate]:
        """The order asked for, then the pathways' own. The wording for every stage comes first on every database."""
        asked = [self.ordering] if self.ordering else []
        return queryset.order_by(*asked, "pathway", F("stage__sort_order").asc(nulls_first=True), "pk")

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(*args, **kwargs)
        find_schedules(context["object_list"])
        return context


def find_schedules(templates: Iterable[LetterTemplate]) -> None:
    """Find what is scheduled of all of these at once: their status asks for it, each by itself."""
    kind = ContentType.objects.get_for_model(LetterTemplate)
    scheduled = {
        revision.object_id: revision
        for revision in Revision.objects.filter(
            base_content_type=kind,
            object_id__in=[str(template.pk) for template in templates],
            approved_go_live_at__isnull=False,
        )
    }
    for template in templates:
        template.scheduled_revision = scheduled.get(str(template.pk))


class LetterTemplateCreateView(CreateView):
    """A new template begins with a sensible heading, wording and a row for who signs."""

    def get_initial_form_instance(self) -> LetterTemplate:
        template = super().get_initial_form_instance() or LetterTemplate(locale=Locale.get_default())
        return template if self.request.method == "POST" else new_template(template)

    def get_preview_url(self) -> str | None:
        """With the language, which the preview of what is not saved yet would not know."""
        url = super().get_preview_url()
        return url and self._set_locale_query_param(url)


class LetterTemplateEditView(EditView):
    """Keeps what is published for as long as a later version waits, also where it is older than its history."""

    def save_instance(self) -> LetterTemplate:
        if self.object.live and self.object.live_revision is None:
            self.object.live_revision = begin_history(self.object.pk)
        return super().save_instance()


def begin_history(pk: int) -> Revision:
    """The revision that is published from now on: what has been published without one.

    Templates from before there were drafts have none, and Wagtail would unpublish such as soon as another version is
    scheduled.
    """
    template = LetterTemplate.objects.get(pk=pk)
    template.save_revision().publish(log_action=False)
    template.refresh_from_db()
    return template.live_revision


class LetterTemplatePreviewOnCreateView(PreviewOnCreateView):
    """The preview of a new template, in its language."""

    def get_object(self) -> LetterTemplate:
        code = self.request.GET.get("locale")
        locale = Locale.objects.filter(language_code=code).first() if code else None
        return LetterTemplate(locale=locale or Locale.get_default())
