"""The page of a job: how far it is, what was left out and why, and how it is driven on or cancelled."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_POST
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from . import jobs
from .models import Job


def job_url(job: Job) -> str:
    return reverse("imp_jobs:job", args=[job.pk])


def own_job(request: HttpRequest, pk: int) -> Job:
    """A job of the user's own; those of others, which name people, are for superusers only.

    Refused to whoever has lost the rights that its work asks for.
    """
    if not request.user.has_perm("wagtailadmin.access_admin"):
        raise PermissionDenied
    everybodys = Job.objects.all() if request.user.is_superuser else Job.objects.filter(created_by=request.user)
    job = get_object_or_404(everybodys, pk=pk)
    if not request.user.has_perms(jobs.work_of(job).permissions):
        raise PermissionDenied
    return job


def status_context(job: Job, user: Any) -> dict[str, Any]:
    work = jobs.work_of(job)
    return {
        "job": job,
        "summary": work.summary() if job.is_over else "",
        "links": work.links(user) if job.is_over else [],
        "has_stopped": jobs.has_stopped(job),
        "unchanged": job.position - job.changed - job.left_out,
    }


class JobView(WagtailAdminTemplateMixin, TemplateView):
    """How far a job is. It survives a reload, and being left and come back to."""

    template_name = "imp_core/admin/job.html"
    header_icon = "tasks"

    def dispatch(self, request: HttpRequest, *args: Any, pk: int, **kwargs: Any) -> HttpResponse:
        self.job = own_job(request, pk)
        return super().dispatch(request, *args, **kwargs)

    def get_page_title(self) -> str:
        return self.job.title

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.job.title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, **status_context(self.job, self.request.user))


@require_POST
def go_on(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the next step of a job that waits for somebody to ask; the page's script wants the status only."""
    job = own_job(request, pk)
    jobs.push_on(job)
    if "fragment" in request.GET:
        return TemplateResponse(request, "imp_core/admin/job_status.html", status_context(job, request.user))
    return redirect(job_url(job))


def status(request: HttpRequest, pk: int) -> HttpResponse:
    """How far a job is, for the page's script."""
    context = status_context(own_job(request, pk), request.user)
    return TemplateResponse(request, "imp_core/admin/job_status.html", context)


@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    job = own_job(request, pk)
    jobs.cancel(job)
    return redirect(job_url(job))


urlpatterns: list[URLPattern] = [
    path("<int:pk>/", JobView.as_view(), name="job"),
    path("<int:pk>/status/", status, name="status"),
    path("<int:pk>/go-on/", go_on, name="go_on"),
    path("<int:pk>/cancel/", cancel, name="cancel"),
]
