"""Who is listed, and which of their courses are shown: one definition, asked by every page, search and feed."""

import datetime as dt

from django.db import models
from django.db.models import Exists, F, OuterRef, Prefetch, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from imp_wagtail.core.conf import settings
from imp_wagtail.core.names import words_of
from imp_wagtail.core.translation import reading_language
from imp_wagtail.participants.models import Enrolment
from imp_wagtail.pathways.models import Pathway


def with_consent(purpose: str = "profile") -> Q:
    """Consent to a purpose that counts today; the rule of ``Teacher.agrees_to``."""
    from .models import Consent

    return Q(Exists(Consent.objects.current().to(purpose).filter(teacher=OuterRef("pk"))))


def with_standing() -> Q:
    """A completed pathway or staff's decision opens the way into the directory; see ``Teacher.has_standing``."""
    completed = Exists(Enrolment.objects.may_be_listed().filter(participant=OuterRef("participant")))
    return Q(recognised_on__isnull=False) | Q(completed)


def not_run_out() -> Q:
    """The listing's last day has not passed; the rule of ``Teacher.has_run_out``."""
    return Q(listed_until__isnull=True) | Q(listed_until__gte=timezone.localdate())


def not_suspended() -> Q:
    """Staff did not take it out for the time being; the rule of ``Teacher.is_suspended``."""
    return Q(suspended_on__isnull=True)


def is_listed() -> Q:
    """All that it takes to be seen by the public: the one definition of it, ``Teacher.is_listed`` as a condition."""
    return not_suspended() & not_run_out() & with_consent() & with_standing()


def was_asked() -> Q:
    """Consent to a public profile was recorded at some time; the rule of ``Teacher.was_asked``."""
    from .models import Consent

    return Q(Exists(Consent.objects.to("profile").filter(teacher=OuterRef("pk"))))


def to_earlier_text() -> Q:
    """The consent on record is to a wording that counts no more; the rule of ``Teacher.agreed_to_earlier_text``."""
    from .models import Consent

    given = Consent.objects.to("profile").filter(teacher=OuterRef("pk"), ended_on__isnull=True)
    return Q(Exists(given)) & ~with_consent()


def accreditation_to_check() -> Q:
    """Of qualifications: nobody has checked it with its body; the rule of ``Qualification.is_to_be_checked``."""
    still = Q(valid_until__isnull=True) | Q(valid_until__gte=timezone.localdate())
    return Q(sort="accredited", checked_on__isnull=True) & still


def ends_soon_by() -> dt.date:
    """Up to this day, the end of a listing is near: its teacher has been reminded of it, or should have been."""
    return timezone.localdate() + dt.timedelta(days=max(settings.LISTING_REMIND_DAYS, default=0))


#: After so many days without a change or a renewal, somebody should look whether an entry is still true.
STALE_DAYS = 365


def stale_before() -> dt.date:
    """What was changed and renewed before this day only is stale."""
    return timezone.localdate() - dt.timedelta(days=STALE_DAYS)


def completed_pathways() -> models.QuerySet[Enrolment]:
    """Completed enrolments, each with the pathway's title in the reader's language, the earliest first."""
    translated = Pathway.objects.filter(
        translation_key=OuterRef("pathway__translation_key"), locale__language_code=reading_language()
    )
    title = Coalesce(Subquery(translated.values("title")[:1]), F("pathway__title"))
    return Enrolment.objects.completed().annotate(pathway_title=title).order_by("completed_on", "pk")


