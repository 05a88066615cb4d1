"""People, pathways and pages for tests: each factory line says only what the test is about."""

import datetime as dt
import json
from decimal import Decimal
from typing import Any

import factory
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from factory.django import DjangoModelFactory
from wagtail.models import Locale, Page, Site

from imp_wagtail.core import roles
from imp_wagtail.core.names import folded
from imp_wagtail.directory.actions import publish
from imp_wagtail.directory.models import Consent, Course, DirectoryPage, Purpose, Qualification, Teacher, Town
from imp_wagtail.letters.models import LetterMessage, LetterTemplate
from imp_wagtail.participants.models import Cohort, Enrolment, Membership, Participant, Session
from imp_wagtail.pathways.models import Pathway, PathwayPage, Requirement, Stage
from imp_wagtail.pathways.rules import CohortKind, Kind
from imp_wagtail.trainings.models import FAQPage, Question, Trainer, TrainingIndexPage, TrainingPage


class UserFactory(DjangoModelFactory):
    """Somebody with an account and no rights; ``UserFactory(role=roles.REGISTRARS)`` for a role."""

    class Meta:
        model = get_user_model()
        skip_postgeneration_save = True

    username = factory.Sequence("user{}".format)
    email = factory.LazyAttribute(lambda user: f"{user.username}@example.org")

    @factory.post_generation
    def role(self, create: bool, extracted: str | None, **kwargs: Any) -> None:
        if extracted:
            self.groups.add(Group.objects.get(name=extracted))

    class Params:
        superuser = factory.Trait(is_superuser=True, is_staff=True)


def registrar() -> Any:
    return UserFactory(role=roles.REGISTRARS)


def editor() -> Any:
    return UserFactory(role=roles.EDITORS)


def facilitator() -> Any:
    return UserFactory(role=roles.FACILITATORS)


class PathwayFactory(DjangoModelFactory):
    class Meta:
        model = Pathway

    key = factory.Sequence("pathway-{}".format)
    title = factory.Sequence("Pathway {}".format)
    programme = "Interpersonal Mindfulness"
    locale = factory.LazyFunction(Locale.get_default)


class StageFactory(DjangoModelFactory):
    class Meta:
        model = Stage

    pathway = factory.SubFactory(PathwayFactory)
    key = factory.Sequence("stage-{}".format)
    title = factory.Sequence("Stage {}".format)
    sort_order = factory.LazyAttribute(lambda stage: Stage.objects.filter(pathway=stage.pathway).count())
    locale = factory.SelfAttribute("pathway.locale")


class RequirementFactory(DjangoModelFactory):
    """A confirmation, unless a trait says otherwise."""

    class Meta:
        model = Requirement

    stage = factory.SubFactory(StageFactory)
    key = factory.Sequence("requirement-{}".format)
    title = factory.Sequence("Requirement {}".format)
    sort_order = factory.LazyAttribute(lambda item: Requirement.objects.filter(stage=item.stage).count())
    locale = factory.SelfAttribute("stage.locale")

    class Params:
        retreats = factory.Trait(
            kind=Kind.COUNT, amount=Decimal(2), each_min=Decimal(5), each_max=Decimal(7), unit="days"
        )
        cycles = factory.Trait(kind=Kind.COUNT, amount=Decimal(4))
        practice_hours = factory.Trait(kind=Kind.HOURS, amount=Decimal(20))
        training_days = factory.Trait(kind=Kind.SESSIONS, amount=Decimal(2), cohort_kind=CohortKind.TRAINING)
        supervision = factory.Trait(
            kind=Kind.SESSIONS,
            amount=Decimal(3),
            cohort_kind=CohortKind.SUPERVISION,
            each_min=Decimal("1.5"),
            each_max=Decimal(2),
            unit="hours",
        )
        earlier_stages = factory.Trait(kind=Kind.EARLIER_STAGES)


class ParticipantFactory(DjangoModelFactory):
    class Meta:
        model = Participant

    name = factory.Sequence("Participant {}".format)
    email = factory.Sequence("participant{}@example.org".format)
    country = "NL"
    language = "en"


