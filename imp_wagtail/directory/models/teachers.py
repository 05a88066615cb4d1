"""Teachers as the public may see them: entry, languages, courses and qualifications."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.images import get_image_model_string

from imp_wagtail.core.dates import date_range, long_date
from imp_wagtail.core.fields import CountryField, FoldedField, LanguageField
from imp_wagtail.core.localities import country_name, language_name
from imp_wagtail.participants.models import Participant

from ..querysets import CourseQuerySet, TeacherQuerySet, is_current


class Teacher(models.Model):
    """A public directory entry. Shown only with consent, and only while its participant's pathway is completed."""

    participant = models.OneToOneField(
        Participant, on_delete=models.CASCADE, related_name="teacher", verbose_name=_("participant")
    )
    slug = models.SlugField(_("address"), max_length=120, unique=True, allow_unicode=True)
    name = models.CharField(_("public name"), max_length=160)
    #: For finding and sorting, the same on every database.
    folded_name = FoldedField(of="name", max_length=200)
    town = models.CharField(_("town"), max_length=120, blank=True)
    country = CountryField()
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
    consented_on = models.DateField(_("consented on"), null=True, blank=True)
    consent_note = models.CharField(
        _("how consent was given"), max_length=240, blank=True, help_text=_("For instance: e-mail of that day.")
    )
    consent_ended_on = models.DateField(_("consent withdrawn on"), null=True, blank=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    objects = TeacherQuerySet.as_manager()

    class Meta:
        verbose_name = _("teacher")
        verbose_name_plural = _("teachers")
        ordering = ["folded_name", "pk"]
        indexes = [
            models.Index(fields=["folded_name", "id"]),
            models.Index(fields=["country", "folded_name"]),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def has_consent(self) -> bool:
        """Whether consent is on record and was not withdrawn; the rule of ``querysets.with_consent``."""
        return self.consented_on is not None and self.consent_ended_on is None

    @property
    def has_standing(self) -> bool:
        """Whether what was completed opens the way into the directory; the rule of ``querysets.with_standing``."""
        return any(enrolment.may_be_listed for enrolment in self.participant.enrolments.all())

    @property
    def is_listed(self) -> bool:
        """Whether the public sees this entry; the rule of ``TeacherQuerySet.listed``."""
        return self.has_consent and self.has_standing

    @property
    def why_not_listed(self) -> list[str]:
        """What keeps this entry from the public, in words; empty for a listed one."""
        reasons = []
        if self.consent_ended_on:
            reasons.append(_("consent ended on %(date)s") % {"date": long_date(self.consent_ended_on)})
        elif not self.has_consent:
            reasons.append(_("no consent on record"))
        if not self.has_standing:
            reasons.append(_("no completed pathway"))
        return [str(reason) for reason in reasons]

    @property
    def listing_in_words(self) -> str:
        """“Listed”, or “Not listed” and why."""
        reasons = ", ".join(self.why_not_listed)
        return str(_("Not listed: %(reasons)s") % {"reasons": reasons} if reasons else _("Listed"))

    @property
    def place(self) -> str:
        """Town and country in the reader's language."""
        return ", ".join(part for part in (self.town, country_name(self.country)) if part)

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


class Course(models.Model):
    """A course that a teacher offers. It leaves the lists by itself when it is over."""

    class Format(models.TextChoices):
        IN_PERSON = "in_person", _("in person")
        ONLINE = "online", _("online")

    teacher = models.ForeignKey(Teacher, on_delete=models.CASCADE, related_name="courses", verbose_name=_("teacher"))
    title = models.CharField(_("title"), max_length=160)
    starts = models.DateField(_("first day"))
    ends = models.DateField(_("last day"), db_index=True)
    format = models.CharField(_("format"), max_length=12, choices=Format, default=Format.IN_PERSON)
    language = LanguageField()
    place = models.CharField(_("place"), max_length=160, blank=True)
    url = models.URLField(_("link"), blank=True)

    objects = CourseQuerySet.as_manager()

    class Meta:
        verbose_name = _("course")
        verbose_name_plural = _("courses")
        ordering = ["starts", "pk"]
        indexes = [models.Index(fields=["teacher", "ends"])]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        super().clean()
        if self.starts and self.ends and self.ends < self.starts:
            raise ValidationError({"ends": _("The last day cannot come before the first day.")})

    @property
    def dates(self) -> str:
        return date_range(self.starts, self.ends)

    @property
    def language_name(self) -> str:
        return language_name(self.language)

    @property
    def is_upcoming(self) -> bool:
        """Whether the course is not over; the rule of ``CourseQuerySet.upcoming``."""
        return self.ends >= timezone.localdate()


class Qualification(models.Model):
    """What a teacher holds besides the pathways completed here, and of what sort. The sorts are never shown alike."""

    class Sort(models.TextChoices):
        ATTENDED = "attended", _("attended as a participant")
        COMPLETED = "completed", _("teacher training completed")
        ACCREDITED = "accredited", _("independently accredited")

    teacher = models.ForeignKey(Teacher, on_delete=models.CASCADE, related_name="qualifications")
    sort = models.CharField(_("sort"), max_length=12, choices=Sort)
    title = models.CharField(_("title"), max_length=160)
    body = models.CharField(_("body"), max_length=160, blank=True, help_text=_("Who trained or accredited."))
    awarded_on = models.DateField(_("awarded on"), null=True, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)

    class Meta:
        verbose_name = _("qualification")
        verbose_name_plural = _("qualifications")
        ordering = ["sort", "pk"]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        """Accreditation is by somebody."""
        super().clean()
        if self.sort == self.Sort.ACCREDITED and not self.body:
            raise ValidationError({"body": _("Say which independent body accredited.")})
        if self.awarded_on and self.valid_until and self.valid_until < self.awarded_on:
            raise ValidationError({"valid_until": _("This ends before it was awarded.")})

    @property
    def is_current(self) -> bool:
        """Whether it has not run out."""
        return is_current(self.valid_until)
