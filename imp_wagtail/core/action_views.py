"""From a form in the admin to a verb: one short form, one action, the message beside the field that it is about."""

import logging
from contextlib import nullcontext
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from .sending import AlreadySentError, new_token, once, was_sent

logger = logging.getLogger(__name__)


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
    #: Whether what is sent is one transaction from ``look_up`` on, so that a form can be compared with what is stored.
    locks = False
    template_name = "imp_core/admin/action_form.html"
    submit_label = _("Save")
    success_message = ""
    help_text = ""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not (self.permission and request.user.has_perm(self.permission)):
            raise PermissionDenied
        try:
            with transaction.atomic() if self.is_locking else nullcontext():
                self.look_up(**kwargs)
                return super().dispatch(request, *args, **kwargs)
        except Http404:
            if was_sent(request):
                return self.sent_before(self.get_lost_url())
            raise

    @property
    def is_locking(self) -> bool:
        """Whether ``look_up`` locks what it finds, until the transaction of this request ends."""
        return self.locks and self.request.method == "POST"

    def look_up(self, **kwargs: Any) -> None:
        """Find the records that the address names; raise ``Http404`` where there are none."""

    def act(self, data: dict[str, Any]) -> Any:
        """Call the action with the form's cleaned data; ``ValidationError`` goes back into the form."""
        raise NotImplementedError

    def prepare(self, data: dict[str, Any]) -> None:
        """What has to be done ahead of the transaction in which ``act`` is called; ``ValidationError`` as there."""

    def form_valid(self, form: Form) -> HttpResponse:
        try:
            self.prepare(form.cleaned_data)
            with once(self.request):
                self.result = self.act(form.cleaned_data)
        except AlreadySentError:
            return self.sent_before(self.get_success_url())
        except ValidationError as error:
            add_errors(form, error)
            return self.form_invalid(form)
        except IntegrityError:
            # Two who looked whether something was free, and both found it so: the database took the first.
            logger.exception("%s was refused by the database", type(self).__name__)
            form.add_error(
                None, gettext("Somebody else saved the same in this moment, so this was not. Try once more.")
            )
            return self.form_invalid(form)
        self.tell()
        return redirect(self.get_success_url())

    def form_invalid(self, form: Form) -> HttpResponse:
        """What the first click has done may be what a second one is refused for."""
        if was_sent(self.request):
            return self.sent_before(self.get_success_url())
        return super().form_invalid(form)

    def sent_before(self, url: str) -> HttpResponse:
        """Where the second click on a form leads that was acted on."""
        messages.info(self.request, gettext("This had been sent already. It was done once."))
        return redirect(url)

    def get_lost_url(self) -> str:
        """Where it leads when the first has removed what the address names."""
        return reverse("wagtailadmin_home")

    def tell(self) -> None:
        """Say what was done, once it is certain."""
        messages.success(self.request, self.get_success_message())

    def get_success_message(self) -> str:
        return str(self.success_message)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context.update(
            {
                "submit_label": self.submit_label,
                "help_text": self.help_text,
                "once_token": new_token(),
                "cancel_url": self.get_success_url(),
                "media": context["form"].media,
            }
        )
        return context
