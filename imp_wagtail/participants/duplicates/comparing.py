"""Two records side by side, before they become one: what each says, what hangs on each, and what will happen."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Count
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail import hooks

from imp_wagtail.core.dates import long_date
from imp_wagtail.core.words import quoted

from ..models import Attendance, Decision, Enrolment, Evidence, Extension, Membership, Participant, StageCompletion
from .enrolments import STANDING, livelier, same_evidence
from .merging import FIELDS, KEEP, OTHER

#: Functions ``(keep, other, request) -> list[ComparedRow]``; permission to see one is the function's to check.
MERGE_ROWS_HOOK = "imp_merge_rows"


@dataclass(frozen=True)
class ComparedRow:
    """One line of the comparison. With a ``name``, staff choose between what differs; it is a key of ``choices``."""

    label: str
    keep: str
    other: str
    name: str = ""

    @property
    def is_choice(self) -> bool:
        return bool(self.name) and self.keep != self.other

    @property
    def preferred(self) -> str:
        """The side that is chosen unless staff choose: the record kept, unless it says nothing."""
        return KEEP if self.keep else OTHER


def compared_rows(keep: Participant, other: Participant, request: HttpRequest) -> list[ComparedRow]:
    """Everything to show about both, in a fixed number of queries."""
    pathways = Participant.objects.with_progress().in_bulk([keep.pk, other.pk])
    added = (row for hook in hooks.get_hooks(MERGE_ROWS_HOOK) for row in hook(keep, other, request))
    return [
        *(ComparedRow(label_of(name), shown(keep, name), shown(other, name), name) for name in FIELDS),
        ComparedRow(_("Private notes"), keep.notes, other.notes),
        ComparedRow(_("Added"), long_date(keep.created_at), long_date(other.created_at)),
        ComparedRow(_("Pathways"), pathways[keep.pk].standing, pathways[other.pk].standing),
        *_counted(keep, other),
        *added,
    ]


def label_of(name: str) -> str:
    return capfirst(str(Participant._meta.get_field(name).verbose_name))


def shown(person: Participant, name: str) -> str:
    """A detail in words; "" where there is none."""
    value = getattr(person, name)
    display = getattr(person, f"get_{name}_display", None)
    return str(display() if display and value else value or "")


def _counted(keep: Participant, other: Participant) -> Iterator[ComparedRow]:
    """How much of each kind is on record; of what can be taken back, what stands."""
    kinds = [
        (_("Evidence"), Evidence.objects.all()),
        (_("Decisions"), Decision.objects.filter(stands=True)),
        (_("Completed stages"), StageCompletion.objects.filter(stands=True)),
        (_("Extensions"), Extension.objects.filter(stands=True)),
        (_("Cohorts"), Membership.objects.all()),
        (_("Sessions attended"), Attendance.objects.all()),
    ]
    for label, rows in kinds:
        of_both = rows.filter(enrolment__participant__in=[keep, other]).order_by()
        counts = dict(of_both.values_list("enrolment__participant").annotate(Count("pk")))
        yield ComparedRow(label, str(counts.get(keep.pk, 0)), str(counts.get(other.pk, 0)))


def outlook(keep: Participant, other: Participant) -> list[str]:
    """What merging will do, in sentences; each says what staff could not undo."""
    sentences = [
        _("Everything on record for either of them will be on record for “%(name)s”, the history included.")
        % {"name": keep}
    ]
    for kept, gone in shared_pathways(keep, other):
        sentences += [_one_enrolment(kept, gone), *_not_standing(kept, gone), *_same_evidence(kept, gone)]
    if keep.notes.strip() and other.notes.strip():
        sentences.append(_("The private notes of both are kept, one below the other."))
    sentences.append(_("The second record is deleted. This cannot be undone."))
    return sentences


def shared_pathways(keep: Participant, other: Participant) -> list[tuple[Enrolment, Enrolment]]:
    """The enrolments of both on the same pathway."""
    rows = Enrolment.objects.filter(participant__in=[keep, other]).select_related("pathway").order_by("pk")
    kept = {row.pathway_id: row for row in rows if row.participant_id == keep.pk}
    return [(kept[row.pathway_id], row) for row in rows if row.participant_id == other.pk and row.pathway_id in kept]


def _one_enrolment(kept: Enrolment, gone: Enrolment) -> str:
    text = _("Both are on “%(pathway)s”. Of the two enrolments there will be one: since %(date)s, %(status)s.")
    return text % {
        "pathway": kept.pathway,
        "date": long_date(min(kept.enrolled_on, gone.enrolled_on)),
        "status": Enrolment.Status(livelier(kept, gone)).label,
    }


def _not_standing(kept: Enrolment, gone: Enrolment) -> Iterator[str]:
    """What stands on both sides, of which the other's will not."""
    text = _("%(what)s is on record for both: %(keep)s stands, %(other)s is kept and no longer counts.")
    for name, about in STANDING.items():
        what = about.removesuffix("_id")
        theirs = {getattr(row, about): row for row in getattr(gone, name).filter(stands=True).select_related(what)}
        for row in getattr(kept, name).filter(stands=True, **{f"{about}__in": theirs}).order_by("pk"):
            given_up = theirs[getattr(row, about)]
            subject = f"{capfirst(str(row._meta.verbose_name))} {quoted(getattr(given_up, what))}"
            yield text % {"what": subject, "keep": standing_in_words(row), "other": standing_in_words(given_up)}


def standing_in_words(row: Decision | StageCompletion | Extension) -> str:
    """What tells one from the other: outcome and day."""
    if isinstance(row, Decision):
        return f"{row.get_outcome_display()}, {long_date(row.decided_on)}"
    return long_date(row.completed_on if isinstance(row, StageCompletion) else row.until)


def _same_evidence(kept: Enrolment, gone: Enrolment) -> Iterator[str]:
    same = same_evidence(kept, gone)
    double = sum(pair.has_two_documents for pair in same)
    if once := len(same) - double:
        yield ngettext(
            "%(count)d piece of evidence is the same on both sides; it is kept once.",
            "%(count)d pieces of evidence are the same on both sides; each is kept once.",
            once,
        ) % {"count": once}
    if double:
        yield ngettext(
            "%(count)d piece of evidence is the same on both sides but with different documents. Both are kept, and "
            "both count: remove one afterwards.",
            "%(count)d pieces of evidence are the same on both sides but with different documents. Both are kept, "
            "and both count: remove one of each afterwards.",
            double,
        ) % {"count": double}
