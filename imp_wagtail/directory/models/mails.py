"""What the public writes to teachers, and what teachers are reminded of."""

from django.db import models
from django.db.models import Case, Q, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from imp_wagtail.core.dates import long_date
from imp_wagtail.core.outgoing import Outgoing

from .teachers import Teacher


class EnquiryQuerySet(models.QuerySet):
    def reported(self) -> "EnquiryQuerySet":
        """Those that somebody reported and staff have not settled; the rule of ``Enquiry.is_open``."""
        return self.filter(is_open())

    def reported_first(self) -> "EnquiryQuerySet":
        """In the order in which they need somebody: those first, then the latest."""
        needs_a_hand = Case(When(is_open(), then=0), default=1)
        return self.order_by(needs_a_hand, "-asked_at", "-pk")


def is_open() -> Q:
    """Reported, and not settled: the rule of ``Enquiry.is_open``."""
    return Q(reported_at__isnull=False, settled_at__isnull=True)


class Enquiry(models.Model):
    """What somebody wrote to a teacher by the form. Kept for a while, so that misuse can be looked into."""

    teacher = models.ForeignKey(Teacher, on_delete=models.CASCADE, related_name="enquiries")
    sender_name = models.CharField(_("name"), max_length=120)
    sender_email = models.EmailField(_("e-mail"))
    text = models.TextField(_("message"))
    #: The address that it came from, made unreadable: enough to count by, too little to find anybody.
    sender_key = models.CharField(max_length=64, blank=True, db_index=True)
    #: Made by the form, so that a form that is sent twice is one enquiry.
    token = models.UUIDField(unique=True)
    asked_at = models.DateTimeField(_("written"), default=timezone.now, db_index=True)
    reported_at = models.DateTimeField(_("reported"), null=True, blank=True)
    report = models.CharField(_("what was reported"), max_length=500, blank=True)
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True)
    #: Nothing more is taken from this sender.
    is_blocked = models.BooleanField(_("sender blocked"), default=False)

    objects = EnquiryQuerySet.as_manager()

    class Meta:
        verbose_name = _("enquiry")
        verbose_name_plural = _("enquiries")
        ordering = ["-asked_at", "-pk"]
        default_permissions = ("view", "change")
        indexes = [models.Index(fields=["sender_email", "asked_at"]), models.Index(fields=["teacher", "asked_at"])]

    def __str__(self) -> str:
        return f"{self.sender_name} → {self.teacher}"

    @property
    def is_open(self) -> bool:
        """Whether it was reported, and is not settled; the rule of ``EnquiryQuerySet.reported``."""
        return self.reported_at is not None and self.settled_at is None

    @property
    def written_on(self) -> str:
        """The day on which it was written, in words."""
        return long_date(timezone.localdate(self.asked_at))


class DirectoryMail(Outgoing):
    """An e-mail of the directory: an enquiry, its copy for the sender, or a reminder."""

    class Kind(models.TextChoices):
        ENQUIRY = "enquiry", _("enquiry")
        COPY = "copy", _("copy of an enquiry")
        #: Before a listing ends, and where consent is asked for anew.
        REMINDER = "reminder", _("reminder")

    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    teacher = models.ForeignKey(Teacher, on_delete=models.CASCADE, related_name="mails")
    enquiry = models.ForeignKey(Enquiry, on_delete=models.CASCADE, null=True, blank=True, related_name="mails")
    reply_to = models.EmailField(blank=True)
    #: What a reminder is for, such as "2027-05-01/14", so that none is sent twice; ``None`` for what is no reminder.
    occasion = models.CharField(max_length=40, null=True, blank=True)  # noqa: DJ001 - many have none, and each is unique

    class Meta:
        verbose_name = _("e-mail of the directory")
        verbose_name_plural = _("e-mails of the directory")
        ordering = ["-pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["teacher", "occasion"], name="imp_reminder_once"),
            models.UniqueConstraint(fields=["enquiry", "kind"], name="imp_enquiry_mail_once"),
        ]
        indexes = [models.Index(fields=["state", "try_at"])]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.to}"
