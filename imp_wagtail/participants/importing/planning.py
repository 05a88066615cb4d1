"""Who the people of a file are, and what is to happen for each: worked out beside what is on record."""

from collections.abc import Sequence

from django.utils import timezone
from django.utils.translation import gettext as _

from imp_wagtail.core.dates import long_date
from imp_wagtail.core.fields import email_key
from imp_wagtail.core.names import folded, name_key

from ..actions import refuse_impossible
from ..facts import EnrolmentFacts
from ..models import Enrolment, Participant
from .cells import shown
from .columns import Scheme, completed_key
from .histories import plan_completions, plan_evidence
from .lookups import OnRecord
from .plans import Plan, Said, Standing
from .resource import ReadRow

#: Details that are filled in where the record has none. The name and the address say who it is.
FILLED_IN = ("printed_name", "town", "country", "language", "notes")


class Planner:
    """Plans the people of a file for one pathway, of whom some are on record."""

    def __init__(self, scheme: Scheme, on_record: OnRecord) -> None:
        self.scheme = scheme
        self.on_record = on_record
        self.today = timezone.localdate()
        of_evidence = {key for piece in scheme.pieces for key in (piece.date, piece.amount, piece.detail)}
        #: Columns of which each person has one value.
        self.single = [key for key in scheme.by_key if key not in of_evidence]

    def plan(self, rows: Sequence[ReadRow], *, namesake: int | None = None, clash: int | None = None) -> Plan:
        """Plan one person of these rows. ``namesake`` and ``clash`` are numbers of earlier rows; see ``Groups``."""
        said = self._said(rows)
        plan = self._begun(rows, said, namesake)
        for row in rows:
            for key, message in row.errors.items():
                plan.tell(row, key, message)
        self._compare_rows(plan, said)
        self._compare_address(plan, said, clash)
        self._fill_in(plan, said)
        self._compare_enrolment(plan, said)
        plan_evidence(plan, self.scheme)
        plan_completions(plan, self.scheme, said)
        return plan

    def _said(self, rows: Sequence[ReadRow]) -> dict[str, Said]:
        said: dict[str, Said] = {}
        for row in rows:
            for key in self.single:
                if key in row.values and key not in said:
                    said[key] = Said(row.values[key], row)
        return said

    def _begun(self, rows: Sequence[ReadRow], said: dict[str, Said], namesake: int | None) -> Plan:
        details = {key: said[key].value for key in ("name", "email", *FILLED_IN) if key in said}
        known = self.on_record.by_email.get(email_key(details.get("email", "")) or "")
        whom = "" if known else self._whom(details.get("name", ""), namesake)
        participant = known or Participant(**details)
        facts = self.on_record.facts.get(known.pk) if known else None
        enrolment = facts.enrolment if facts else self._enrolment(participant, said)
        return Plan(
            rows=rows,
            standing=Standing.KNOWN if known else Standing.NAMESAKE if whom else Standing.NEW,
            participant=participant,
            enrolment=enrolment,
            is_enrolled_anew=facts is None,
            facts=facts or EnrolmentFacts(enrolment, self.scheme.rules),
            whom=whom,
        )

    def _whom(self, name: str, namesake: int | None) -> str:
        """Who else has this name, in words: somebody on record, or an earlier row; empty for nobody."""
        other = self.on_record.by_name.get(name_key(name))
        if other is not None:
            return f"{other.name} ({other.email})" if other.email else other.name
        return "" if namesake is None else _("row %(row)d") % {"row": namesake}

    def _enrolment(self, participant: Participant, said: dict[str, Said]) -> Enrolment:
        """A new enrolment: from the day that is given, else from the first completed stage on, else from today."""
        completed = [said[key].value for own in self.scheme.rules if (key := completed_key(own.stage)) in said]
        values = {key: said[key].value for key in ("enrolled_on", "status") if key in said}
        values.setdefault("enrolled_on", min([*completed, self.today]))
        return Enrolment(participant=participant, pathway=self.scheme.pathway, **values)

    def _compare_rows(self, plan: Plan, said: dict[str, Said]) -> None:
        """Several rows of one person must not say different things; the name may be written in another order."""
        for row in plan.rows[1:]:
            for key in self.single:
                if key in ("name", "email") or key not in row.values or row.values[key] == said[key].value:
                    continue
                told = {"row": said[key].row.number, "value": shown(said[key].row.texts[key])}
                plan.tell(row, key, _("Row %(row)d, of the same person, says “%(value)s”.") % told)

    def _compare_address(self, plan: Plan, said: dict[str, Said], clash: int | None) -> None:
        """One e-mail address is one person: with quite another name, one of the two is a mistake."""
        if "email" not in said or "name" not in said:
            return
        row, key = said["email"].row, name_key(said["name"].value)
        if clash is not None:
            plan.tell(row, "email", _("Row %(row)d has this address and another name.") % {"row": clash})
        if plan.standing != Standing.KNOWN or key == plan.participant.name_key:
            return
        if set(key.split()) & set(folded(plan.participant.name).split()):
            plan.tell_what_stays(said["name"], "name", plan.participant.name)
        else:
            message = _("On record this is the address of “%(name)s”.") % {"name": plan.participant.name}
            plan.tell(row, "email", message)

    def _fill_in(self, plan: Plan, said: dict[str, Said]) -> None:
        """What the record does not say yet; what it says already stays."""
        if plan.standing != Standing.KNOWN:
            return
        for name in FILLED_IN:
            before = getattr(plan.participant, name)
            if name not in said or said[name].value == before:
                continue
            if before:
                plan.tell_what_stays(said[name], name, before)
            else:
                setattr(plan.participant, name, said[name].value)
                plan.filled_in.append(name)

    def _compare_enrolment(self, plan: Plan, said: dict[str, Said]) -> None:
        """A new enrolment begins on a possible day; of one that stands already nothing is changed."""
        enrolment = plan.enrolment
        if plan.is_enrolled_anew:
            if "enrolled_on" in said:
                with plan.telling(said["enrolled_on"].row, {"enrolled_on": "enrolled_on"}):
                    refuse_impossible(enrolment.enrolled_on, "enrolled_on")
            return
        words = {"enrolled_on": long_date(enrolment.enrolled_on), "status": enrolment.get_status_display()}
        for key, on_record in words.items():
            if key in said and said[key].value != getattr(enrolment, key):
                plan.tell_what_stays(said[key], key, on_record)
