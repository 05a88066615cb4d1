from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("imp_letters", "0005_rich_wording")]

    operations = [
        migrations.RemoveField(model_name="lettertemplate", name="signatory"),
        migrations.RemoveField(model_name="lettertemplate", name="signatory_role"),
    ]
