from django.db import migrations

from imp_wagtail.core import roles


def grant(apps, schema_editor):
    roles.grant(apps, roles.REGISTRARS, "imp_directory", {"teacher": ["add", "change", "view"]})


class Migration(migrations.Migration):
    dependencies = [("imp_directory", "0001_initial"), ("imp_participants", "0002_roles")]

    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
