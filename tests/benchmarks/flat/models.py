from django.db import models


class Row(models.Model):
    """As much as the columns of a list need, and nothing behind it."""

    name = models.CharField(max_length=160, db_index=True)
    email = models.EmailField()
    town = models.CharField(max_length=120)
    country = models.CharField(max_length=2, db_index=True)

    class Meta:
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name
