from django.db import migrations

from imp_wagtail.core import roles


def grant(apps, schema_editor):
    roles.grant(
        apps,
        roles.REGISTRARS,
        "imp_letters",
        {
            "letter": ["view", "issue", "withdraw"],
            "lettertemplate": ["add", "change", "delete", "view"],
        },
    )


class Migration(migrations.Migration):
    dependencies = [("imp_letters", "0001_initial"), ("imp_participants", "0002_roles")]

    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
