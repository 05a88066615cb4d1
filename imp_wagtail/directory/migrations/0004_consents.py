import uuid

from django.db import migrations

BATCH = 500


def fill(apps, schema_editor):
    """Each entry's consent becomes a record of its own, and each entry and course gets its name in the feed."""
    teachers = apps.get_model("imp_directory", "Teacher")
    consents = apps.get_model("imp_directory", "Consent")
    for model in (teachers, apps.get_model("imp_directory", "Course")):
        rows = list(model.objects.filter(uid=None).only("pk"))
        for row in rows:
            row.uid = uuid.uuid4()
        model.objects.bulk_update(rows, ["uid"], batch_size=BATCH)
    given = teachers.objects.filter(consented_on__isnull=False)
    consents.objects.bulk_create(
        [
            consents(
                teacher_id=pk,
                purpose="profile",
                version=1,
                given_on=given_on,
                note=note,
                ended_on=max(ended_on, given_on) if ended_on else None,
            )
            for pk, given_on, note, ended_on in given.values_list(
                "pk", "consented_on", "consent_note", "consent_ended_on"
            )
        ],
        batch_size=BATCH,
    )
    # What was shown so far was photo, entry and nothing else: a photo that is there was given to be shown.
    shown = given.filter(consent_ended_on=None, photo__isnull=False)
    consents.objects.bulk_create(
        [
            consents(teacher_id=pk, purpose="photo", version=1, given_on=given_on, note=note)
            for pk, given_on, note in shown.values_list("pk", "consented_on", "consent_note")
        ],
        batch_size=BATCH,
    )


class Migration(migrations.Migration):
    dependencies = [("imp_directory", "0003_findable")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
