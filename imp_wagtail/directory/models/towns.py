"""The world's towns, to find teachers near one without asking anybody outside."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from imp_wagtail.core.fields import CodePointField, CountryField
from imp_wagtail.core.localities import country_name


class Town(models.Model):
    """A town of GeoNames, by its number there. Loaded by ``imp_load_towns``; nothing is typed here."""

    id = models.PositiveIntegerField(primary_key=True)
    name = models.CharField(max_length=120)
    country = CountryField()
    #: Country and first-level division, such as "FR.84"; "" where there is none. ``regions.region_name`` names it.
    region = models.CharField(max_length=12, blank=True)
    latitude = models.FloatField()
    longitude = models.FloatField()
    population = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("town")
        verbose_name_plural = _("towns")
        ordering = ["-population", "pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.name}, {country_name(self.country)}"


class TownName(models.Model):
    """A name of a town in any language and script, folded as it is looked for."""

    town = models.ForeignKey(Town, on_delete=models.CASCADE, related_name="names")
    folded = CodePointField(max_length=100)

    class Meta:
        verbose_name = _("name of a town")
        verbose_name_plural = _("names of towns")
        default_permissions = ()
        indexes = [models.Index(fields=["folded", "town"])]

    def __str__(self) -> str:
        return self.folded
