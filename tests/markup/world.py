"""What there is to be seen on the public pages: every kind of content, and people in every state.

The content is in English, and copied for Arabic. Whoever gets letters or e-mails is made once for each language, and
so are their links, which lead to pages in it.
"""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from uuid import uuid4

from django.utils import timezone, translation
from wagtail.actions.copy_for_translation import CopyPageForTranslationAction
from wagtail.images.models import Image
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Locale, Page, Site

from imp_wagtail.core.packs import load_pack
from imp_wagtail.directory.models import Enquiry, Teacher, Town
from imp_wagtail.letters import actions as letters
from imp_wagtail.letters.models import Letter, Sending
from imp_wagtail.pathways.models import Pathway, Stage
from imp_wagtail.trainings.models import ContentPage, TrainingIndexPage, TrainingPrice
from tests.directory.contact.support import enquired
from tests.directory.public import rich_teacher
from tests.factories import (
    FAQPageFactory,
    LetterTemplateFactory,
    StageFactory,
    TeacherFactory,
    TownFactory,
    TrainerFactory,
    TrainingIndexPageFactory,
    TrainingPageFactory,
)
from tests.full_pack import write_full_pack
from tests.letters.conftest import issued
from tests.letters.mails import asked_for

LANGUAGES = ("en", "ar")


@dataclass(frozen=True)
class People:
    """Those who are met in one language."""

    language: str
    known: Teacher
    unknown: Teacher
    letters: dict[str, Letter]
    sending: Sending
    ended_sending: Sending
    enquiry: Enquiry
    reported: Enquiry


def build(folder: Path) -> dict[str, People]:
    """Fill the database. Returns the people by their language."""
    load_pack(write_full_pack(folder))
    site = Site.objects.get(is_default_site=True)
    site.site_name = "The collaborative"
    site.save()
    write_trainings(TrainingIndexPage.objects.get())
    write_further_pages(site.root_page)
    copy_for(Locale.objects.get_or_create(language_code="ar")[0], site.root_page)
    town = TownFactory()
    stage = StageFactory()
    LetterTemplateFactory(pathway=stage.pathway)
    return {language: people_in(language, stage, town) for language in LANGUAGES}


def picture(title: str = "A meadow") -> Image:
    return Image.objects.create(title=title, file=get_test_image_file(f"{title}.png", size=(800, 600)))


def write_trainings(index: TrainingIndexPage) -> None:
    """A training in each state that the pack has none in."""
    page = TrainingPageFactory(
        parent=index,
        slug="open",
        pathway=Pathway.objects.get(key="pottery"),
        status="open",
        town="Radstock",
        start_time=dt.time(17),
        end_time=dt.time(12, 30),
        time_zone="Europe/London",
        capacity=24,
        audience="<p>For teachers.</p>",
        price_includes="<p>Board.</p>",
        application_url="https://example.org/apply",
        application_closes=dt.date(2099, 9, 1),
        body=[("heading", "The days"), ("paragraph", "<p>Silence.</p>"), figure("By the pond"), figure("")],
    )
    page.training_trainers.create(trainer=TrainerFactory(name="Ada", biography="Teaches.", photo=picture("Ada")))
    page.training_trainers.create(trainer=TrainerFactory(name="Bo"))
    page.prices = [TrainingPrice(label=label, amount=Decimal(900), currency="EUR") for label in ("shared", "single")]
    page.save()
    apply = {"application_email": "apply@example.org"}
    TrainingPageFactory(parent=index, slug="bare")
    TrainingPageFactory(parent=index, slug="by-mail", status="open", **apply)
    TrainingPageFactory(parent=index, slug="closed", status="open", application_closes=dt.date(2020, 1, 1), **apply)
    TrainingPageFactory(parent=index, slug="full", status="full", format="online", venue="", country="")
    TrainingPageFactory(parent=index, slug="some-year", year_only=True)
    report = [("paragraph", "<p>It rained.</p>")]
    past = TrainingPageFactory(parent=index, slug="past", past=True, town="Assisi", country="IT", report=report)
    past.pictures.create(image=picture(), alternative="A meadow in the rain", caption="The first day")
    past.pictures.create(image=picture("The hall"))


def figure(caption: str) -> tuple[str, dict[str, object]]:
    return "figure", {"image": picture("A pond"), "alternative": "Water" if caption else "", "caption": caption}


def write_further_pages(home: Page) -> None:
    """Pages of which a site may have several, with nothing on them."""
    home.add_child(instance=ContentPage(title="Nothing yet", slug="empty", show_in_menus=True))
    TrainingIndexPageFactory(parent=home, title="No trainings", slug="no-trainings", introduction="<p>None.</p>")
    FAQPageFactory(parent=home, title="No questions", slug="no-questions", questions=[])


def copy_for(locale: Locale, home: Page) -> None:
    """The whole tree in another language, published."""
    for pathway in Pathway.objects.all():
        pathway.copy_for_translation(locale).save()
    tree = CopyPageForTranslationAction(home, locale, copy_parents=True, include_subtree=True)
    tree.execute(skip_permission_checks=True)
    for page in Page.objects.filter(locale=locale).specific():
        page.save_revision().publish()


def sent(letter: Letter) -> Sending:
    """A link that was sent, and opens for a day. (To deliver it takes a transaction's end, which does not come.)"""
    sending = asked_for(letter, "link")
    sending.state, sending.expires_at = Sending.State.SENT, timezone.now() + dt.timedelta(days=1)
    sending.save()
    return sending


def people_in(language: str, stage: Stage, town: Town) -> People:
    """One of each, with the links that they are sent."""
    person = {"participant__language": language}
    known = rich_teacher(
        name="Anneke de Wildt",
        slug=f"anneke-{language}",
        about="Small groups.\n\nOften by the sea.",
        website="https://example.org/",
        located_in=town,
        teaches_in_person=True,
        **person,
    )
    unknown = TeacherFactory(name="Ўлуғбек 王", slug=f"other-{language}", country="", town="", **person)
    valid, old, gone = (issued(stage, name, language=language) for name in ("Ana", "Bart", "Chloé"))
    with translation.override(language):
        sending, ended = (sent(letter) for letter in (valid, gone))
        enquiry, reported = (enquired(known, email=f"{uuid4().hex}@example.org") for _ in range(2))
    letters.replace(old, reason="Misspelt", by=None)
    letters.withdraw(gone, reason="By mistake", by=None)
    return People(
        language=language,
        known=known,
        unknown=unknown,
        letters={"genuine": valid, "replaced": old, "withdrawn": gone},
        sending=sending,
        ended_sending=ended,
        enquiry=enquiry,
        reported=reported,
    )
