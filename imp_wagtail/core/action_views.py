"""From a form in the admin to a verb: one short form, one action, the message beside the field that it is about."""

from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin


def add_errors(form: Form, error: ValidationError) -> None:
    """Put an action's error beside the form's fields; what has no field there stands above the form."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for field, errors in error.error_dict.items():
        form.add_error(field if field in form.fields and field != NON_FIELD_ERRORS else None, errors)


class ActionFormView(WagtailAdminTemplateMixin, FormView):
    """A page of the admin with one form that calls one action.

    Subclasses set ``permission`` (as for ``has_perm``), ``form_class``, ``page_title``, ``submit_label`` and
    ``success_message``, and define ``act(cleaned_data)`` and ``get_success_url()``. Whoever lacks the
    permission is refused before anything is looked up.
    """

    permission = ""
    template_name = "imp_core/admin/action_form.html"
    submit_label = _("Save")
    success_message = ""
    help_text = ""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not (self.permission and request.user.has_perm(self.permission)):
            raise PermissionDenied
        self.look_up(**kwargs)
        return super().dispatch(request, *args, **kwargs)

    def look_up(self, **kwargs: Any) -> None:
        """Find the records that the address names; raise ``Http404`` where there are none."""

    def act(self, data: dict[str, Any]) -> Any:
        """Call the action with the form's cleaned data; ``ValidationError`` goes back into the form."""
        raise NotImplementedError

    def form_valid(self, form: Form) -> HttpResponse:
        try:
            self.result = self.act(form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
            return self.form_invalid(form)
        messages.success(self.request, self.get_success_message())
        return redirect(self.get_success_url())

    def get_success_message(self) -> str:
        return str(self.success_message)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context.update(
            {
                "submit_label": self.submit_label,
                "help_text": self.help_text,
                "cancel_url": self.get_success_url(),
                "media": context["form"].media,
            }
        )
        return context
