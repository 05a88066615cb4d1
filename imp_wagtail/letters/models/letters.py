"""Issued letters: append-only. Nothing here is ever deleted, and what a letter says never changes."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import ProtectedError
from django.utils.translation import gettext_lazy as _

from imp_wagtail.core.fields import FoldedField
from imp_wagtail.core.models import Job
from imp_wagtail.core.storage import private_storage
from imp_wagtail.participants.models import Enrolment
from imp_wagtail.pathways.models import Stage

from ..codes import grouped
from ..querysets import LetterQuerySet


class Letter(models.Model):
    """A letter of completion for one stage of one enrolment: a frozen snapshot, a PDF, a verification code."""

    class State(models.TextChoices):
        VALID = "valid", _("valid")
        REPLACED = "replaced", _("replaced")
        WITHDRAWN = "withdrawn", _("withdrawn")

    #: ``None`` after the person was erased: the letter stays, because an institution may hold it in its hands.
    enrolment = models.ForeignKey(
        Enrolment, on_delete=models.PROTECT, null=True, related_name="letters", verbose_name=_("enrolment")
    )
    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="letters", verbose_name=_("stage"))
    year = models.PositiveSmallIntegerField(_("year"), editable=False)
    running_number = models.PositiveIntegerField(_("running number"), editable=False)
    code = models.CharField(_("verification code"), max_length=13, unique=True, editable=False)
    name = models.CharField(_("name as printed"), max_length=160, editable=False)
    folded_name = FoldedField(of="name", max_length=200)
    snapshot = models.JSONField(_("what the letter says"), editable=False)
    file = models.FileField(_("PDF"), storage=private_storage, max_length=200, editable=False)
    sha256 = models.CharField(_("SHA-256 of the PDF"), max_length=64, editable=False, db_index=True)
    issued_on = models.DateField(_("date of issue"), editable=False)
    issued_at = models.DateTimeField(_("issued"), auto_now_add=True)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("issued by")
    )
    #: The run in which many were issued at once.
    run = models.ForeignKey(Job, on_delete=models.SET_NULL, null=True, editable=False, related_name="+")
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.VALID, editable=False)
    #: ``True`` for the valid one, ``None`` for the others, so that the database allows one of the first only.
    stands = models.BooleanField(null=True, default=True, editable=False)
    ended_on = models.DateField(_("replaced or withdrawn on"), null=True, editable=False)
    reason = models.TextField(_("reason"), blank=True, editable=False, help_text=_("Never shown to the public."))
    replaced_by = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, editable=False, related_name="replaces"
    )

    objects = LetterQuerySet.as_manager()

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        ordering = ["-year", "-running_number"]
        default_permissions = ("view",)
        permissions = [
            ("issue_letter", _("Can issue letters")),
            ("withdraw_letter", _("Can withdraw and replace letters")),
            ("send_letter", _("Can send letters")),
        ]
        constraints = [
            models.UniqueConstraint(fields=["year", "running_number"], name="imp_letter_number_once"),
            models.UniqueConstraint(fields=["enrolment", "stage", "stands"], name="imp_one_letter_stands"),
        ]
        # For the register, which is sorted and narrowed by these, by number where they leave letters alike.
        indexes = [
            models.Index(fields=["folded_name", "year", "running_number"]),
            models.Index(fields=["state", "year", "running_number"]),
            models.Index(fields=["stage", "year", "running_number"]),
        ]

    def __str__(self) -> str:
        return f"{self.number} · {self.name}"

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        """Letters are never deleted: an institution may hold one in its hands."""
        raise ProtectedError("Letters are withdrawn, never deleted.", {self})

    @property
    def number(self) -> str:
        """The register number: year and running number, "2027-0001"."""
        return f"{self.year}-{self.running_number:04d}"

    @property
    def printed_code(self) -> str:
        return grouped(self.code)

    @property
    def has_holder(self) -> bool:
        """Whether the person whom it was issued for is still on record; of one who was erased, the letter stays."""
        return self.enrolment_id is not None

    @property
    def is_valid(self) -> bool:
        """Whether the letter stands; the rule of ``LetterQuerySet.valid``."""
        return self.stands is True


class LetterYear(models.Model):
    """The last running number of a year. Taking the next one locks the row, so numbers have no gap and no double."""

    year = models.PositiveSmallIntegerField(_("year"), primary_key=True)
    last_number = models.PositiveIntegerField(_("last number"), default=0)

    class Meta:
        verbose_name = _("year of the register")
        verbose_name_plural = _("years of the register")
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.year)
