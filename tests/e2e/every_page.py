"""Every state that a public page can be in, made in the demo, and pages in Arabic beside them.

``make`` runs in a process of that site, and writes down the addresses that no link leads to.
"""

import datetime as dt
import json
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import Image as Picture
from wagtail.images import get_image_model
from wagtail.models import Locale, Page

from imp_wagtail.directory.contact.links import Party, confirm_link, report_link
from imp_wagtail.directory.models import DirectoryPage, Enquiry, Teacher
from imp_wagtail.directory.renewing.links import renewal_link
from imp_wagtail.letters.actions import replace, withdraw
from imp_wagtail.letters.models import Letter, Sending
from imp_wagtail.letters.sending.personal_links import personal_link
from imp_wagtail.pathways.models import Pathway, PathwayPage
from imp_wagtail.trainings.models import (
    ContentPage,
    FAQPage,
    Question,
    Trainer,
    TrainingIndexPage,
    TrainingPage,
    TrainingPicture,
    TrainingPrice,
    TrainingTrainer,
)

DAY = dt.timedelta(days=1)
PARAGRAPH = (
    "<p>يجمع هذا البرنامج بين ممارسة اليقظة الذهنية والحوار بين شخصين. يتدرّب المشاركون على الحضور معًا، "
    "وعلى الإصغاء والكلام بانتباه.</p><ul><li>أيام صامتة</li><li>تدريس بإشراف IMP 2027</li></ul>"
)


def make(file: str) -> None:
    """Make all of it. Into ``file`` goes a JSON object of names and addresses."""
    trainings()
    FAQPage.objects.filter(slug="faq").update(has_search=True)
    found = {**letters(), **personal_links()}
    arabic_pages()
    addresses = {name: urlsplit(address).path for name, address in found.items()}
    Path(file).write_text(json.dumps(addresses), encoding="utf-8")


# Trainings: one that takes applications and says all that it can, one cancelled, one moved, one of the past.


def trainings() -> None:
    today = timezone.localdate()
    index = TrainingIndexPage.objects.get()
    announced = TrainingPage.objects.get(slug="united-kingdom-2027")
    announced.status, announced.capacity = "open", 24
    announced.application_opens, announced.application_closes = today - 30 * DAY, today + 60 * DAY
    announced.application_url = "https://example.org/apply"
    announced.application_email = "applications@example.org"
    announced.audience = "<p>For teachers of mindfulness who have led at least four courses.</p>"
    announced.price_includes = "<p>Room and board, and all materials.</p>"
    announced.prices = [
        TrainingPrice(label="shared room", amount=1450, currency="GBP"),
        TrainingPrice(label="single room", amount=1725, currency="GBP"),
    ]
    announced.training_trainers = [TrainingTrainer(trainer=trainer()), TrainingTrainer(trainer=trainer("Robin Hale"))]
    announced.save_revision().publish()

    a_year = {"starts": announced.starts + 60 * DAY, "ends": announced.ends + 60 * DAY, "country": "ES"}
    add(index, "cancelled", **a_year, status="cancelled", notice="Too few applied. Those who did were written to.")
    moved = {"previous_starts": announced.starts + 20 * DAY, "previous_ends": announced.ends + 20 * DAY}
    moved["application_email"] = "applications@example.org"
    add(index, "moved", **a_year, **moved, status="waiting_list", notice="The house is being repaired until then.")
    past = TrainingPage.objects.get(slug="spain-2025")
    past.pictures = [
        TrainingPicture(image=picture(title), caption=f"{title}, in the morning")
        for title in ("The garden", "The hall")
    ]
    past.save_revision().publish()


def add(index: Page, slug: str, **values: Any) -> None:
    page = TrainingPage(title=f"A training that was {slug}", slug=slug, town="Valle de Ricote", **values)
    index.add_child(instance=page).save_revision().publish()