class TeacherQuerySet(models.QuerySet):
    def listed(self) -> "TeacherQuerySet":
        """Those whom the public sees. Nobody else appears anywhere; see ``Teacher.is_listed``."""
        return self.filter(is_listed())

    def agreeing_to(self, purpose: str) -> "TeacherQuerySet":
        """Those whose consent to one more purpose counts today."""
        return self.filter(with_consent(purpose))

    def not_listed(self) -> "TeacherQuerySet":
        """Those whom the public does not see, for staff."""
        return self.filter(~is_listed())

    def awaiting(self) -> "TeacherQuerySet":
        """Those whom nobody asked yet, and those who agreed and whom no pathway or decision of staff confirms yet."""
        return self.filter(~was_asked() | (with_consent() & ~with_standing()))

    def agreeing_to_earlier_text(self) -> "TeacherQuerySet":
        """Those who are to be asked anew; see ``Teacher.agreed_to_earlier_text``."""
        return self.filter(to_earlier_text())

    def ending_soon(self) -> "TeacherQuerySet":
        """Listed ones that are to be renewed; see ``Teacher.ends_soon``."""
        return self.listed().filter(listed_until__lte=ends_soon_by())

    def run_out(self) -> "TeacherQuerySet":
        """Those whose listing was not renewed in time; see ``Teacher.has_run_out``."""
        return self.filter(~not_run_out())

    def suspended(self) -> "TeacherQuerySet":
        """Those whom staff took out for the time being; see ``Teacher.is_suspended``."""
        return self.filter(~not_suspended())

    def stale(self) -> "TeacherQuerySet":
        """Those neither changed nor renewed for a year; see ``Teacher.is_stale``."""
        midnight = timezone.make_aware(dt.datetime.combine(stale_before(), dt.time.min))
        not_renewed = Q(renewed_on__isnull=True) | Q(renewed_on__lt=stale_before())
        return self.filter(not_renewed, updated_at__lt=midnight)

    def with_accreditation_to_check(self) -> "TeacherQuerySet":
        """Those of whom nobody has checked an accreditation with its body, so that the public does not see it."""
        from .models import Qualification

        unchecked = Qualification.objects.filter(accreditation_to_check(), teacher=OuterRef("pk"))
        return self.filter(Exists(unchecked))

    def matching(self, text: str) -> "TeacherQuerySet":
        """Teachers of whose name every word of the text is a part: any order, no matter the accents."""
        found = self
        for word in words_of(text):
            found = found.filter(folded_name__contains=word)
        return found

    def countries_and_languages(self) -> tuple[set[str], set[str]]:
        """The codes of the countries that they are in and of the languages that they teach in, in one query."""
        pairs = list(self.order_by().values_list("country", "languages__language").distinct())
        return {country for country, _language in pairs}, {language for _country, language in pairs if language}

    def for_publishing(self) -> "TeacherQuerySet":
        """With all that is worked out of each at a change, in a fixed number of queries."""
        from .models import Course

        completed = Enrolment.objects.completed().select_related("pathway").order_by("completed_on", "pk")
        return (
            self.for_staff()
            .select_related("located_in", "photo")
            .prefetch_related(
                "qualifications",
                Prefetch("courses", queryset=Course.objects.upcoming(), to_attr="upcoming_courses"),
                Prefetch("participant__enrolments", queryset=completed, to_attr="completed_enrolments"),
            )
        )

    def for_staff(self) -> "TeacherQuerySet":
        """With what the listing in the admin shows of each, in a fixed number of queries."""
        from .models import Consent

        profile = Consent.objects.current().to("profile").filter(teacher=OuterRef("pk"))
        consented_on = Subquery(profile.order_by("-given_on").values("given_on")[:1])
        return (
            self.annotate(consented_on=consented_on)
            .select_related("participant")
            .prefetch_related(
                "languages",
                "participant__enrolments",
                "consents",
                Prefetch("consents", queryset=Consent.objects.current(), to_attr="current_consents"),
            )
        )


class CourseQuerySet(models.QuerySet):
    def upcoming(self) -> "CourseQuerySet":
        """Courses that are not over, the soonest first; the last day still counts. Cancelled ones are among them."""
        return self.filter(ends__gte=timezone.localdate()).order_by("starts", "pk")

    def taking_place(self) -> "CourseQuerySet":
        """Upcoming courses that are not cancelled."""
        return self.upcoming().exclude(state="cancelled")

    def listed(self) -> "CourseQuerySet":
        """Upcoming courses of listed teachers."""
        from .models import Teacher

        return self.upcoming().filter(teacher__in=Teacher.objects.listed())


def is_current(valid_until: dt.date | None) -> bool:
    """Whether something that may end is still valid today; the last day counts."""
    return valid_until is None or valid_until >= timezone.localdate()
