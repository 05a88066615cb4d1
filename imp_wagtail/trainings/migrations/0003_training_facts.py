import datetime as dt

import django.core.validators
import django.db.models.deletion
import imp_wagtail.core.localities
import imp_wagtail.core.money
import imp_wagtail.trainings.fields
import imp_wagtail.trainings.rules
import modelcluster.fields
import wagtail.fields
from django.db import migrations, models
from django.utils import timezone
from wagtail.images import get_image_model_string

#: Signs of a page's path that one level of the tree takes.
STEP = 4


def fill(apps, schema_editor):
    """When the days of the trainings that are there end; and whoever could be applied to so far still can."""
    zone = timezone.get_default_timezone()
    pages = apps.get_model("imp_trainings", "TrainingPage").objects
    for page in pages.only("starts", "ends", "application_url", "application_email"):
        pages.filter(pk=page.pk).update(
            first_day_ends_at=end_of_day(page.starts, zone),
            last_day_ends_at=end_of_day(page.ends, zone),
            status=status_of(page.application_url, page.application_email),
        )
        # What editors see next is the latest revision.
        for revision in apps.get_model("wagtailcore", "Revision").objects.filter(
            base_content_type__app_label="wagtailcore", base_content_type__model="page", object_id=str(page.pk)
        ):
            content = revision.content
            content["status"] = status_of(content.get("application_url"), content.get("application_email"))
            revision.save(update_fields=["content"])


def enter(apps, schema_editor):
    """What calendars are to be told of the trainings that are published. Those in the default language come first."""
    entries = apps.get_model("imp_trainings", "CalendarEntry").objects
    indexes = {page.path: page for page in apps.get_model("imp_trainings", "TrainingIndexPage").objects.all()}
    for page in apps.get_model("imp_trainings", "TrainingPage").objects.filter(live=True).order_by("pk"):
        index = indexes.get(page.path[:-STEP])
        if index and not entries.filter(key=page.translation_key).exists():
            entries.create(
                key=page.translation_key,
                index=index,
                facts=facts_of(page),
                over_at=page.last_day_ends_at,
                changed_at=page.last_published_at or timezone.now(),
            )


def facts_of(page):
    return {
        "title": page.title,
        "summary": page.summary,
        "starts": page.starts.isoformat(),
        "ends": page.ends.isoformat(),
        "year_only": page.year_only,
        "start_time": page.start_time.isoformat("minutes") if page.start_time else "",
        "end_time": page.end_time.isoformat("minutes") if page.end_time else "",
        "time_zone": page.time_zone,
        "venue": page.venue,
        "town": page.town,
        "country": page.country,
        "format": page.format,
        "status": "",
    }


def end_of_day(day, zone):
    after = day if day == dt.date.max else day + dt.timedelta(days=1)
    return dt.datetime.combine(after, dt.time.min, tzinfo=zone).astimezone(dt.timezone.utc)


def status_of(url, email):
    return "open" if url or email else "announced"


