import json
import uuid
from collections import defaultdict

import django.core.validators
import django.db.models.deletion
import wagtail.fields
from django.conf import settings
from django.db import migrations, models
from django.utils import timezone
from django.utils.text import slugify

from imp_wagtail.core import roles
from imp_wagtail.core.names import first_free

PERMISSIONS = ["add", "change", "delete", "view", "publish", "lock", "unlock"]


class Keeping:
    """The questions that stand in pages, each made a record of its own, and the pages choosers of them.

    What is wholly equal on several pages becomes one. Two that differ never do: an address that is taken gets a
    number. Pages that are each other's translations make their questions of one address translations too.
    """

    def __init__(self, apps):
        self.Page = apps.get_model("imp_trainings", "FAQPage")
        self.Question = apps.get_model("imp_trainings", "Question")
        self.Revision = apps.get_model("wagtailcore", "Revision")
        self.content_type = apps.get_model("contenttypes", "ContentType").objects
        self.made = {}  # by language, address and words
        self.taken = defaultdict(set)  # addresses, by language
        self.keys = {}  # translation keys, by the page's and the address
        self.used_keys = set()

    def keep_page(self, page):
        own = {}  # the page's questions, by the address that they have in it
        page.sections = json.dumps(self.turned(list(page.sections.raw_data), page, own))
        page.save(update_fields=["sections"])
        # What readers see decides how a question is worded; what is to be published next is its draft.
        revisions = sorted(revisions_of(self.Revision, page), key=lambda item: item.pk, reverse=True)
        for revision in revisions:
            is_next = revision.pk == page.latest_revision_id or revision.approved_go_live_at is not None
            sections = self.turned(sections_of(revision), page, own, revision, is_next=is_next)
            revision.content["sections"] = json.dumps(sections)
            revision.save(update_fields=["content"])

    def turned(self, sections, page, own, revision=None, is_next=True):
        """A page's sections with keys in the place of questions."""
        for section in sections:
            section["value"]["questions"] = [
                {**named(item), "value": self.key_of(worded(item), page, own, revision, is_next)}
                for item in section["value"].get("questions", [])
            ]
        return sections

    def key_of(self, value, page, own, revision, is_next):
        if not value:
            return None
        wanted = value.get("anchor") or slugify(value.get("question", ""))[:55].strip("-") or "question"
        question = own.get(wanted)
        if question is None:
            # What only an old version of the page had is kept for it, and is no question of today's.
            question = own[wanted] = self.question(wanted, value, page, live=is_next)
        elif revision and is_next and not question.latest_revision_id and words(value) != words_of(question):
            self.draft(question, value, revision)
        return question.pk

    def question(self, wanted, value, page, live):
        equal = (page.locale_id, wanted, words(value))
        if equal not in self.made:
            anchor = first_free(wanted[:60], self.taken[page.locale_id])
            self.taken[page.locale_id].add(anchor)
            self.made[equal] = self.Question.objects.create(
                question=value.get("question", "")[:255],
                answer=json.dumps(value.get("answer", [])),
                anchor=anchor,
                locale_id=page.locale_id,
                translation_key=self.translation_key(page, wanted),
                live=live,
                first_published_at=page.first_published_at or timezone.now(),
                last_published_at=page.last_published_at or timezone.now(),
            )
        return self.made[equal]

    def translation_key(self, page, anchor):
        key = self.keys.setdefault((page.translation_key, anchor), uuid.uuid4())
        if (key, page.locale_id) in self.used_keys:
            key = uuid.uuid4()
        self.used_keys.add((key, page.locale_id))
        return key

    def draft(self, question, value, page_revision):
        """The other words of a page's draft, as the draft of its question."""
        kind, _made = self.content_type.get_or_create(app_label="imp_trainings", model="question")
        content = {"pk": question.pk, "question": value["question"], "answer": json.dumps(value.get("answer", []))}
        question.latest_revision = self.Revision.objects.create(
            content_type=kind,
            base_content_type=kind,
            object_id=str(question.pk),
            object_str=value["question"],
            created_at=page_revision.created_at,
            user_id=page_revision.user_id,
            content={**content, "anchor": question.anchor, "live": True, "locale": question.locale_id},
        )
        question.has_unpublished_changes = True
        question.save(update_fields=["latest_revision", "has_unpublished_changes"])


