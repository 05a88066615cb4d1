"""Behind the personal link: the entry with all that its teacher may say of it, and the way out of the directory.

A page with a form, and only what is sent by it does something: programs that look through mail follow links, and
press no buttons.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone, translation
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from imp_wagtail.core.action_views import add_errors
from imp_wagtail.core.translation import supported

from ..actions import locked
from ..models import Purpose, Teacher
from ..presentation import public_url
from . import actions
from .endings import what_follows
from .forms import RenewalForm
from .links import EXPIRED, OPEN, opened

#: Statuses of a page behind which there is nothing.
STATUS = {EXPIRED: 410}


# The address itself is what is secret: whoever has it may do this, so that no other site gains by sending the form.
# And browsers name no origin on a page without referrer, which Django's protection would refuse.
@method_decorator([csrf_exempt, never_cache], name="dispatch")
class TeacherLinkView(View):
    """A page for one teacher, in their language."""

    http_method_names = ["get", "head", "post", "options"]
    template_name = ""

    def dispatch(self, request: HttpRequest, *args: Any, token: str, **kwargs: Any) -> HttpResponse:
        self.token = token
        found = opened(token)
        teacher = found.teacher
        language = supported(teacher.participant.language) if teacher else translation.get_language()
        with translation.override(language):
            if teacher:
                response = super().dispatch(request, teacher)
            else:
                response = self.page(found.state, status=STATUS.get(found.state, 404))
            if isinstance(response, TemplateResponse):
                response.render()
        response.headers["X-Robots-Tag"] = "noindex, noarchive"
        response.headers["Referrer-Policy"] = "no-referrer"
        return response

    def page(self, state: str, teacher: Teacher | None = None, status: int = 200, **context: Any) -> HttpResponse:
        """The page; without a teacher it tells nothing."""
        context |= {"state": state, "teacher": teacher, "token": self.token}
        template = self.template_name if teacher else "imp_directory/renew_nothing.html"
        return TemplateResponse(self.request, template, context, status=status)

    def to(self, name: str) -> HttpResponse:
        return redirect(f"imp_directory:{name}", self.token)


class RenewView(TeacherLinkView):
    """The entry, and all that its teacher may say of it."""

    template_name = "imp_directory/renew.html"

    def get(self, request: HttpRequest, teacher: Teacher) -> HttpResponse:
        return self.form_page(teacher, RenewalForm(teacher=teacher))

    def post(self, request: HttpRequest, teacher: Teacher) -> HttpResponse:
        with transaction.atomic():
            # From here on nobody changes it, so that the form is compared with what stands.
            form = RenewalForm(request.POST, teacher=locked(teacher))
            is_valid = form.is_valid()
            if form.leaves:
                return self.to("leave")
            if is_valid and self.does == "back":
                form.keep_all()
                return self.form_page(teacher, form)
            if is_valid and not form.ends_are_meant:
                return self.ask_back(teacher, form)
            if is_valid and self.is_done(teacher, form):
                return self.to("renewed")
        form.focus()
        return self.form_page(Teacher.objects.select_related("participant").get(pk=teacher.pk), form, status=400)

    @property
    def does(self) -> str:
        """What the button says that was pressed: to renew, to save only, or to go back."""
        asked = self.request.POST.get("do")
        return asked if asked in ("save", "back") else "renew"

    def ask_back(self, teacher: Teacher, form: RenewalForm) -> HttpResponse:
        """Say what would end; the page brings the form along, and nothing is stored before it is sent once more."""
        # Hidden there, its fields have no label and no help text to be tied to by an id.
        form.auto_id = False
        response = self.page("ask", teacher, form=form, endings=what_follows(form.endings), does=self.does)
        response.template_name = "imp_directory/renew_end.html"
        return response

    def is_done(self, teacher: Teacher, form: RenewalForm) -> bool:
        """Store what was said, whole or not at all; what is refused stands beside its field then."""
        try:
            # A second click finds all of it said already, and changes nothing.
            actions.answer(teacher, **form.answer, renews=self.does != "save")
        except ValidationError as error:
            add_errors(form, error)
            return False
        return True

    def form_page(self, teacher: Teacher, form: RenewalForm, status: int = 200) -> HttpResponse:
        qualifications = teacher.qualifications.all()
        return self.page(
            OPEN, teacher, status, form=form, qualifications=qualifications, public_url=public_url(teacher)
        )


class LeaveView(TeacherLinkView):
    """Asks once more before somebody leaves the directory, which happens at once."""

    template_name = "imp_directory/renew_leave.html"

    def get(self, request: HttpRequest, teacher: Teacher) -> HttpResponse:
        return self.page("ask" if _has_agreed(teacher) else "left", teacher)

    def post(self, request: HttpRequest, teacher: Teacher) -> HttpResponse:
        actions.leave(teacher)
        return self.to("leave")


class DoneView(TeacherLinkView):
    """What stands after the form was sent; the same whenever it is opened."""

    template_name = "imp_directory/renew_done.html"
    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest, teacher: Teacher) -> HttpResponse:
        agreed = [(purpose.label, teacher.agrees_to(purpose)) for purpose in Purpose]
        return self.page(
            "renewed" if teacher.renewed_on == timezone.localdate() else "saved",
            teacher,
            agreed=agreed,
            public_url=public_url(teacher),
        )


def _has_agreed(teacher: Teacher) -> bool:
    """Whether there is a consent to a public profile that can be ended, to whichever wording."""
    return teacher.consents.to(Purpose.PROFILE).filter(ended_on__isnull=True).exists()