class Migration(migrations.Migration):

    dependencies = [
        ('imp_trainings', '0002_roles'),
        migrations.swappable_dependency(get_image_model_string()),
    ]

    operations = [
        migrations.AddField(
            model_name='trainingpage',
            name='application_closes',
            field=models.DateField(blank=True, null=True, verbose_name='applications until'),
        ),
        migrations.AddField(
            model_name='trainingpage',
            name='application_opens',
            field=models.DateField(blank=True, null=True, verbose_name='applications from'),
        ),
        migrations.AddField(
            model_name='trainingpage',
            name='audience',
            field=wagtail.fields.RichTextField(blank=True, help_text='The prerequisites come from the pathway and need not be repeated.', verbose_name='who it is for'),
        ),
        migrations.AddField(
            model_name='trainingpage',
            name='capacity',
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='places'),
        ),
        migrations.AddField(
            model_name='trainingpage',
            name='end_time',
            field=models.TimeField(blank=True, help_text='On the last day.', null=True, verbose_name='ends at'),
        ),
        migrations.AddField(
            model_name='trainingpage',
            name='first_day_ends_at',
            field=imp_wagtail.trainings.fields.DayEndField(db_index=True, editable=False, null=True, of='starts'),
        ),
        migrations.AddField(
            model_name='trainingpage',
            name='last_day_ends_at',
            field=imp_wagtail.trainings.fields.DayEndField(db_index=True, editable=False, null=True, of='ends'),
        ),
        migrations.AddField(
            model_name='trainingpage',
            name='notice',
            field=models.CharField(blank=True, help_text='Shown at the top: why it is cancelled or moved, and what that means for those who applied.', max_length=250, verbose_name='notice'),
        ),
        migrations.AddField(
            model_name='trainingpage',
            name='previous_ends',
            field=models.DateField(blank=True, null=True, verbose_name='last day before it was moved'),
        ),
        migrations.AddField(
            model_name='trainingpage',
            name='previous_starts',
            field=models.DateField(blank=True, null=True, verbose_name='first day before it was moved'),
        ),
        migrations.AddField(
            model_name='trainingpage',
            name='price_includes',
            field=wagtail.fields.RichTextField(blank=True, verbose_name='what the price includes'),
        ),
        migrations.AddField(
            model_name='trainingpage',
            name='report',
            field=wagtail.fields.StreamField([('paragraph', 0), ('next_training', 3), ('heading', 4), ('figure', 8), ('quote', 11), ('link', 15)], blank=True, block_lookup={0: ('imp_wagtail.trainings.blocks.words.ParagraphBlock', (), {}), 1: ('wagtail.snippets.blocks.SnippetChooserBlock', ('imp_pathways.Pathway',), {'label': 'Of this pathway only', 'required': False}), 2: ('wagtail.blocks.CharBlock', (), {'help_text': 'For instance: The next training will be held at', 'label': 'Words before', 'required': False}), 3: ('wagtail.blocks.StructBlock', [[('pathway', 1), ('sentence', 2)]], {}), 4: ('imp_wagtail.trainings.blocks.words.HeadingBlock', (), {}), 5: ('wagtail.images.blocks.ImageChooserBlock', (), {'label': 'Picture'}), 6: ('wagtail.blocks.CharBlock', (), {'help_text': 'For those who cannot see it. Empty if decorative.', 'label': 'Description', 'required': False}), 7: ('wagtail.blocks.CharBlock', (), {'label': 'Caption', 'required': False}), 8: ('wagtail.blocks.StructBlock', [[('image', 5), ('alternative', 6), ('caption', 7)]], {}), 9: ('wagtail.blocks.TextBlock', (), {'label': 'Quotation'}), 10: ('wagtail.blocks.CharBlock', (), {'label': 'Whose words', 'required': False}), 11: ('wagtail.blocks.StructBlock', [[('text', 9), ('source', 10)]], {}), 12: ('wagtail.blocks.CharBlock', (), {'label': 'Words'}), 13: ('wagtail.blocks.PageChooserBlock', (), {'label': 'Page', 'required': False}), 14: ('wagtail.blocks.URLBlock', (), {'label': 'Or address', 'required': False}), 15: ('wagtail.blocks.StructBlock', [[('text', 12), ('page', 13), ('url', 14)]], {})}, help_text='How it was. Shown with the pictures once the training is over.', verbose_name='report'),
        ),
        migrations.AddField(
            model_name='trainingpage',
            name='start_time',
            field=models.TimeField(blank=True, help_text='On the first day.', null=True, verbose_name='begins at'),
        ),
        migrations.AddField(
            model_name='trainingpage',
            name='status',
            field=models.CharField(choices=[('announced', 'announced'), ('open', 'open for applications'), ('waiting_list', 'waiting list'), ('full', 'full'), ('cancelled', 'cancelled')], default='announced', help_text='That it is over, or that its applications are closed, follows from the dates.', max_length=20, verbose_name='status'),
        ),
        migrations.AddField(
            model_name='trainingpage',
            name='time_zone',
            field=models.CharField(blank=True, choices=imp_wagtail.trainings.rules.zone_choices, help_text="Of the place where it is held. Empty: this site's own.", max_length=64, verbose_name='time zone'),
        ),
        migrations.CreateModel(
            name='CalendarEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField(unique=True)),
                ('sequence', models.PositiveIntegerField(default=0)),
                ('facts', models.JSONField()),
                ('is_public', models.BooleanField(default=True)),
                ('is_gone', models.BooleanField(default=False)),
                ('over_at', models.DateTimeField(db_index=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('changed_at', models.DateTimeField()),
                ('index', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='imp_trainings.trainingindexpage')),
            ],
            options={
                'verbose_name': 'calendar entry',
                'verbose_name_plural': 'calendar entries',
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='TrainingPicture',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sort_order', models.IntegerField(blank=True, editable=False, null=True)),
                ('alternative', models.CharField(blank=True, help_text="For those who cannot see it. Empty: the image's own.", max_length=250, verbose_name='description')),
                ('caption', models.CharField(blank=True, max_length=250, verbose_name='caption')),
                ('image', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=get_image_model_string(), verbose_name='picture')),
                ('page', modelcluster.fields.ParentalKey(on_delete=django.db.models.deletion.CASCADE, related_name='pictures', to='imp_trainings.trainingpage')),
            ],
            options={
                'verbose_name': 'picture of a training',
                'verbose_name_plural': 'pictures of a training',
                'ordering': ['sort_order'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='TrainingPrice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sort_order', models.IntegerField(blank=True, editable=False, null=True)),
                ('label', models.CharField(blank=True, help_text='Such as: shared room. Empty if there is one price for all.', max_length=80, verbose_name='for')),
                ('amount', models.DecimalField(decimal_places=2, max_digits=9, validators=[django.core.validators.MinValueValidator(0)], verbose_name='amount')),
                ('currency', imp_wagtail.core.money.CurrencyField(verbose_name='currency')),
                ('page', modelcluster.fields.ParentalKey(on_delete=django.db.models.deletion.CASCADE, related_name='prices', to='imp_trainings.trainingpage')),
            ],
            options={
                'verbose_name': 'price of a training',
                'verbose_name_plural': 'prices of a training',
                'ordering': ['sort_order'],
                'abstract': False,
            },
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.RunPython(enter, migrations.RunPython.noop),
    ]