def trainer(name: str = "Alex Moreau") -> Trainer:
    biography = "Has taught for fifteen years, and lives by the sea."
    return Trainer.objects.create(name=name, biography=biography, photo=picture(name) if name[0] == "A" else None)


def picture(title: str) -> Any:
    file = BytesIO()
    Picture.effect_noise((900, 700), 60).convert("RGB").save(file, "JPEG")
    return get_image_model().objects.create(title=title, file=ContentFile(file.getvalue(), f"{title}.jpg"))


# What is reached by a code or a link of one's own.


def letters() -> dict[str, str]:
    genuine, replaced, withdrawn = Letter.objects.filter(state=Letter.State.VALID).order_by("pk")[:3]
    replace(replaced, reason="A name was misspelt.", by=None)
    withdraw(withdrawn, reason="Issued by mistake.", by=None)
    sending = Sending.objects.create(
        letter=genuine,
        to="someone@example.org",
        manner=Sending.Manner.LINK,
        language="en",
        expires_at=timezone.now() + 30 * DAY,
        subject="-",
        text="-",
    )
    codes = {"genuine": genuine, "replaced": replaced, "withdrawn": withdrawn}
    found = {name: f"/en/verify/{letter.printed_code}/" for name, letter in codes.items()}
    return {**found, "personal link": personal_link(sending)}


def personal_links() -> dict[str, str]:
    teacher = Teacher.objects.get(slug="anneke-de-wildt")
    asked = {"teacher": teacher, "sender_name": "Sam", "sender_email": "sam@example.org", "text": "Hello."}
    enquiry = Enquiry.objects.create(**asked, token=uuid4())
    renewal = renewal_link(teacher)
    return {
        "renewal": renewal,
        "leaving": f"{renewal}leave/",
        "report": report_link(enquiry, Party.TEACHER),
        "confirmation": confirm_link(enquiry),
    }


# Arabic. What is not given here stays English, as on a site that is being translated.


def arabic_pages() -> None:
    arabic = Locale.objects.create(language_code="ar")
    pathway = Pathway.objects.get(key="imp").copy_for_translation(arabic)
    pathway.title = "مسار التطوير"
    for stage, title in zip(
        pathway.stages.all(), ("الإعداد", "المشاركة", "الدعم والاستمرار", "الإتمام"), strict=False
    ):
        stage.title, stage.summary = title, "ما يُطلب في هذه المرحلة، وما يأتي بعدها."
    pathway.save()
    for question in Question.objects.filter(locale__language_code="en")[:4]:
        copy = question.copy_for_translation(arabic)
        copy.question = "كم يستغرق المسار من البداية إلى النهاية؟"
        copy.save()
        copy.save_revision().publish()
    body = json.dumps([{"type": "heading", "value": "ما هو؟"}, {"type": "paragraph", "value": PARAGRAPH}])
    home = ContentPage.objects.get(locale__language_code="en", depth=2)
    translated(home, arabic, title="برنامج اليقظة الذهنية بين الأشخاص", body=body)
    for page, title in (
        (TrainingIndexPage.objects.get(), "التدريبات"),
        (TrainingPage.objects.get(slug="united-kingdom-2027"), "تدريب المعلمين في المملكة المتحدة 2027"),
        (TrainingPage.objects.get(slug="moved"), "تدريب المعلمين في إسبانيا"),
        (PathwayPage.objects.get(slug="pathway"), "المسار"),
        (FAQPage.objects.get(slug="faq"), "أسئلة وأجوبة"),
        (DirectoryPage.objects.get(), "ابحث عن معلّم"),
    ):
        translated(page, arabic, title=title)


def translated(page: Page, locale: Locale, **values: Any) -> None:
    copy = page.copy_for_translation(locale, copy_parents=True)
    for name, value in values.items():
        setattr(copy, name, value)
    if hasattr(copy, "introduction"):
        copy.introduction = PARAGRAPH
    copy.save_revision().publish()
