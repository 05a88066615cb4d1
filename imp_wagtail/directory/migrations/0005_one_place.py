import uuid

from django.db import migrations, models

from imp_wagtail.core import roles

RIGHTS = {"enquiry": ["change", "view"], "consenttext": ["add", "view"]}


def grant(apps, schema_editor):
    roles.grant(apps, roles.REGISTRARS, "imp_directory", RIGHTS)


class Migration(migrations.Migration):
    dependencies = [("imp_directory", "0004_consents"), ("imp_participants", "0002_roles")]

    operations = [
        migrations.RemoveField(model_name="teacher", name="consented_on"),
        migrations.RemoveField(model_name="teacher", name="consent_note"),
        migrations.RemoveField(model_name="teacher", name="consent_ended_on"),
        migrations.AlterField(
            model_name="teacher",
            name="uid",
            field=models.UUIDField(default=uuid.uuid4, editable=False, unique=True),
        ),
        migrations.AlterField(
            model_name="course",
            name="uid",
            field=models.UUIDField(default=uuid.uuid4, editable=False, unique=True),
        ),
        migrations.RunPython(grant, migrations.RunPython.noop),
    ]