def revisions_of(model, page):
    kind = {"content_type__app_label": "imp_trainings", "content_type__model": "faqpage"}
    return model.objects.filter(object_id=str(page.pk), **kind)


def sections_of(revision):
    """What a revision holds of its page's sections; most hold them as text."""
    sections = revision.content.get("sections") or []
    return json.loads(sections) if isinstance(sections, str) else sections


def worded(item):
    """An item of a list as it is stored, or was before items had names of their own."""
    return item.get("value") if item.get("type") == "item" and "value" in item else item


def named(item):
    return {"type": "item", "id": item.get("id") if item.get("type") == "item" and item.get("id") else str(uuid.uuid4())}


def words(value):
    """What a question says, without what the database adds to it."""
    return value.get("question", ""), json.dumps(without_ids(value.get("answer", [])), sort_keys=True)


def words_of(question):
    return words({"question": question.question, "answer": json.loads(answer_of(question))})


def answer_of(question):
    answer = question.answer
    return answer if isinstance(answer, str) else json.dumps(list(answer.raw_data))


def without_ids(value):
    if isinstance(value, dict):
        return {name: without_ids(item) for name, item in value.items() if name != "id"}
    return [without_ids(item) for item in value] if isinstance(value, list) else value


def keep(apps, schema_editor):
    keeping = Keeping(apps)
    for page in keeping.Page.objects.order_by("pk"):
        keeping.keep_page(page)


def put_back(apps, schema_editor):
    """The questions back into their pages, as they are published."""
    questions = {
        question.pk: {
            "question": question.question,
            "answer": json.loads(answer_of(question)),
            "anchor": question.anchor or f"question-{question.pk}",
        }
        for question in apps.get_model("imp_trainings", "Question").objects.all()
    }

    def spelt_out(sections):
        for section in sections:
            chosen = [(item, questions.get(worded_key(item))) for item in section["value"].get("questions", [])]
            section["value"]["questions"] = [{**named_key(item), "value": value} for item, value in chosen if value]
        return json.dumps(sections)

    for page in apps.get_model("imp_trainings", "FAQPage").objects.all():
        page.sections = spelt_out(list(page.sections.raw_data))
        page.save(update_fields=["sections"])
        for revision in revisions_of(apps.get_model("wagtailcore", "Revision"), page):
            revision.content["sections"] = spelt_out(sections_of(revision))
            revision.save(update_fields=["content"])


def worded_key(item):
    return item.get("value") if isinstance(item, dict) else item


def named_key(item):
    return named(item if isinstance(item, dict) else {})


def grant(apps, schema_editor):
    roles.grant(apps, roles.EDITORS, "imp_trainings", {"question": PERMISSIONS})


def foreign_key(to, verbose_name, related_name="+"):
    return models.ForeignKey(
        blank=True,
        editable=False,
        null=True,
        on_delete=django.db.models.deletion.SET_NULL,
        related_name=related_name,
        to=to,
        verbose_name=verbose_name,
    )


ANSWER = {
    "block_types": [("paragraph", 0), ("next_training", 3)],
    "block_lookup": {
        0: ("imp_wagtail.trainings.blocks.words.ParagraphBlock", (), {}),
        1: (
            "wagtail.snippets.blocks.SnippetChooserBlock",
            ("imp_pathways.Pathway",),
            {"label": "Of this pathway only", "required": False},
        ),
        2: (
            "wagtail.blocks.CharBlock",
            (),
            {"help_text": "For instance: The next training will be held at", "label": "Words before", "required": False},
        ),
        3: ("wagtail.blocks.StructBlock", [[("pathway", 1), ("sentence", 2)]], {}),
    },
}


