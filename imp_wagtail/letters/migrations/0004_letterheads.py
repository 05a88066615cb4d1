import django.db.models.deletion
import django.utils.timezone
import imp_wagtail.core.fields
import imp_wagtail.letters.colours
import imp_wagtail.letters.wording
import uuid
import wagtail.fields
from django.conf import settings
from django.db import migrations, models
from wagtail.images import get_image_model_string


class Migration(migrations.Migration):

    dependencies = [
        ('imp_core', '0001_initial'),
        ('imp_letters', '0003_letters_outlive_people'),
        ('imp_pathways', '0003_stage_unlocks'),
        ('wagtailcore', '0094_alter_page_locale'),
        migrations.swappable_dependency(get_image_model_string()),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='letter',
            options={'default_permissions': ('view',), 'ordering': ['-year', '-running_number'], 'permissions': [('issue_letter', 'Can issue letters'), ('withdraw_letter', 'Can withdraw and replace letters'), ('send_letter', 'Can send letters')], 'verbose_name': 'letter', 'verbose_name_plural': 'letters'},
        ),
        migrations.AddField(
            model_name='letter',
            name='folded_name',
            field=imp_wagtail.core.fields.FoldedField(blank=True, editable=False, max_length=200, of='name'),
        ),
        migrations.AddField(
            model_name='letter',
            name='run',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='imp_core.job'),
        ),
        migrations.AddField(
            model_name='lettertemplate',
            name='accent',
            field=models.CharField(default='#2f5f5b', max_length=7, validators=[imp_wagtail.letters.colours.validate_colour], verbose_name='colour of headings'),
        ),
        migrations.AddField(
            model_name='lettertemplate',
            name='expire_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='expiry date/time'),
        ),
        migrations.AddField(
            model_name='lettertemplate',
            name='expired',
            field=models.BooleanField(default=False, editable=False, verbose_name='expired'),
        ),
        migrations.AddField(
            model_name='lettertemplate',
            name='first_published_at',
            field=models.DateTimeField(blank=True, db_index=True, null=True, verbose_name='first published at'),
        ),
        migrations.AddField(
            model_name='lettertemplate',
            name='go_live_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='go live date/time'),
        ),
        migrations.AddField(
            model_name='lettertemplate',
            name='has_unpublished_changes',
            field=models.BooleanField(default=False, editable=False, verbose_name='has unpublished changes'),
        ),
        migrations.AddField(
            model_name='lettertemplate',
            name='ink',
            field=models.CharField(default='#22262b', max_length=7, validators=[imp_wagtail.letters.colours.validate_colour], verbose_name='colour of text'),
        ),
        migrations.AddField(
            model_name='lettertemplate',
            name='last_published_at',
            field=models.DateTimeField(editable=False, null=True, verbose_name='last published at'),
        ),
        migrations.AddField(
            model_name='lettertemplate',
            name='latest_revision',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='wagtailcore.revision', verbose_name='latest revision'),
        ),
        migrations.AddField(
            model_name='lettertemplate',
            name='letterhead',
            field=models.TextField(blank=True, help_text="Lines below the issuer's name, for instance an address. Empty for none.", max_length=400, verbose_name='letterhead'),
        ),
        migrations.AddField(
            model_name='lettertemplate',
            name='live',
            field=models.BooleanField(default=True, editable=False, verbose_name='live'),
        ),
        migrations.AddField(
            model_name='lettertemplate',
            name='live_revision',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='wagtailcore.revision', verbose_name='live revision'),
        ),
        migrations.AddField(
            model_name='lettertemplate',
            name='logo',
            field=models.ForeignKey(blank=True, help_text='Stands at the head of the letter. A PNG with a transparent ground looks best.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=get_image_model_string(), verbose_name='logo'),
        ),
        migrations.AddField(
            model_name='lettertemplate',
            name='paper',
            field=models.CharField(choices=[('a4', 'A4 (210 × 297 mm)'), ('letter', 'US Letter (8½ × 11 in)')], default='a4', max_length=8, verbose_name='paper'),
        ),
        migrations.AddField(
            model_name='lettertemplate',
            name='signatories',
            field=wagtail.fields.StreamField([('signatory', 3)], block_lookup={0: ('wagtail.blocks.CharBlock', (), {'label': 'Name', 'max_length': 120}), 1: ('wagtail.blocks.CharBlock', (), {'label': 'In the role of', 'max_length': 160, 'required': False}), 2: ('wagtail.images.blocks.ImageChooserBlock', (), {'help_text': 'Without a picture, there is room to sign by hand.', 'label': 'Signature', 'required': False}), 3: ('wagtail.blocks.StructBlock', [[('name', 0), ('role', 1), ('signature', 2)]], {})}, default='[]', verbose_name='signatories'),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name='lettertemplate',
            name='body',
            field=wagtail.fields.RichTextField(validators=[imp_wagtail.letters.wording.validate_wording], verbose_name='wording'),
        ),
        migrations.AlterField(
            model_name='lettertemplate',
            name='stage',
            field=models.ForeignKey(blank=True, help_text='Empty: for every stage of the pathway without a template of its own.', null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='imp_pathways.stage', verbose_name='stage'),
        ),
        migrations.CreateModel(
            name='LetterMessage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('translation_key', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('subject', models.CharField(max_length=160, verbose_name='subject')),
                ('body', models.TextField(max_length=8000, verbose_name='text')),
                ('locale', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='wagtailcore.locale', verbose_name='locale')),
                ('pathway', models.ForeignKey(blank=True, help_text='Empty: for every pathway without a message of its own.', null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='imp_pathways.pathway', verbose_name='pathway')),
            ],
            options={
                'verbose_name': 'message with letters',
                'verbose_name_plural': 'messages with letters',
                'ordering': ['pathway', 'pk'],
                'abstract': False,
                'unique_together': {('translation_key', 'locale')},
            },
        ),
        migrations.CreateModel(
            name='Sending',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('to', models.EmailField(max_length=254, verbose_name='to')),
                ('manner', models.CharField(choices=[('attachment', 'as an attachment'), ('link', 'as a personal link')], default='attachment', max_length=12, verbose_name='manner')),
                ('language', models.CharField(max_length=20, verbose_name='language')),
                ('subject', models.CharField(max_length=240, verbose_name='subject')),
                ('text', models.TextField(verbose_name='text')),
                ('state', models.CharField(choices=[('waiting', 'waiting'), ('under_way', 'under way'), ('sent', 'sent'), ('failed', 'failed')], db_index=True, default='waiting', max_length=12, verbose_name='state')),
                ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='attempts')),
                ('try_at', models.DateTimeField(default=django.utils.timezone.now, null=True)),
                ('error', models.CharField(blank=True, max_length=240, verbose_name='what failed')),
                ('asked_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='asked for')),
                ('sent_at', models.DateTimeField(blank=True, null=True, verbose_name='sent')),
                ('expires_at', models.DateTimeField(blank=True, null=True, verbose_name='link opens until')),
                ('fetched_at', models.DateTimeField(blank=True, null=True, verbose_name='first fetched')),
                ('asked_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('job', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='imp_core.job')),
                ('letter', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sendings', to='imp_letters.letter', verbose_name='letter')),
            ],
            options={
                'verbose_name': 'sending',
                'verbose_name_plural': 'sendings',
                'ordering': ['-pk'],
                'default_permissions': (),
                'indexes': [models.Index(fields=['state', 'try_at'], name='imp_letters_state_a1569c_idx')],
                'constraints': [models.UniqueConstraint(fields=('letter', 'job'), name='imp_letter_sent_once_in_a_run')],
            },
        ),
    ]
