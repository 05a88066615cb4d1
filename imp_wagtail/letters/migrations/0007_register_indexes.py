from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('imp_core', '0001_initial'),
        ('imp_letters', '0006_one_place_for_signatories'),
        ('imp_participants', '0005_lists_from_indexes'),
        ('imp_pathways', '0003_stage_unlocks'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name='letter',
            index=models.Index(fields=['folded_name', 'year', 'running_number'], name='imp_letters_folded__8477c8_idx'),
        ),
        migrations.AddIndex(
            model_name='letter',
            index=models.Index(fields=['state', 'year', 'running_number'], name='imp_letters_state_d04bc7_idx'),
        ),
        migrations.AddIndex(
            model_name='letter',
            index=models.Index(fields=['stage', 'year', 'running_number'], name='imp_letters_stage_i_662424_idx'),
        ),
        migrations.AddIndex(
            model_name='sending',
            index=models.Index(fields=['letter', 'state'], name='imp_letters_letter__98cb05_idx'),
        ),
    ]