class EnrolmentFactory(DjangoModelFactory):
    """An enrolment as ``actions.enrol`` leaves it: with progress stored. Give it a pathway with its stages."""

    class Meta:
        model = Enrolment
        skip_postgeneration_save = True

    participant = factory.SubFactory(ParticipantFactory)
    pathway = factory.SubFactory(PathwayFactory)
    enrolled_on = dt.date(2024, 1, 15)

    @factory.post_generation
    def progress_stored(self, create: bool, extracted: Any, **kwargs: Any) -> None:
        from imp_wagtail.participants.actions import recompute

        recompute(self)


class CohortFactory(DjangoModelFactory):
    class Meta:
        model = Cohort

    title = factory.Sequence("Cohort {}".format)
    kind = CohortKind.SUPERVISION
    pathway = factory.SubFactory(PathwayFactory)


class MembershipFactory(DjangoModelFactory):
    class Meta:
        model = Membership

    cohort = factory.SubFactory(CohortFactory)
    enrolment = factory.SubFactory(EnrolmentFactory, pathway=factory.SelfAttribute("..cohort.pathway"))


class SessionFactory(DjangoModelFactory):
    class Meta:
        model = Session

    cohort = factory.SubFactory(CohortFactory)
    date = factory.Sequence(lambda n: dt.date(2024, 3, 1) + dt.timedelta(days=n % 300))
    hours = Decimal("1.5")


def signed_by(name: str, role: str = "", signature: Any = None) -> tuple[str, dict[str, Any]]:
    """One of a template's signatories."""
    return "signatory", {"name": name, "role": role, "signature": signature}


class LetterTemplateFactory(DjangoModelFactory):
    class Meta:
        model = LetterTemplate

    pathway = factory.SubFactory(PathwayFactory)
    locale = factory.SelfAttribute("pathway.locale")
    heading = "Letter of completion"
    body = "<p>This is to confirm that {name} completed {stage} on {completed_on}.</p>"
    place = "Utrecht"
    signatories = factory.LazyFunction(lambda: [signed_by("A. Signatory", "For the collaborative")])


class LetterMessageFactory(DjangoModelFactory):
    """What is written with letters of every pathway, unless one is given."""

    class Meta:
        model = LetterMessage

    locale = factory.LazyFunction(Locale.get_default)
    subject = "Your letter"
    body = "Dear {name},\n\n{link}"


class TeacherFactory(DjangoModelFactory):
    """A teacher with consent whose participant has completed a pathway: listed, unless said otherwise.

    ``consent``: the day on which a public profile was agreed to, or ``False``; ``agrees_to``: further purposes.
    """

    class Meta:
        model = Teacher
        skip_postgeneration_save = True

    participant = factory.SubFactory(ParticipantFactory)
    name = factory.Sequence("Teacher {}".format)
    slug = factory.Sequence("teacher-{}".format)
    country = "NL"
    town = "Utrecht"

    @factory.post_generation
    def consent(self, create: bool, extracted: dt.date | bool | None, **kwargs: Any) -> None:
        if extracted is not False:
            given_on = extracted or dt.date(2025, 1, 1)
            ConsentFactory(teacher=self, purpose=Purpose.PROFILE, given_on=given_on, **kwargs)

    @factory.post_generation
    def agrees_to(self, create: bool, extracted: list[str] | None, **kwargs: Any) -> None:
        for purpose in extracted or []:
            ConsentFactory(teacher=self, purpose=purpose)

    @factory.post_generation
    def speaks(self, create: bool, extracted: list[str] | None, **kwargs: Any) -> None:
        for language in extracted or []:
            self.languages.create(language=language)

    @factory.post_generation
    def standing(self, create: bool, extracted: bool | None, **kwargs: Any) -> None:
        """``standing=False`` leaves the participant without a completed pathway."""
        if extracted is not False:
            EnrolmentFactory(participant=self.participant)
            day = dt.date(2024, 12, 1)
            self.participant.enrolments.update(completed_on=day, may_be_listed_on=day)

    @factory.post_generation
    def published(self, create: bool, extracted: bool | None, **kwargs: Any) -> None:
        """As every action does it; the last, when all else is there."""
        publish(self)


class ConsentFactory(DjangoModelFactory):
    class Meta:
        model = Consent

    purpose = Purpose.PROFILE
    given_on = dt.date(2025, 1, 1)


