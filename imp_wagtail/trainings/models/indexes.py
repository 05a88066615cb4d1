"""The index of trainings: those to come, and those of earlier years."""

import datetime as dt
from dataclasses import dataclass, replace
from functools import cache, partial
from typing import Any

from django.core.paginator import Page as ListPage
from django.core.paginator import Paginator
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.routable_page.models import path
from wagtail.fields import RichTextField
from wagtail.models import Locale, Page

from imp_wagtail.core.pages import DescribedPageMixin, WithinSiteMixin, shortened, translations_of
from imp_wagtail.core.structured import breadcrumbs

from ..calendars.appointments import appointments_below
from ..calendars.files import Appointment
from ..calendars.routes import CalendarMixin
from ..feeds import FeedMixin
from ..machines import index_nodes
from ..querysets import TrainingQuerySet, paths_of, place_of
from .lookups import dated_since, lately_changed, past, past_of_year, training_at, upcoming, years_of_past
from .trainings import TrainingPage

#: Upcoming trainings on one page, and past ones below them; of a year there are all.
UPCOMING = 24
LATEST_PAST = 6


@dataclass(frozen=True)
class Year:
    """A year in which trainings began that are over: how many, and the address of their page."""

    year: int
    count: int
    address: str

    @property
    def in_words(self) -> str:
        """How many there were: "3 trainings"."""
        return ngettext("%(counter)s training", "%(counter)s trainings", self.count) % {"counter": self.count}


class ShortWayMixin:
    """Finds the training of an address by one query, and lets it know its parent; Wagtail takes two, and forgets.

    It stands behind ``RoutablePageMixin``, so that the index's own addresses come first.
    """

    def route(self, request: HttpRequest, path_components: list[str]) -> Any:
        training = path_components and training_at(self, path_components[0])
        if not training:
            return super().route(request, path_components)
        training._cached_parent_obj = self
        return training.route(request, path_components[1:])


class TrainingIndexPageMixin(CalendarMixin, FeedMixin, DescribedPageMixin, ShortWayMixin, models.Model):
    """The list of upcoming and past trainings below it, and those of each year."""

    introduction = RichTextField(_("introduction"), blank=True, features=["bold", "italic", "link", "imp-fact"])

    #: What the pages of its trainings are.
    training_model = TrainingPage

    class Meta:
        abstract = True

    def trainings(self) -> TrainingQuerySet:
        """The trainings of this index, published or not, each once."""
        return self.trainings_at(*place_of(self))

    @classmethod
    def trainings_at(cls, paths: tuple[str, ...], locale: Locale | None) -> TrainingQuerySet:
        """The same of an index with these paths, in this language. A type that lists others says here which ones.

        Nothing else may decide about it: the queries that lists make of it are composed once a day.
        """
        return TrainingPage.objects.below_paths(paths, locale)

    def lately_changed(self, most: int) -> list[TrainingPage]:
        """The trainings that were published, or published anew, last."""
        return lately_changed(self, most)

    def dated_since(self, moment: dt.datetime) -> list[TrainingPage]:
        """The trainings of which the days are known, and which were not over at a moment."""
        return dated_since(self, moment)

    def appointments(self, request: HttpRequest) -> list[Appointment]:
        return appointments_below(self, request)

    def years(self, request: HttpRequest) -> tuple[Year, ...]:
        """The years in which trainings were, the latest first."""
        own = self.get_url(request) or ""
        found = years_of_past(self)
        return tuple(Year(year, count, own + self.reverse_subpage("year", args=[year])) for year, count in found)

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
            "past": SimpleLazyObject(lambda: past(self, LATEST_PAST)),
            "years": (years := cache(partial(self.years, request))),
            "has_more_past": SimpleLazyObject(lambda: sum(year.count for year in years()) > LATEST_PAST),
            "calendar_url": self.get_calendar_url(request),
            "feed_url": self.get_feed_url(request),
        }

    def _upcoming(self, request: HttpRequest) -> ListPage:
        first = upcoming(self, UPCOMING + 1)
        # As a rule there is but one page, and nothing to be counted.
        trainings = first if len(first) <= UPCOMING else self.trainings().upcoming().for_lists()
        page = Paginator(trainings, UPCOMING).get_page(request.GET.get("page"))
        page.object_list = first[:UPCOMING] if page.number == 1 else list(page.object_list)
        return page

    @path("years/<int:year>/", name="year")
    def year(self, request: HttpRequest, year: int) -> HttpResponse:
        """The past trainings of one year."""
        is_one = dt.MINYEAR <= year <= dt.MAXYEAR
        trainings = past_of_year(self, year) if is_one else []
        if not trainings:
            raise Http404(gettext("There was no training in this year."))
        heading = gettext("Trainings in %(year)d") % {"year": year}
        meta = self.get_meta(request)
        meta = replace(
            meta,
            title=heading,
            description=shortened(" · ".join(training.title for training in trainings)),
            structured=[breadcrumbs(self, request, (heading, meta.address))],
            translations=SimpleLazyObject(partial(translations_of, self, request, partial(self._having, year))),
        )
        overrides = {"year": year, "heading": heading, "past": trainings, "years": self.years(request), "meta": meta}
        return self.render(request, context_overrides=overrides, template="imp_trainings/training_year.html")

    def _having(self, year: int, indexes: list[Page]) -> list[Page]:
        """Of this index in several languages, the pages on which there were trainings in this year."""
        past = self.trainings_at(paths_of(self), None).past().filter(starts__year=year)
        languages = past.read_in(index.locale for index in indexes)
        return [index for index in indexes if index.locale_id in languages]


class TrainingIndexPage(WithinSiteMixin, TrainingIndexPageMixin, Page):
    """The index of trainings."""

    content_panels = [
        *Page.content_panels,
        FieldPanel("introduction", help_text=_("One or two sentences below the title.")),
    ]
    page_description = _("Lists the trainings below it: those to come, and those of earlier years.")
    subpage_types = ["imp_trainings.TrainingPage"]

    class Meta:
        verbose_name = _("index of trainings")
        verbose_name_plural = _("indexes of trainings")
