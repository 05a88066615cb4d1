from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('imp_participants', '0004_keys_and_rights'),
        ('imp_pathways', '0003_stage_unlocks'),
    ]

    # New indexes first: MariaDB keeps the last one that a foreign key rests on.
    operations = [
        migrations.AddIndex(
            model_name='enrolment',
            index=models.Index(fields=['pathway', 'status', 'current_stage', 'participant'], name='imp_partici_pathway_031fe9_idx'),
        ),
        migrations.AddIndex(
            model_name='enrolment',
            index=models.Index(fields=['current_state', 'status', 'participant'], name='imp_partici_current_ecf171_idx'),
        ),
        migrations.AddIndex(
            model_name='enrolment',
            index=models.Index(fields=['status', 'participant'], name='imp_partici_status_b416a8_idx'),
        ),
        migrations.RemoveIndex(
            model_name='enrolment',
            name='imp_partici_pathway_7e48ad_idx',
        ),
        migrations.RemoveIndex(
            model_name='enrolment',
            name='imp_partici_current_c1ad98_idx',
        ),
        migrations.AlterField(
            model_name='enrolment',
            name='status',
            field=models.CharField(choices=[('active', 'active'), ('paused', 'paused'), ('withdrawn', 'withdrawn')], default='active', max_length=12, verbose_name='status'),
        ),
    ]