class TownFactory(DjangoModelFactory):
    class Meta:
        model = Town
        skip_postgeneration_save = True

    id = factory.Sequence(lambda number: 1000 + number)
    name = "Utrecht"
    country = "NL"
    region = "NL.09"
    latitude = 52.09083
    longitude = 5.12222
    population = 376435

    @factory.post_generation
    def called(self, create: bool, extracted: list[str] | None, **kwargs: Any) -> None:
        """Further names, as they are written."""
        for name in {folded(name) for name in [self.name, *(extracted or [])]}:
            self.names.create(folded=name)


class CourseFactory(DjangoModelFactory):
    class Meta:
        model = Course
        skip_postgeneration_save = True

    teacher = factory.SubFactory(TeacherFactory)
    title = factory.Sequence("Course {}".format)
    starts = dt.date(2099, 3, 1)
    ends = dt.date(2099, 4, 26)
    language = "en"

    @factory.post_generation
    def published(self, create: bool, extracted: bool | None, **kwargs: Any) -> None:
        publish(self.teacher)


class QualificationFactory(DjangoModelFactory):
    class Meta:
        model = Qualification
        skip_postgeneration_save = True

    teacher = factory.SubFactory(TeacherFactory)
    sort = Qualification.Sort.ACCREDITED
    title = "Accredited teacher"
    body = "An independent body"
    checked_on = dt.date(2025, 1, 1)

    @factory.post_generation
    def published(self, create: bool, extracted: bool | None, **kwargs: Any) -> None:
        publish(self.teacher)


class TrainerFactory(DjangoModelFactory):
    class Meta:
        model = Trainer

    name = factory.Sequence("Trainer {}".format)
    locale = factory.LazyFunction(Locale.get_default)


class PageFactory(DjangoModelFactory):
    """A published page below the site's root page; ``parent`` puts it elsewhere."""

    class Meta:
        abstract = True

    title = factory.Sequence("Page {}".format)

    @classmethod
    def _create(cls, model_class: type[Page], *args: Any, **kwargs: Any) -> Page:
        parent = kwargs.pop("parent", None) or Site.objects.get(is_default_site=True).root_page
        return parent.add_child(instance=model_class(*args, **kwargs))


class PathwayPageFactory(PageFactory):
    class Meta:
        model = PathwayPage

    slug = "pathway"
    pathway = factory.SubFactory(PathwayFactory)


class TrainingIndexPageFactory(PageFactory):
    class Meta:
        model = TrainingIndexPage

    title = "Trainings"
    slug = "trainings"


class TrainingPageFactory(PageFactory):
    """A residential training in the far future; ``past=True`` for one that is over."""

    class Meta:
        model = TrainingPage

    title = factory.Sequence("Training {}".format)
    parent = factory.LazyFunction(lambda: TrainingIndexPage.objects.first() or TrainingIndexPageFactory())
    starts = dt.date(2099, 10, 21)
    ends = dt.date(2099, 10, 30)
    venue = "Ammerdown"
    country = "GB"
    languages = factory.LazyFunction(lambda: ["en"])

    class Params:
        past = factory.Trait(starts=dt.date(2019, 5, 1), ends=dt.date(2019, 5, 10))


class QuestionFactory(DjangoModelFactory):
    """A published question, unless ``live=False``; ``says`` is its answer as rich text."""

    class Meta:
        model = Question

    question = factory.Sequence("Question {}?".format)
    answer = factory.LazyAttribute(lambda made: json.dumps([{"type": "paragraph", "value": made.says}]))
    locale = factory.LazyFunction(Locale.get_default)

    class Params:
        says = "<p>Yes.</p>"


def section_of(title: str, *questions: Question) -> dict[str, Any]:
    """One section of a page of questions, as the page's field holds it."""
    return {"type": "section", "value": {"title": title, "questions": [question.pk for question in questions]}}


class FAQPageFactory(PageFactory):
    """A page of questions; ``questions`` stand in one section, ``sections`` are given by ``section_of``."""

    class Meta:
        model = FAQPage

    title = "Questions"
    slug = "faq"

    @classmethod
    def _create(cls, model_class: type[Page], *args: Any, **kwargs: Any) -> Page:
        questions = kwargs.pop("questions", None)
        if questions is not None:
            kwargs["sections"] = [section_of("Section", *questions)]
        return super()._create(model_class, *args, **{**kwargs, "sections": json.dumps(kwargs.get("sections", []))})


class DirectoryPageFactory(PageFactory):
    class Meta:
        model = DirectoryPage

    title = "Teachers"
    slug = "teachers"
