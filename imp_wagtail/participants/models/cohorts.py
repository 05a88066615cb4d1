"""Groups that go through a training, a seminar or supervision together, and who was there."""

from decimal import Decimal

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from imp_wagtail.core.dates import long_date
from imp_wagtail.pathways.models import Pathway
from imp_wagtail.pathways.rules import CohortKind, Unit, in_units, plain_number
from imp_wagtail.trainings.models import TrainingPage

from ..cohorts.querysets import CohortQuerySet, SessionQuerySet
from .people import Enrolment


class Cohort(models.Model):
    """The people who go through a training, a seminar or a supervision group together."""

    title = models.CharField(_("title"), max_length=160)
    kind = models.CharField(_("kind"), max_length=20, choices=CohortKind)
    pathway = models.ForeignKey(Pathway, on_delete=models.PROTECT, related_name="cohorts", verbose_name=_("pathway"))
    training = models.ForeignKey(
        TrainingPage,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="cohorts",
        verbose_name=_("training"),
        help_text=_("Its public page; letters take place and dates from it."),
    )
    facilitators = models.ManyToManyField(
        settings.AUTH_USER_MODEL, blank=True, related_name="imp_cohorts", verbose_name=_("facilitators")
    )
    members = models.ManyToManyField(
        Enrolment, through="Membership", related_name="cohorts", verbose_name=_("members")
    )

    objects = CohortQuerySet.as_manager()

    class Meta:
        verbose_name = _("cohort")
        verbose_name_plural = _("cohorts")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.title

    @property
    def is_to_tick(self) -> bool:
        """Whether it has a session to tick; the rule of ``CohortQuerySet.to_tick``."""
        return self.sessions.to_tick().exists()

    def clean(self) -> None:
        """The training is one of the cohort's pathway: its letters name it."""
        super().clean()
        announced = self.training.pathway if self.training else None
        if announced and self.pathway_id and announced.translation_key != self.pathway.translation_key:
            raise ValidationError({"training": _("This training belongs to another pathway.")})


class Membership(models.Model):
    """One enrolment in one cohort."""

    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="memberships")
    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="memberships")

    class Meta:
        verbose_name = _("member of a cohort")
        verbose_name_plural = _("members of a cohort")
        constraints = [models.UniqueConstraint(fields=["cohort", "enrolment"], name="imp_membership_once")]

    def __str__(self) -> str:
        return f"{self.enrolment} · {self.cohort}"


class Session(models.Model):
    """One meeting of a cohort: a day of training, a supervision session."""

    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="sessions")
    date = models.DateField(_("date"))
    title = models.CharField(_("title"), max_length=120, blank=True)
    hours = models.DecimalField(
        _("hours"),
        max_digits=4,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal("0.25"))],
    )

    objects = SessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        ordering = ["date", "pk"]

    def __str__(self) -> str:
        return self.title or str(self.date)

    @property
    def name(self) -> str:
        """Day and title in words: "9 March 2024 · Day 2"."""
        return " · ".join(part for part in (long_date(self.date), self.title) if part)

    @property
    def is_to_tick(self) -> bool:
        """Whether its day has passed and nobody is ticked; the rule of ``SessionQuerySet.to_tick``."""
        return type(self).objects.to_tick().filter(pk=self.pk).exists()

    @property
    def is_to_come(self) -> bool:
        """Whether its day is still ahead; on the day itself people can be ticked."""
        return self.date > timezone.localdate()

    @property
    def length(self) -> str:
        """The hours in words: "1.5 hours"; empty where they are not known."""
        return in_units(plain_number(self.hours), self.hours, Unit.HOURS) if self.hours else ""


class Attendance(models.Model):
    """That an enrolment was present at a session. No row means not present."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="attendance")
    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="attendance")
    marked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    marked_at = models.DateTimeField(_("marked"), auto_now=True)

    class Meta:
        verbose_name = _("attendance")
        verbose_name_plural = _("attendance")
        # Not on the cohort: Wagtail shows a model's whole log to whoever holds any permission on it.
        permissions = [("mark_attendance", _("Can tick attendance of their own cohorts"))]
        constraints = [models.UniqueConstraint(fields=["session", "enrolment"], name="imp_attendance_once")]

    def __str__(self) -> str:
        return f"{self.enrolment} · {self.session}"
