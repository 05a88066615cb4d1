"""What the announcement of a training says. Whatever names the training elsewhere reads it from here."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from wagtail.fields import RichTextField

from imp_wagtail.core.dates import date_range, time_of_day, zone_name
from imp_wagtail.core.fields import CountryField, LanguagesField, language_names
from imp_wagtail.core.localities import country_name
from imp_wagtail.core.words import in_a_row
from imp_wagtail.pathways.models import Pathway

from ..blocks import TEXT_FEATURES, BodyBlock, BodyField
from ..fields import DayEndField
from ..rules import TAKING, Format, State, Status, state_of, zone_choices

#: Years in which a training can be. Calendars know the years around it too, and have an end.
YEARS = range(1900, 3000)
FORMATS = dict(Format.choices)
#: The preview of a training as it will be read when it is over.
WHEN_OVER = "when-over"
#: What is wrong, by the fields that it is to be told at.
Errors = dict[str, Promise]


class ReadMixin:
    """What a form could read of a record, and what it could not."""

    #: Fields in which something was given that is no value of theirs. Each says so itself.
    unreadable: frozenset[str] = frozenset()

    def is_given(self, *names: str) -> bool:
        """Whether there is something in one of these fields, be it right or wrong."""
        return any(getattr(self, name) or name in self.unreadable for name in names)


class WhenMixin(ReadMixin, models.Model):
    """The days of a training, in the time zone of the place where it is held."""

    starts = models.DateField(_("first day"))
    ends = models.DateField(_("last day"))
    year_only = models.BooleanField(
        _("only the year is known"),
        default=False,
        help_text=_("For trainings of long ago: the year alone is shown."),
    )
    start_time = models.TimeField(_("begins at"), null=True, blank=True, help_text=_("On the first day."))
    end_time = models.TimeField(_("ends at"), null=True, blank=True, help_text=_("On the last day."))
    time_zone = models.CharField(
        _("time zone"),
        max_length=64,
        choices=zone_choices,
        blank=True,
        help_text=_("Of the place where it is held. Empty: this site's own."),
    )
    #: The dates that were announced before the training was moved.
    previous_starts = models.DateField(_("first day before it was moved"), null=True, blank=True)
    previous_ends = models.DateField(_("last day before it was moved"), null=True, blank=True)
    first_day_ends_at = DayEndField(of="starts")
    last_day_ends_at = DayEndField(of="ends")
    #: Whether it is shown as if it were over already; only ever in a preview.
    is_seen_when_over = False

    class Meta:
        abstract = True

    def when_errors(self) -> Errors:
        """Days and times that are not in their order."""
        errors: Errors = {}
        for name in ("starts", "ends"):
            if (day := getattr(self, name)) and day.year not in YEARS:
                errors[name] = _("This year is a slip of the pen.")
        if self.starts and self.ends and self.ends < self.starts:
            errors["ends"] = _("The last day cannot come before the first day.")
        if self.start_time and self.end_time and self.starts == self.ends and self.end_time <= self.start_time:
            errors["end_time"] = _("It must end after it begins.")
        if self.end_time and not self.is_given("start_time"):
            errors["start_time"] = _("Say at what time it begins as well.")
        if self.year_only and (self.start_time or self.end_time):
            errors["year_only"] = _("A time of day is given. Take it out, or untick this.")
        return errors

    @property
    def zone(self) -> ZoneInfo:
        """The time zone of the place; the site's own where none is chosen."""
        return ZoneInfo(self.time_zone or timezone.get_default_timezone_name())

    @property
    def today(self) -> dt.date:
        """The day that it is now at the place of the training."""
        return timezone.localdate(timezone=self.zone)

    @property
    def is_over(self) -> bool:
        """Whether the last day has passed, where the training is held; the rule of ``TrainingQuerySet.past``."""
        return self.is_seen_when_over or self.ends < self.today

    @property
    def has_moved(self) -> bool:
        """Whether other dates were announced before."""
        return self.previous_starts is not None

    @property
    def dates(self) -> str:
        """First to last day in the reader's language: "21–30 October 2027"; the year alone if no more is known."""
        if self.year_only:
            return str(self.starts.year)
        return date_range(self.starts, self.ends)

    @property
    def previous_dates(self) -> str:
        """The dates from which it was moved; empty where it was not."""
        return date_range(self.previous_starts, self.previous_ends) if self.previous_starts else ""

    @property
    def begins(self) -> str:
        """When it begins on the first day, as clocks there show it: "17:00"; empty where that is not said."""
        return time_of_day(self.start_time) if self.start_time else ""

    @property
    def finishes(self) -> str:
        """When it ends on the last day: "13:00"; empty where that is not said."""
        return time_of_day(self.end_time) if self.end_time else ""

    @property
    def zone_name(self) -> str:
        """The name of the clock that is meant, on the first day: "British Summer Time"."""
        noon = dt.datetime.combine(self.starts, self.start_time or dt.time(12), tzinfo=self.zone)
        return zone_name(noon)

    @property
    def days(self) -> int:
        """Calendar days from the first to the last, both counted."""
        return (self.ends - self.starts).days + 1


