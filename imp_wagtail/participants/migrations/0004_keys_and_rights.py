from django.db import migrations

from imp_wagtail.core import roles
from imp_wagtail.core.fields import email_key
from imp_wagtail.core.names import name_key


def fill_keys(apps, schema_editor):
    """Give everybody the keys by which they are found twice; of two with one e-mail address, the older."""
    participants = apps.get_model("imp_participants", "Participant").objects
    taken = set()
    for person in participants.order_by("pk").only("pk", "name", "email").iterator():
        key = email_key(person.email)
        if key in taken:
            key = None
        taken.add(key)
        participants.filter(pk=person.pk).update(name_key=name_key(person.name)[:200], email_key=key)


def open_the_directory(apps, schema_editor):
    """Whoever has completed a pathway may be listed, as until now; ``imp_recompute`` works out the rest."""
    enrolments = apps.get_model("imp_participants", "Enrolment").objects
    for pk, day in enrolments.filter(completed_on__isnull=False).values_list("pk", "completed_on"):
        enrolments.filter(pk=pk).update(may_be_listed_on=day)


def grant(apps, schema_editor):
    roles.grant(apps, roles.REGISTRARS, "imp_participants", {"participant": ["delete"]})


class Migration(migrations.Migration):
    dependencies = [("imp_participants", "0003_windows_and_care")]

    operations = [
        migrations.RunPython(fill_keys, migrations.RunPython.noop),
        migrations.RunPython(open_the_directory, migrations.RunPython.noop),
        migrations.RunPython(grant, migrations.RunPython.noop),
    ]
