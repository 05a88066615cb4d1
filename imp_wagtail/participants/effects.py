"""What a change of a pathway's rules would mean for the people on it, worked out before it is saved."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from imp_wagtail.pathways.effects import ProposedStage
from imp_wagtail.pathways.models import Pathway

from .derived import Difference, differences
from .facts import StageRules, facts_of_many
from .models import Enrolment, StageProgress

#: People looked at together.
BATCH = 500


def rule_effects(pathway: Pathway, stages: list[ProposedStage]) -> list[str]:
    """For the hook of pathways: how many people would stand elsewhere, and what of it would hurt."""
    rules = [StageRules(item.stage, item.requirements) for item in stages]
    enrolments = Enrolment.objects.filter(pathway=pathway).order_by("pk")
    counts: Counter[str] = Counter()
    batch: list[Enrolment] = []
    for enrolment in enrolments.iterator(chunk_size=BATCH):
        batch.append(enrolment)
        if len(batch) == BATCH:
            counts += _counted(batch, rules)
            batch = []
    counts += _counted(batch, rules)
    return _in_words(counts, enrolments.count())


def _counted(enrolments: list[Enrolment], rules: list[StageRules]) -> Counter[str]:
    facts = [replace(item, rules=rules) for item in facts_of_many(enrolments)] if enrolments else []
    return Counter(kind for difference in differences(facts) for kind in _kinds(difference))


def _kinds(difference: Difference) -> Iterable[str]:
    before, after = difference.before, difference.after
    yield "changed"
    if before.enrolment["completed_on"] and not after.enrolment["completed_on"]:
        yield "reopened"
    if before.enrolment["may_be_listed_on"] and not after.enrolment["may_be_listed_on"]:
        yield "unlisted"
    if before.enrolment["may_teach_on"] and not after.enrolment["may_teach_on"]:
        yield "untaught"
    if any(
        after.stages[stage]["state"] == StageProgress.State.READY and row["state"] in ("not_started", "in_progress")
        for stage, row in before.stages.items()
        if stage in after.stages
    ):
        yield "ready"


def _in_words(counts: Counter[str], total: int) -> list[str]:
    if not counts["changed"]:
        return []
    n = counts["changed"]
    found = [
        ngettext(
            "These rules change where %(n)d person of %(total)d on this pathway stands.",
            "These rules change where %(n)d people of %(total)d on this pathway stand.",
            n,
        )
        % {"n": n, "total": total}
    ]
    texts = {
        "ready": _("Ready to complete a stage by them: %(n)d."),
        "reopened": _("No longer through with the pathway: %(n)d."),
        "untaught": _("No longer free to teach: %(n)d."),
        "unlisted": _("No longer free to be listed: %(n)d."),
    }
    return found + [text % {"n": counts[kind]} for kind, text in texts.items() if counts[kind]]
