from django.db import migrations

from imp_wagtail.core import roles


def grant(apps, schema_editor):
    roles.grant_admin_access(apps, roles.FACILITATORS)
    roles.grant(apps, roles.FACILITATORS, "imp_participants", {"attendance": ["mark_attendance"]})
    roles.grant(
        apps,
        roles.REGISTRARS,
        "imp_participants",
        {
            "participant": ["add", "change", "view"],
            "cohort": ["add", "change", "view"],
            "attendance": ["mark_attendance"],
        },
    )


class Migration(migrations.Migration):
    dependencies = [("imp_participants", "0001_initial"), ("imp_pathways", "0002_roles")]

    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
