import django.core.validators
from django.db import migrations, models

from imp_wagtail.core import roles


def grant(apps, schema_editor):
    roles.grant(apps, roles.REGISTRARS, "imp_directory", {"partner": ["add", "change", "delete", "view"]})


class Migration(migrations.Migration):
    dependencies = [
        ("imp_directory", "0005_one_place"),
    ]

    operations = [
        migrations.AddField(
            model_name="mirroredentry",
            name="fault",
            field=models.CharField(blank=True, max_length=240),
        ),
        migrations.AddField(
            model_name="mirroredentry",
            name="reading",
            field=models.PositiveIntegerField(default=1),
        ),
        migrations.AddField(
            model_name="partner",
            name="directory",
            field=models.CharField(blank=True, max_length=500),
        ),
        migrations.AddField(
            model_name="partner",
            name="reading",
            field=models.PositiveIntegerField(default=1),
        ),
        migrations.AlterField(
            model_name="partner",
            name="cursor",
            field=models.CharField(blank=True, max_length=500),
        ),
        migrations.AlterField(
            model_name="partner",
            name="gone_after_days",
            field=models.PositiveSmallIntegerField(
                default=14,
                help_text=(
                    "After so many days in which their site does not answer, nothing of theirs is shown any more."
                ),
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(365),
                ],
                verbose_name="days without an answer",
            ),
        ),
        migrations.RunPython(grant, migrations.RunPython.noop),
    ]
