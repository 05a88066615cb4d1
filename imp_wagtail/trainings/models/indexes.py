"""The index of trainings: those to come, and those of earlier years."""

import datetime as dt
from collections import Counter
from dataclasses import replace
from functools import partial
from typing import Any

from django.core.paginator import Page as ListPage
from django.core.paginator import Paginator
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.routable_page.models import path
from wagtail.fields import RichTextField
from wagtail.models import Page

from imp_wagtail.core.pages import DescribedPageMixin, shortened
from imp_wagtail.core.structured import breadcrumbs

from ..calendars.appointments import appointments_below
from ..calendars.files import Appointment
from ..calendars.routes import CalendarMixin
from ..feeds import FeedMixin
from ..machines import index_nodes
from ..querysets import TrainingQuerySet
from .trainings import TrainingPage

#: Upcoming trainings on one page, and past ones below them; of a year there are all.
UPCOMING = 24
LATEST_PAST = 6


class ShortWayMixin:
    """Finds the training of an address by one query, and lets it know its parent; Wagtail takes two, and forgets.

    It stands behind ``RoutablePageMixin``, so that the index's own addresses come first.
    """

    def route(self, request: HttpRequest, path_components: list[str]) -> Any:
        training = path_components and self._child(path_components[0])
        if not training:
            return super().route(request, path_components)
        training._cached_parent_obj = self
        return training.route(request, path_components[1:])

    def _child(self, slug: str) -> TrainingPage | None:
        return TrainingPage.objects.right_below([self.path]).filter(slug=slug).first()


class TrainingIndexPageMixin(CalendarMixin, FeedMixin, DescribedPageMixin, ShortWayMixin, models.Model):
    """The list of upcoming and past trainings below it, and those of each year."""

    introduction = RichTextField(_("introduction"), blank=True, features=["bold", "italic", "link", "imp-fact"])

    class Meta:
        abstract = True

    def trainings(self) -> TrainingQuerySet:
        """The trainings of this index, published or not, each once."""
        return TrainingPage.objects.below(self)

    def appointments(self, request: HttpRequest) -> list[Appointment]:
        return appointments_below(self, request)

    def years(self) -> list[dict[str, int]]:
        """The years in which there were trainings, the latest first: ``{"year": 2025, "count": 2}``."""
        # Told apart here: SQLite calls back for the year of each day, which takes longer than to hand them all over.
        first_days = self.trainings().past().order_by().values_list("starts", flat=True)
        counts = Counter(day.year for day in first_days)
        return [{"year": year, "count": counts[year]} for year in sorted(counts, reverse=True)]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add ``upcoming``, a page of them; ``past``, the latest few; the ``years`` that there were any; addresses."""
        context = super().get_context(request, *args, **kwargs)
        # Each is looked up where a template asks for it: the page of a year shows other ones.
        upcoming = SimpleLazyObject(partial(self._upcoming, request))
        structured = SimpleLazyObject(lambda: index_nodes(self, request, upcoming.object_list))
        return {
            **context,
            "meta": replace(self.get_meta(request), structured=structured),
            "upcoming": upcoming,
            "past": SimpleLazyObject(lambda: list(self.trainings().past().for_lists()[:LATEST_PAST])),
            "years": (years := SimpleLazyObject(self.years)),
            "has_more_past": SimpleLazyObject(lambda: sum(year["count"] for year in years) > LATEST_PAST),
            "calendar_url": self.get_calendar_url(request),
            "feed_url": self.get_feed_url(request),
        }

    def _upcoming(self, request: HttpRequest) -> ListPage:
        page = Paginator(self.trainings().upcoming().for_lists(), UPCOMING).get_page(request.GET.get("page"))
        page.object_list = list(page.object_list)
        return page

    @path("years/<int:year>/", name="year")
    def year(self, request: HttpRequest, year: int) -> HttpResponse:
        """The past trainings of one year."""
        is_one = dt.MINYEAR <= year <= dt.MAXYEAR
        past = list(self.trainings().past().filter(starts__year=year).for_lists()) if is_one else []
        if not past:
            raise Http404(gettext("There was no training in this year."))
        heading = gettext("Trainings in %(year)d") % {"year": year}
        address = (self.get_full_url(request) or "") + self.reverse_subpage("year", args=[year])
        meta = replace(
            self.get_meta(request),
            title=heading,
            address=address,
            description=shortened(" · ".join(training.title for training in past)),
            structured=[breadcrumbs(self, request, (heading, address))],
            translations=[],
        )
        overrides = {"year": year, "heading": heading, "past": past, "years": self.years(), "meta": meta}
        return self.render(request, context_overrides=overrides, template="imp_trainings/training_year.html")


class TrainingIndexPage(TrainingIndexPageMixin, Page):
    """The index of trainings."""

    content_panels = [*Page.content_panels, FieldPanel("introduction")]
    subpage_types = ["imp_trainings.TrainingPage"]

    class Meta:
        verbose_name = _("index of trainings")
        verbose_name_plural = _("indexes of trainings")
