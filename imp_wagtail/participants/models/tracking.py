"""What counts towards a stage, what staff decided, and the progress that follows."""

from decimal import Decimal
from pathlib import PurePath
from uuid import uuid4

from django.conf import settings as django_settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from imp_wagtail.core.conf import settings
from imp_wagtail.core.storage import private_storage
from imp_wagtail.pathways.models import Requirement, Stage
from imp_wagtail.pathways.rules import size_in_words

from ..querysets import StageProgressQuerySet
from ..windows import WindowState, window_in_words, window_state
from .people import Enrolment


def evidence_path(instance: "Evidence", filename: str) -> str:
    """A path that says nothing about the person or the file, but keeps its ending."""
    return f"evidence/{uuid4().hex}{PurePath(filename).suffix.lower()[:8]}"


class Evidence(models.Model):
    """A dated fact that counts towards a requirement."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="evidence")
    requirement = models.ForeignKey(Requirement, on_delete=models.PROTECT, related_name="evidence")
    date = models.DateField(_("date"))
    amount = models.DecimalField(_("amount"), max_digits=6, decimal_places=2, default=Decimal(1))
    detail = models.CharField(_("what and where"), max_length=240, blank=True, help_text=_("Title, teacher or place."))
    note = models.TextField(_("note"), blank=True)
    file = models.FileField(_("document"), upload_to=evidence_path, storage=private_storage, blank=True)
    recorded_by = models.ForeignKey(
        django_settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    recorded_at = models.DateTimeField(_("recorded"), auto_now_add=True)

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = pgettext_lazy("plural", "evidence")
        ordering = ["date", "pk"]
        # Everybody has evidence for a requirement: the person is what narrows it down.
        indexes = [models.Index(fields=["enrolment", "requirement"])]

    def __str__(self) -> str:
        return self.detail or str(self.requirement)

    @property
    def size(self) -> str:
        """The amount with its unit: "6 days", "20 hours", "2"; empty for a confirmation, which has none."""
        return size_in_words(self.requirement.rule, self.amount)


class Decision(models.Model):
    """Staff's judgement on a requirement: always who, when and why. A revoked one is kept."""

    class Outcome(models.TextChoices):
        MET = "met", _("met")
        EQUIVALENT = "equivalent", _("equivalent")
        WAIVED = "waived", _("waived")
        REFUSED = "refused", _("refused")

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="decisions")
    requirement = models.ForeignKey(Requirement, on_delete=models.PROTECT, related_name="decisions")
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome)
    reason = models.TextField(_("reason"))
    decided_on = models.DateField(_("decided on"))
    decided_by = models.ForeignKey(
        django_settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    #: ``True`` for the one that counts, ``None`` for revoked ones: databases hold ``NULL`` distinct, so the
    #: constraint below allows one of the first and any number of the second, on every one of them.
    stands = models.BooleanField(null=True, default=True, editable=False)

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ["decided_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "requirement", "stands"], name="imp_one_decision_stands")
        ]

    def __str__(self) -> str:
        return f"{self.requirement}: {self.get_outcome_display()}"

    @property
    def is_favourable(self) -> bool:
        """Whether it meets the requirement; a refusal leaves it open, whatever is on record."""
        return self.outcome != self.Outcome.REFUSED


class StageCompletion(models.Model):
    """A person's act: this stage is completed. A reopened one is kept and no longer stands."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="completions")
    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="completions")
    completed_on = models.DateField(_("completed on"))
    completed_by = models.ForeignKey(
        django_settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    #: See ``Decision.stands``.
    stands = models.BooleanField(null=True, default=True, editable=False)

    class Meta:
        verbose_name = _("completed stage")
        verbose_name_plural = _("completed stages")
        ordering = ["completed_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "stage", "stands"], name="imp_one_completion_stands")
        ]

    def __str__(self) -> str:
        return str(self.stage)


class Extension(models.Model):
    """A later closing day of a stage's window for one enrolment. An older one is kept and no longer stands."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="extensions")
    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="extensions")
    until = models.DateField(_("open until"))
    reason = models.TextField(_("reason"))
    granted_on = models.DateField(_("granted on"))
    granted_by = models.ForeignKey(
        django_settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    #: See ``Decision.stands``.
    stands = models.BooleanField(null=True, default=True, editable=False)

    class Meta:
        verbose_name = _("extension")
        verbose_name_plural = _("extensions")
        ordering = ["granted_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "stage", "stands"], name="imp_one_extension_stands")
        ]

    def __str__(self) -> str:
        return f"{self.stage}: {self.until}"


class StageProgress(models.Model):
    """Where an enrolment stands in one stage. Derived; written only by recomputation."""

    class State(models.TextChoices):
        NOT_STARTED = "not_started", _("not started")
        IN_PROGRESS = "in_progress", _("in progress")
        READY = "ready", _("ready to complete")
        COMPLETED = "completed", _("completed")

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="progress")
    stage = models.ForeignKey(Stage, on_delete=models.CASCADE, related_name="progress")
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.NOT_STARTED)
    met = models.PositiveSmallIntegerField(_("requirements met"), default=0)
    required = models.PositiveSmallIntegerField(_("requirements"), default=0)
    completed_on = models.DateField(_("completed on"), null=True, blank=True)
    #: The stage's window for this person, both days included; none before the training is over.
    opens_on = models.DateField(_("opens on"), null=True, blank=True)
    closes_on = models.DateField(_("closes on"), null=True, blank=True)

    objects = StageProgressQuerySet.as_manager()

    class Meta:
        verbose_name = _("progress in a stage")
        verbose_name_plural = _("progress in stages")
        constraints = [models.UniqueConstraint(fields=["enrolment", "stage"], name="imp_progress_once")]
        indexes = [models.Index(fields=["stage", "state"]), models.Index(fields=["state", "closes_on"])]

    def __str__(self) -> str:
        return f"{self.stage}: {self.get_state_display()}"

    @property
    def window_state(self) -> WindowState | None:
        """Where today lies in this person's window of the stage; ``None`` where there is none, or nothing left to do.

        The rule of the queryset's methods.
        """
        today, soon_days = timezone.localdate(), settings.WINDOW_CLOSING_DAYS
        return window_state(self.state, self.opens_on, self.closes_on, today=today, soon_days=soon_days)

    @property
    def window_in_words(self) -> str:
        """ "Opens on 30 April 2028"; empty where there is no window, or nothing left to do."""
        return window_in_words(self.window_state, self.opens_on, self.closes_on)
