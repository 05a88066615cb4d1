"""Who of a file is on record already, looked up for many people at once."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from imp_wagtail.core.fields import email_key
from imp_wagtail.core.names import name_key
from imp_wagtail.pathways.models import Pathway

from ..actions import locked_many
from ..facts import EnrolmentFacts, facts_of_many
from ..models import Enrolment, Participant


@dataclass(frozen=True)
class OnRecord:
    """The people on record who have to do with some rows."""

    by_email: dict[str, Participant] = field(default_factory=dict)
    #: The first of each name, by its key.
    by_name: dict[str, Participant] = field(default_factory=dict)
    #: Facts of the enrolments of those found by their address, by the participant's key.
    facts: dict[int, EnrolmentFacts] = field(default_factory=dict)


def look_up(people: Iterable[tuple[str, str]], pathway: Pathway, *, lock: bool = False) -> OnRecord:
    """Find the people of these names and e-mail addresses; a fixed number of queries.

    ``lock`` holds what was found by its address as it stands until the transaction ends.
    """
    people = list(people)
    addresses = {key for _name, email in people if (key := email_key(email))}
    names = {key for name, _email in people if (key := name_key(name))}
    found = Participant.objects.filter(email_key__in=addresses).order_by("pk")
    known = {person.email_key: person for person in (found.select_for_update() if lock else found)}
    namesakes = Participant.objects.filter(name_key__in=names).order_by("-pk")
    return OnRecord(
        by_email=known,
        by_name={person.name_key: person for person in namesakes},
        facts=_facts([person.pk for person in known.values()], pathway, lock=lock),
    )


def _facts(participants: list[int], pathway: Pathway, *, lock: bool) -> dict[int, EnrolmentFacts]:
    own = Enrolment.objects.filter(participant__in=participants, pathway=pathway).order_by("pk")
    enrolments = locked_many(own.values_list("pk", flat=True)) if lock else list(own.select_related("participant"))
    return {facts.enrolment.participant_id: facts for facts in facts_of_many(enrolments)}
