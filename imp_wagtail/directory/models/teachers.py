"""Teachers as the public may see them."""

import uuid

from django.db import models
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.images import get_image_model_string

from imp_wagtail.core.dates import long_date
from imp_wagtail.core.fields import CountryField, FoldedField, LanguageField
from imp_wagtail.core.localities import country_name, language_name
from imp_wagtail.core.words import in_a_row
from imp_wagtail.participants.models import Participant

from ..querysets import TeacherQuerySet, ends_soon_by, is_current, stale_before
from .consents import Consent, Purpose
from .towns import Town


class Teacher(models.Model):
    """A public directory entry. Shown with consent and standing, while it has neither run out nor is suspended."""

    class Spot(models.IntegerChoices):
        """How exactly a place on the map is given, in kilometres; nothing more exact is stored."""

        TOWN = 0, _("the town")
        KM_2 = 2, _("a point, to 2 km")
        KM_5 = 5, _("a point, to 5 km")
        KM_20 = 20, _("a point, to 20 km")

    #: What it is called in the feed, for good.
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    participant = models.OneToOneField(
        Participant, on_delete=models.CASCADE, related_name="teacher", verbose_name=_("participant")
    )
    slug = models.SlugField(_("address"), max_length=120, unique=True, allow_unicode=True)
    name = models.CharField(_("public name"), max_length=160)
    #: For finding and sorting, the same on every database.
    folded_name = FoldedField(of="name", max_length=200)
    town = models.CharField(_("town"), max_length=120, blank=True)
    country = CountryField()
    #: The town as the table of towns knows it, for finding who is near; ``None`` where it is in no table.
    located_in = models.ForeignKey(
        Town,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("town in the table of towns"),
    )
    spot = models.PositiveSmallIntegerField(_("place on the map"), choices=Spot, default=Spot.TOWN)
    #: The point, blurred already; ``None`` where the town stands for it.
    latitude = models.FloatField(_("latitude"), null=True, blank=True)
    longitude = models.FloatField(_("longitude"), null=True, blank=True)
    about = models.TextField(_("about"), blank=True, help_text=_("A few sentences, plain text."))
    website = models.URLField(_("website"), blank=True)
    photo = models.ForeignKey(
        get_image_model_string(),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("photo"),
    )
    teaches_online = models.BooleanField(_("teaches online"), default=False)
    teaches_in_person = models.BooleanField(_("teaches in person"), default=True)
    #: Staff's decision that somebody is listed who completed no pathway here; the history says who decided.
    recognised_on = models.DateField(_("recognised on"), null=True, blank=True)
    recognised_why = models.CharField(_("why recognised"), max_length=500, blank=True)
    #: The last day of the listing; ``None`` where listings do not run out.
    listed_until = models.DateField(_("listed until"), null=True, blank=True)
    #: When the teacher last declared that all of it is still so.
    renewed_on = models.DateField(_("renewed on"), null=True, blank=True)
    suspended_on = models.DateField(_("suspended on"), null=True, blank=True)
    suspended_why = models.CharField(_("why suspended"), max_length=500, blank=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    objects = TeacherQuerySet.as_manager()

    class Meta:
        verbose_name = _("teacher")
        verbose_name_plural = _("teachers")
        ordering = ["folded_name", "pk"]
        indexes = [
            models.Index(fields=["folded_name", "id"]),
            models.Index(fields=["country", "folded_name"]),
            models.Index(fields=["listed_until"]),
        ]

    def __str__(self) -> str:
        return self.name

    @cached_property
    def current_consents(self) -> list[Consent]:
        """The consents that count today; the rule of ``ConsentQuerySet.current``. ``for_staff()`` fetches them."""
        return list(self.consents.current())

    def consent_to(self, purpose: str) -> Consent | None:
        """The consent to a purpose that counts today, the latest of several; ``None`` if there is none."""
        return next((consent for consent in reversed(self.current_consents) if consent.purpose == purpose), None)

    def agrees_to(self, purpose: str) -> bool:
        """Whether consent to a purpose counts today; the rule of ``querysets.with_consent``."""
        return self.consent_to(purpose) is not None

    @property
    def has_consent(self) -> bool:
        """Whether there is consent to a public profile, without which there is nothing."""
        return self.agrees_to(Purpose.PROFILE)

    @property
    def has_standing(self) -> bool:
        """Whether a completed pathway or staff's decision opens the directory; the rule of ``with_standing``."""
        return self.recognised_on is not None or any(
            enrolment.may_be_listed for enrolment in self.participant.enrolments.all()
        )

    @property
    def has_run_out(self) -> bool:
        """Whether the listing's last day has passed; the rule of ``querysets.not_run_out``."""
        return not is_current(self.listed_until)

    @property
    def is_suspended(self) -> bool:
        """Whether staff took it out for the time being; the rule of ``querysets.not_suspended``."""
        return self.suspended_on is not None

    @property
    def is_listed(self) -> bool:
        """Whether the public sees this entry; the rule of ``TeacherQuerySet.listed``."""
        return self.has_consent and self.has_standing and not self.has_run_out and not self.is_suspended

    @property
    def why_not_listed(self) -> list[str]:
        """What keeps this entry from the public, in words; empty for a listed one."""
        reasons = []
        if self.is_suspended:
            reasons.append(_("suspended since %(date)s") % {"date": long_date(self.suspended_on)})
        if not self.has_consent:
            reasons.append(self._why_no_consent)
        if not self.has_standing:
            reasons.append(_("no completed pathway"))
        if self.has_run_out:
            reasons.append(_("not renewed, ran out on %(date)s") % {"date": long_date(self.listed_until)})
        return [str(reason) for reason in reasons]

    @property
    def was_asked(self) -> bool:
        """Whether consent to a public profile was ever recorded; the rule of ``querysets.was_asked``."""
        return bool(self._profile_consents)

    @property
    def agreed_to_earlier_text(self) -> bool:
        """Whether the consent on record counts no more for its wording; the rule of ``querysets.to_earlier_text``."""
        return not self.has_consent and any(consent.ended_on is None for consent in self._profile_consents)

    @property
    def ends_soon(self) -> bool:
        """Whether the listing is to be renewed; the rule of ``TeacherQuerySet.ending_soon``."""
        return self.is_listed and self.listed_until is not None and self.listed_until <= ends_soon_by()

    @property
    def is_stale(self) -> bool:
        """Whether it was neither changed nor renewed for a year; the rule of ``TeacherQuerySet.stale``."""
        days = (self.renewed_on, timezone.localtime(self.updated_at).date())
        return all(day is None or day < stale_before() for day in days)

    @property
    def _profile_consents(self) -> list[Consent]:
        return [consent for consent in self.consents.all() if consent.purpose == Purpose.PROFILE]

    @property
    def _why_no_consent(self) -> str:
        if not self.was_asked:
            return str(_("no consent on record"))
        if self.agreed_to_earlier_text:
            return str(_("consent was given to an earlier text"))
        ended_on = max(consent.ended_on for consent in self._profile_consents)
        return str(_("consent ended on %(date)s") % {"date": long_date(ended_on)})

    @property
    def listing_in_words(self) -> str:
        """“Listed”, or “Not listed” and why."""
        reasons = in_a_row(self.why_not_listed)
        return str(_("Not listed: %(reasons)s") % {"reasons": reasons} if reasons else _("Listed"))

    @property
    def place(self) -> str:
        """Town and country in the reader's language."""
        return in_a_row((self.town, country_name(self.country)))

    @property
    def language_names(self) -> list[str]:
        """Names of the languages taught in, in the reader's language."""
        return [language_name(row.language) for row in self.languages.all()]


class TeacherLanguage(models.Model):
    """A language that somebody teaches in."""

    teacher = models.ForeignKey(Teacher, on_delete=models.CASCADE, related_name="languages")
    language = LanguageField()

    class Meta:
        verbose_name = _("language")
        verbose_name_plural = _("languages")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["teacher", "language"], name="imp_teacher_language_once")]
        indexes = [models.Index(fields=["language", "teacher"])]

    def __str__(self) -> str:
        return language_name(self.language)
