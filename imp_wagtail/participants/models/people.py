"""People under development, and the pathways they are on."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from imp_wagtail.core.fields import CountryField, EmailKeyField, FoldedField, LanguageField, email_key
from imp_wagtail.pathways.models import Pathway, Requirement, Stage

from ..querysets import EnrolmentQuerySet, ParticipantQuerySet


class Participant(models.Model):
    """A person under development. Personal data."""

    name = models.CharField(_("name"), max_length=160, help_text=_("As the person is addressed, in any script."))
    printed_name = models.CharField(
        _("name on letters"),
        max_length=160,
        blank=True,
        help_text=_("As it shall be printed; empty: the name."),
    )
    email = models.EmailField(_("e-mail"), blank=True)
    #: For finding and sorting, in every script and on every database alike. Begins with the name.
    folded = FoldedField(of="name printed_name email", max_length=600)
    #: The same name in one order of words, for finding the same person twice.
    name_key = FoldedField(of="name", sort_words=True, max_length=200, db_index=True)
    email_key = EmailKeyField(of="email")
    town = models.CharField(_("town"), max_length=120, blank=True)
    country = CountryField(blank=True)
    language = LanguageField(blank=True, help_text=_("For letters and messages."))
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="imp_participant",
        verbose_name=_("account"),
    )
    notes = models.TextField(_("private notes"), blank=True, help_text=_("Seen by registrars only."))
    created_at = models.DateTimeField(_("added"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    objects = ParticipantQuerySet.as_manager()

    class Meta:
        verbose_name = _("participant")
        verbose_name_plural = _("participants")
        ordering = ["folded", "pk"]
        indexes = [models.Index(fields=["folded", "id"]), models.Index(fields=["country", "language"])]

    def __str__(self) -> str:
        return self.name

    @property
    def name_on_letters(self) -> str:
        """The name as it shall be printed."""
        return self.printed_name or self.name

    @property
    def standing(self) -> str:
        """Each pathway with its current stage, in words; for exports. Reads what ``with_progress`` has fetched."""
        return "; ".join(enrolment.standing for enrolment in self.enrolments.all())

    def clean(self) -> None:
        """An e-mail address belongs to one person, however it is capitalised."""
        super().clean()
        self.name = " ".join(self.name.split())
        self.email = self.email.strip()
        if self.email and self.namesakes_by_email().exists():
            raise ValidationError({"email": _("Another participant has this e-mail address.")})

    def namesakes_by_email(self) -> ParticipantQuerySet:
        """Others with the same e-mail address."""
        return type(self).objects.filter(email_key=email_key(self.email)).exclude(pk=self.pk)


class Enrolment(models.Model):
    """One participant on one pathway. Everything tracked hangs here."""

    class Status(models.TextChoices):
        ACTIVE = "active", pgettext_lazy("enrolment", "active")
        PAUSED = "paused", pgettext_lazy("enrolment", "paused")
        WITHDRAWN = "withdrawn", pgettext_lazy("enrolment", "withdrawn")

    participant = models.ForeignKey(
        Participant, on_delete=models.CASCADE, related_name="enrolments", verbose_name=_("participant")
    )
    pathway = models.ForeignKey(
        Pathway, on_delete=models.PROTECT, related_name="enrolments", verbose_name=_("pathway")
    )
    enrolled_on = models.DateField(_("enrolled on"), default=timezone.localdate)
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.ACTIVE)
    #: Derived and stored with every write: the first stage that is not completed; none when all are.
    current_stage = models.ForeignKey(
        Stage, on_delete=models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )
    #: Derived and stored with every write: the state of that stage, a ``StageProgress.State``; empty without one.
    current_state = models.CharField(max_length=12, blank=True, default="", editable=False)
    #: Derived and stored with every write: the day on which the last stage was completed.
    completed_on = models.DateField(_("pathway completed on"), null=True, blank=True, editable=False)
    #: Derived and stored with every write: the first thing of the current stage that is still open.
    next_requirement = models.ForeignKey(
        Requirement, on_delete=models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )
    #: Derived and stored with every write: the day on which the training was over for this person.
    trained_on = models.DateField(_("training taken until"), null=True, blank=True, editable=False)
    #: Derived and stored with every write: required things of earlier stages still open after the training.
    outstanding = models.PositiveSmallIntegerField(_("outstanding after the training"), default=0, editable=False)
    #: Derived and stored with every write: since when what has been completed opens the way to these.
    may_teach_on = models.DateField(_("may teach since"), null=True, blank=True, editable=False)
    may_be_listed_on = models.DateField(_("may be listed since"), null=True, blank=True, editable=False)

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("enrolment")
        verbose_name_plural = _("enrolments")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["participant", "pathway"], name="imp_enrolment_once")]
        # The participant comes last where lists of people are filtered: those who fit are read from the index alone.
        indexes = [
            models.Index(fields=["pathway", "status", "current_stage", "participant"]),
            models.Index(fields=["current_state", "status", "participant"]),
            models.Index(fields=["status", "participant"]),
            models.Index(fields=["may_be_listed_on"]),
            models.Index(fields=["outstanding"]),
        ]

    def __str__(self) -> str:
        return f"{self.participant} · {self.pathway}"

    @property
    def may_teach(self) -> bool:
        """Whether what is completed opens the way to teaching, and the enrolment stands."""
        return self.may_teach_on is not None and self.status != self.Status.WITHDRAWN

    @property
    def may_be_listed(self) -> bool:
        """The same of being listed in the directory; the rule of ``may_be_listed()``."""
        return self.may_be_listed_on is not None and self.status != self.Status.WITHDRAWN

    @property
    def is_complete(self) -> bool:
        """Whether every stage is completed and the enrolment stands; the rule of ``completed()``."""
        return self.completed_on is not None and self.status != self.Status.WITHDRAWN

    @property
    def status_in_words(self) -> str:
        """The status as a sentence."""
        sentences = {
            self.Status.ACTIVE: _("This enrolment is active."),
            self.Status.PAUSED: _("This enrolment is paused."),
            self.Status.WITHDRAWN: _("This enrolment is withdrawn."),
        }
        return str(sentences[self.Status(self.status)])

    @property
    def standing(self) -> str:
        """Where this enrolment stands, in words: "IMP: Engagement (in progress)"."""
        if self.is_complete:
            where = pgettext("pathway", "completed")
        elif self.status == self.Status.ACTIVE and self.current_stage:
            where = self._current_stage_in_words()
        else:
            where = self.get_status_display()
        return f"{self.pathway}: {where}"

    def _current_stage_in_words(self) -> str:
        state = next((row for row in self.progress.all() if row.stage_id == self.current_stage_id), None)
        return f"{self.current_stage} ({state.get_state_display()})" if state else str(self.current_stage)


class DistinctPair(models.Model):
    """That two participants who look alike are two people; they are not brought up again."""

    first = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="+")
    #: The one with the greater key, so that a pair is stored once.
    second = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="+")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided"), auto_now_add=True)

    class Meta:
        verbose_name = _("two people")
        verbose_name_plural = _("pairs of people")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="imp_distinct_pair_once"),
            models.CheckConstraint(condition=models.Q(first__lt=models.F("second")), name="imp_distinct_pair_order"),
        ]

    def __str__(self) -> str:
        return f"{self.first} · {self.second}"
