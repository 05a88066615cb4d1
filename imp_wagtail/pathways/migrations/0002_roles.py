from django.db import migrations

from imp_wagtail.core import roles


def grant(apps, schema_editor):
    roles.grant_admin_access(apps, roles.EDITORS)
    roles.grant_admin_access(apps, roles.REGISTRARS)
    roles.grant(apps, roles.EDITORS, "imp_pathways", {"pathway": ["add", "change", "delete", "view"]})


class Migration(migrations.Migration):
    dependencies = [
        ("imp_pathways", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("wagtailadmin", "0001_create_admin_access_permissions"),
    ]

    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