class WhereMixin(ReadMixin, models.Model):
    """Where a training is held, how, and in which languages."""

    venue = models.CharField(_("venue"), max_length=160, blank=True)
    town = models.CharField(_("town"), max_length=120, blank=True)
    country = CountryField(blank=True)
    format = models.CharField(_("format"), max_length=20, choices=Format, default=Format.RESIDENTIAL)
    languages = LanguagesField(blank=True)

    class Meta:
        abstract = True

    def where_errors(self) -> Errors:
        """No place, where people are to meet."""
        if self.is_online or self.is_given("town", "venue"):
            return {}
        return {"venue": _("Say where people meet: a venue or a town. Only an online training has neither.")}

    @property
    def place(self) -> str:
        """Venue, town and country, as far as they are known: "Ammerdown, United Kingdom"; empty if online only."""
        parts = [self.venue, self.town, country_name(self.country) if self.country else ""]
        return in_a_row(dict.fromkeys(parts))

    @property
    def format_in_words(self) -> str:
        """How it is held, in the reader's language. Django's own display compares all choices in words each time."""
        return str(FORMATS.get(self.format, self.format))

    @property
    def is_online(self) -> bool:
        """Whether nobody travels."""
        return self.format == Format.ONLINE

    @property
    def language_names(self) -> list[str]:
        return language_names(self.languages)


class ApplyingMixin(ReadMixin, models.Model):
    """Who a training is for, how many there can be, and how one applies."""

    audience = RichTextField(
        _("who it is for"),
        blank=True,
        features=TEXT_FEATURES,
        help_text=_("The prerequisites come from the pathway and need not be repeated."),
    )
    capacity = models.PositiveSmallIntegerField(_("places"), null=True, blank=True)
    price_includes = RichTextField(_("what the price includes"), blank=True, features=TEXT_FEATURES)
    status = models.CharField(
        _("status"),
        max_length=20,
        choices=Status,
        default=Status.ANNOUNCED,
        help_text=_("That it is over, or that its applications are closed, follows from the dates."),
    )
    notice = models.CharField(
        _("notice"),
        max_length=250,
        blank=True,
        help_text=_("Shown at the top: why it is cancelled or moved, and what that means for those who applied."),
    )
    application_opens = models.DateField(_("applications from"), null=True, blank=True)
    application_closes = models.DateField(_("applications until"), null=True, blank=True)
    application_url = models.URLField(_("application link"), blank=True)
    application_email = models.EmailField(_("application e-mail"), blank=True)

    class Meta:
        abstract = True

    def application_errors(self) -> Errors:
        """A period that is not in its order, or no way to apply where applications are taken."""
        errors: Errors = {}
        opens, closes = self.application_opens, self.application_closes
        if opens and closes and closes < opens:
            errors["application_closes"] = _("Applications cannot end before they begin.")
        if closes and self.ends and closes > self.ends:
            errors["application_closes"] = _("Applications cannot be taken when the training is over.")
        if self.capacity == 0:
            errors["capacity"] = _("Give the number of places, or nothing.")
        if self.status in TAKING and not self.is_given("application_url", "application_email"):
            errors["status"] = _("Give a link or an e-mail address at which people apply, or choose another status.")
        return errors

    @property
    def state(self) -> State:
        """What readers are told: ``rules.state_of`` today, at the place of the training."""
        return state_of(
            self.status,
            today=self.today,
            is_over=self.is_over,
            opens=self.application_opens,
            closes=self.application_closes,
        )

    @property
    def state_in_words(self) -> str:
        """The state in the reader's language: "Waiting list"."""
        return capfirst(str(self.state.label))

    @property
    def takes_applications(self) -> bool:
        """Whether one may apply now, be it for the waiting list."""
        return self.state in (State.OPEN, State.WAITING_LIST)

    @property
    def is_cancelled(self) -> bool:
        return self.status == Status.CANCELLED


class TrainingPageMixin(WhenMixin, WhereMixin, ApplyingMixin, models.Model):
    """The announcement of a training, for page types of one's own too."""

    summary = models.TextField(_("summary"), blank=True, help_text=_("One or two sentences for lists."))
    pathway = models.ForeignKey(
        Pathway,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("pathway"),
        help_text=_("The pathway that this training belongs to; its prerequisites are shown."),
    )
    body = BodyField(BodyBlock(), blank=True, verbose_name=_("body"))
    report = BodyField(
        BodyBlock(),
        blank=True,
        verbose_name=_("report"),
        help_text=_("How it was. Shown with the pictures once the training is over."),
    )

    class Meta:
        abstract = True

    def clean(self) -> None:
        """Whatever is wrong with it, all told at once."""
        super().clean()
        where = {} if self.year_only else self.where_errors()
        if errors := {**self.when_errors(), **where, **self.application_errors()}:
            raise ValidationError(errors)

    @property
    def preview_modes(self) -> list[tuple[str, str | Promise]]:
        """As it is read today first, and as it will be once it is over: with its report and pictures."""
        return [*super().preview_modes, (WHEN_OVER, _("When it is over"))]

    def make_preview_request(
        self, original_request: HttpRequest | None = None, preview_mode: str | None = None, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Be over, where it is asked for so. Nothing is stored of that."""
        self.is_seen_when_over = preview_mode == WHEN_OVER
        return super().make_preview_request(original_request, preview_mode, *args, **kwargs)

    @property
    def is_looked_back_on(self) -> bool:
        """Whether report and pictures are shown: it took place, and is over."""
        return self.state == State.OVER
