"""Beside the pathway's own screens: whoever changed rules for many people is led to the work that follows."""

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.admin import messages

from imp_wagtail.core.job_views import job_url
from imp_wagtail.core.models import Job
from imp_wagtail.pathways.models import Pathway

from .actions.rules import RecomputeWork


def tell_of_recomputation(request: HttpRequest, snippet: models.Model) -> None:
    """For Wagtail's hook after a snippet was saved: a link to the work that its new rules have started."""
    if not isinstance(snippet, Pathway):
        return
    open_states = [Job.State.WAITING, Job.State.RUNNING]
    own = Job.objects.filter(kind=RecomputeWork.kind, created_by=request.user, state__in=open_states)
    job = own.filter(params__pathway=snippet.source.pk).first()
    if job:
        text = ngettext(
            "The progress of %(n)d person is being worked out anew.",
            "The progress of %(n)d people is being worked out anew.",
            job.total,
        ) % {"n": job.total}
        messages.info(request, text, buttons=[messages.button(job_url(job), _("Follow"))])
