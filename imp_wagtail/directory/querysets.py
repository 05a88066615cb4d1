"""Who is listed, and which of their courses are shown: one definition, asked by every page, search and feed."""

import datetime as dt

from django.db import models
from django.db.models import Exists, F, OuterRef, Prefetch, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import get_language
from wagtail.coreutils import get_supported_content_language_variant
from wagtail.images import get_image_model

from imp_wagtail.core.names import words_of
from imp_wagtail.participants.models import Enrolment
from imp_wagtail.pathways.models import Pathway


def with_consent() -> Q:
    """Consent is on record and was not withdrawn; the rule of ``Teacher.has_consent``."""
    return Q(consented_on__isnull=False, consent_ended_on__isnull=True)


def with_standing() -> Q:
    """What the participant completed opens the way into the directory; the rule of ``Teacher.has_standing``."""
    return Q(Exists(Enrolment.objects.may_be_listed().filter(participant=OuterRef("participant"))))


def completed_pathways() -> models.QuerySet[Enrolment]:
    """Completed enrolments, each with the pathway's title in the reader's language, the earliest first."""
    translated = Pathway.objects.filter(
        translation_key=OuterRef("pathway__translation_key"), locale__language_code=reading_language()
    )
    title = Coalesce(Subquery(translated.values("title")[:1]), F("pathway__title"))
    return Enrolment.objects.completed().annotate(pathway_title=title).order_by("completed_on", "pk")


def reading_language() -> str:
    """The content language that fits the active one; "" where there is none."""
    try:
        return str(get_supported_content_language_variant(get_language() or ""))
    except LookupError:
        return ""


class TeacherQuerySet(models.QuerySet):
    def listed(self) -> "TeacherQuerySet":
        """Those with consent and standing. Nobody else appears anywhere; see ``Teacher.is_listed``."""
        return self.filter(with_consent() & with_standing())

    def not_listed(self) -> "TeacherQuerySet":
        """Those whom the public does not see, for staff."""
        return self.filter(~(with_consent() & with_standing()))

    def matching(self, text: str) -> "TeacherQuerySet":
        """Teachers of whose name every word of the text is a part: any order, no matter the accents."""
        found = self
        for word in words_of(text):
            found = found.filter(folded_name__contains=word)
        return found

    def speaking(self, language: str) -> "TeacherQuerySet":
        """Those who teach in a language, given by its code."""
        from .models import TeacherLanguage

        return self.filter(Exists(TeacherLanguage.objects.filter(teacher=OuterRef("pk"), language=language)))

    def with_upcoming_courses(self) -> "TeacherQuerySet":
        """Those who have a course that is not over."""
        from .models import Course

        return self.filter(Exists(Course.objects.upcoming().filter(teacher=OuterRef("pk"))))

    def countries_and_languages(self) -> tuple[set[str], set[str]]:
        """The codes of the countries that they are in and of the languages that they teach in, in one query."""
        pairs = list(self.order_by().values_list("country", "languages__language").distinct())
        return {country for country, _language in pairs}, {language for _country, language in pairs if language}

    def for_display(self) -> "TeacherQuerySet":
        """With photo, languages, qualifications, upcoming courses and completed pathways, in seven queries.

        ``upcoming_courses`` and ``participant.completed_enrolments`` (each with ``pathway_title`` in the reader's
        language) are lists.
        """
        from .models import Course

        renditions = get_image_model().get_rendition_model().objects.all()
        return self.select_related("participant", "photo").prefetch_related(
            "languages",
            "qualifications",
            Prefetch("photo__renditions", queryset=renditions, to_attr="prefetched_renditions"),
            Prefetch("courses", queryset=Course.objects.upcoming(), to_attr="upcoming_courses"),
            Prefetch("participant__enrolments", queryset=completed_pathways(), to_attr="completed_enrolments"),
        )

    def for_staff(self) -> "TeacherQuerySet":
        """With what the listing in the admin shows of each, in a fixed number of queries."""
        return self.select_related("participant").prefetch_related("languages", "participant__enrolments")


class CourseQuerySet(models.QuerySet):
    def upcoming(self) -> "CourseQuerySet":
        """Courses that are not over, the soonest first; the last day still counts."""
        return self.filter(ends__gte=timezone.localdate()).order_by("starts", "pk")

    def listed(self) -> "CourseQuerySet":
        """Upcoming courses of listed teachers."""
        from .models import Teacher

        return self.upcoming().filter(teacher__in=Teacher.objects.listed())


def is_current(valid_until: dt.date | None) -> bool:
    """Whether something that may end is still valid today; the last day counts."""
    return valid_until is None or valid_until >= timezone.localdate()
