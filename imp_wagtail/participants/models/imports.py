"""Lists of people on their way in: a file, how its columns are understood, and what is to happen with it."""

from pathlib import PurePath
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from imp_wagtail.core.models import Job
from imp_wagtail.core.storage import private_storage
from imp_wagtail.pathways.models import Pathway


def import_path(instance: "PeopleImport", filename: str) -> str:
    """A path that says nothing about the file, but keeps its ending."""
    return f"imports/{uuid4().hex}{PurePath(filename).suffix.lower()[:8]}"


class PeopleImport(models.Model):
    """One file of participants with their history, from its upload until it is in. The file goes when it is over."""

    class Known(models.TextChoices):
        """What happens to rows about people who are on record already, by their e-mail address."""

        ADD = "add", _("add what is new to their record")
        LEAVE = "leave", _("leave these rows out")

    class Namesakes(models.TextChoices):
        """What happens to rows with the name of somebody on record, but not their e-mail address."""

        LEAVE = "leave", _("leave these rows out")
        OTHERS = "others", _("they are other people: import them")

    pathway = models.ForeignKey(Pathway, on_delete=models.CASCADE, related_name="+", verbose_name=_("pathway"))
    file = models.FileField(_("file"), upload_to=import_path, storage=private_storage)
    filename = models.CharField(_("file name"), max_length=240)
    #: Which column of the file is which field, by its place: ``{"0": "name", ...}``. Headings may repeat, or be empty.
    matching = models.JSONField(default=dict)
    known = models.CharField(_("people on record already"), max_length=8, choices=Known, default=Known.ADD)
    namesakes = models.CharField(
        _("people with the same name"), max_length=8, choices=Namesakes, default=Namesakes.LEAVE
    )
    job = models.OneToOneField(Job, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(_("uploaded"), auto_now_add=True)
    finished_at = models.DateTimeField(_("imported"), null=True, blank=True)

    class Meta:
        verbose_name = _("import of participants")
        verbose_name_plural = _("imports of participants")
        ordering = ["-pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return self.filename
