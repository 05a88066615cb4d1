"""What templates said in plain text becomes rich text, and one who signed becomes the first of those who sign."""

import json

from django.db import migrations

from imp_wagtail.core import roles
from imp_wagtail.core.names import folded
from imp_wagtail.letters.wording import from_text


def enrich(apps, schema_editor):
    templates = apps.get_model("imp_letters", "LetterTemplate").objects
    for template in templates.all().iterator():
        signatory = {"name": template.signatory, "role": template.signatory_role, "signature": None}
        template.body = from_text(template.body)
        template.signatories = json.dumps([{"type": "signatory", "value": signatory}])
        template.save(update_fields=["body", "signatories"])


def fold_names(apps, schema_editor):
    letters = apps.get_model("imp_letters", "Letter").objects
    for letter in letters.only("pk", "name").iterator():
        letters.filter(pk=letter.pk).update(folded_name=folded(letter.name)[:200])


def grant(apps, schema_editor):
    roles.grant(
        apps,
        roles.REGISTRARS,
        "imp_letters",
        {
            "letter": ["send"],
            "lettertemplate": ["publish"],
            "lettermessage": ["add", "change", "delete", "view"],
        },
    )


class Migration(migrations.Migration):
    dependencies = [("imp_letters", "0004_letterheads")]

    operations = [
        migrations.RunPython(enrich, migrations.RunPython.noop),
        migrations.RunPython(fold_names, migrations.RunPython.noop),
        migrations.RunPython(grant, migrations.RunPython.noop),
    ]