class Migration(migrations.Migration):
    dependencies = [
        ("imp_trainings", "0003_training_facts"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("wagtailcore", "0094_alter_page_locale"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Question",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("translation_key", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("live", models.BooleanField(default=True, editable=False, verbose_name="live")),
                (
                    "has_unpublished_changes",
                    models.BooleanField(default=False, editable=False, verbose_name="has unpublished changes"),
                ),
                (
                    "first_published_at",
                    models.DateTimeField(blank=True, db_index=True, null=True, verbose_name="first published at"),
                ),
                (
                    "last_published_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="last published at"),
                ),
                ("go_live_at", models.DateTimeField(blank=True, null=True, verbose_name="go live date/time")),
                ("expire_at", models.DateTimeField(blank=True, null=True, verbose_name="expiry date/time")),
                ("expired", models.BooleanField(default=False, editable=False, verbose_name="expired")),
                ("locked", models.BooleanField(default=False, editable=False, verbose_name="locked")),
                ("locked_at", models.DateTimeField(editable=False, null=True, verbose_name="locked at")),
                ("question", models.CharField(max_length=255, verbose_name="question")),
                ("answer", wagtail.fields.StreamField(**ANSWER, verbose_name="answer")),
                (
                    "anchor",
                    models.CharField(
                        blank=True,
                        help_text="Made from the question when left empty. Links to the question end in it, so keep it.",
                        max_length=60,
                        null=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z0-9-]+$", "Use small letters, digits and hyphens only."
                            )
                        ],
                        verbose_name="address of this question",
                    ),
                ),
                ("latest_revision", foreign_key("wagtailcore.revision", "latest revision")),
                ("live_revision", foreign_key("wagtailcore.revision", "live revision")),
                (
                    "locale",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="wagtailcore.locale",
                        verbose_name="locale",
                    ),
                ),
                ("locked_by", foreign_key(settings.AUTH_USER_MODEL, "locked by", related_name="locked_%(class)ss")),
            ],
            options={
                "verbose_name": "question",
                "verbose_name_plural": "questions",
                "ordering": ["question", "pk"],
                "abstract": False,
                "unique_together": {("translation_key", "locale")},
                "constraints": [
                    models.UniqueConstraint(fields=("anchor", "locale"), name="imp_question_anchor_per_locale")
                ],
            },
        ),
        migrations.AddField(
            model_name="faqpage",
            name="has_search",
            field=models.BooleanField(
                default=False,
                help_text="For a page of more than about twenty. Nobody is told what was looked for.",
                verbose_name="readers can search the questions",
            ),
        ),
        migrations.AlterField(
            model_name="faqpage",
            name="introduction",
            field=wagtail.fields.RichTextField(
                blank=True, help_text="One or two sentences below the title.", verbose_name="introduction"
            ),
        ),
        migrations.AlterField(
            model_name="faqpage",
            name="sections",
            field=wagtail.fields.StreamField(
                [("section", 3)],
                block_lookup={
                    0: ("wagtail.blocks.CharBlock", (), {"label": "Heading"}),
                    1: (
                        "wagtail.snippets.blocks.SnippetChooserBlock",
                        ("imp_trainings.Question",),
                        {"label": "Question"},
                    ),
                    2: (
                        "wagtail.blocks.ListBlock",
                        (1,),
                        {
                            "help_text": "Readers see those that are published, in this order. The numbers follow by themselves.",
                            "label": "Questions",
                            "min_num": 1,
                        },
                    ),
                    3: ("wagtail.blocks.StructBlock", [[("title", 0), ("questions", 2)]], {}),
                },
                help_text="Questions are kept once: change one here, and it changes wherever it stands.",
                verbose_name="sections",
            ),
        ),
        migrations.RunPython(keep, put_back),
        migrations.RunPython(grant, migrations.RunPython.noop),
    ]
