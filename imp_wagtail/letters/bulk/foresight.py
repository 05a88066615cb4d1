"""Which letters would be issued for many people, and who is left out and why: by the rules of the verb itself.

Everything is read for all of them at once, in a number of queries that does not grow with them.
"""

import datetime as dt
from collections import defaultdict
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from imp_wagtail.core.words import in_a_row
from imp_wagtail.participants.bulk.outlook import Outlook, Person
from imp_wagtail.participants.models import Enrolment, Participant, StageCompletion
from imp_wagtail.pathways.models import Stage

from ..achievements import Achievement, achieved_many
from ..actions import valid_letters
from ..actions.refusals import not_completed, refuse_early, refuse_nameless, why_unprinted, without_font
from ..bidi import plain_line
from ..models import Letter, LetterTemplate
from ..rendering import renderer
from ..snapshot import refuse_pictures, template_for


def withdrawn() -> str:
    """Why somebody who has left gets no letter among many."""
    return _("Withdrawn from the pathway. If a letter is due all the same, issue it from the record.")


class LettersAhead:
    """The letters that some people would get: of one stage, or of all that they have completed."""

    def __init__(self, people: QuerySet[Participant], *, stage: Stage | None, on: dt.date) -> None:
        self.stage, self.on = stage, on
        self.people = [Person(*row) for row in people.values_list("pk", "name")]
        enrolments = Enrolment.objects.filter(participant__in=people.order_by().values("pk"))
        if stage:
            enrolments = enrolments.filter(pathway=stage.pathway_id)
        self.enrolments = {one.pk: one for one in enrolments.select_related("participant").order_by("pk")}
        self.enrolled = {one.participant_id for one in self.enrolments.values()}
        self.issued = valid_letters(enrolments.values("pk"))
        self.achievements = self._achievements(enrolments)
        self.templates = LetterTemplate.objects.published_for(self.stages.values())
        #: What is wrong with the pictures of a template, by its key.
        self.picture_faults: dict[int, str] = {}

    def _achievements(self, enrolments: QuerySet[Enrolment]) -> dict[int, list[Achievement]]:
        """What each person has completed, in the order of their pathways."""
        standing = StageCompletion.objects.filter(enrolment__in=enrolments.values("pk"), stands=True)
        if self.stage:
            standing = standing.filter(stage=self.stage)
        completions = list(standing.order_by("enrolment", "stage__sort_order", "stage"))
        known = Stage.objects.select_related("pathway").prefetch_related("requirements")
        self.stages = known.in_bulk({completion.stage_id for completion in completions})
        rows = [(self.enrolments[one.enrolment_id], self.stages[one.stage_id], one) for one in completions]
        found: dict[int, list[Achievement]] = defaultdict(list)
        for what in achieved_many(rows, enrolments=enrolments.values("pk")):
            found[what.enrolment.participant_id].append(what)
        return found

    def outlook(self) -> Outlook:
        """Who gets which letters. ``ValidationError`` where this machine prints none at all."""
        outlook = Outlook(work_items=[])
        missing = self._missing_characters()
        for person in self.people:
            own = self.achievements.get(person.pk, [])
            due = [what for what in own if self._letter(what) is None]
            if due:
                self._sort(person, due, missing, outlook)
            elif own:
                outlook.so_already.append(person._replace(what=in_a_row(self._letter(what).number for what in own)))
            else:
                outlook.refused.setdefault(self._without_completion(person), []).append(person)
        return outlook

    def _letter(self, what: Achievement) -> Letter | None:
        return self.issued.get((what.enrolment.pk, what.stage.pk))

    def _without_completion(self, person: Person) -> str:
        if self.stage is None:
            return _("No stage is completed.")
        if person.pk not in self.enrolled:
            return _("Not on the pathway “%(pathway)s”.") % {"pathway": self.stage.pathway}
        return not_completed(self.stage)

    def _sort(self, person: Person, due: list[Achievement], missing: str, outlook: Outlook) -> None:
        """Put a person where their letters belong: into both places, where only some can be issued."""
        fine, refused = [], defaultdict(list)
        for what in due:
            try:
                self._refuse(what, missing)
            except ValidationError as error:
                refused[" ".join(error.messages)].append(what)
            else:
                fine.append(what)
        if fine:
            outlook.will_change.append(person._replace(what=self._in_words(fine)))
            outlook.work_items += [[what.enrolment.pk, what.stage.pk] for what in fine]
        for reason, some in refused.items():
            outlook.refused.setdefault(reason, []).append(person._replace(what=self._in_words(some)))

    def _refuse(self, what: Achievement, missing: str) -> None:
        """Raise what the verb would; nothing is read from the database but pictures, once for each template."""
        if what.enrolment.status == Enrolment.Status.WITHDRAWN:
            raise ValidationError(withdrawn())
        refuse_early(what.completion, self.on)
        refuse_nameless(what.enrolment.participant.name_on_letters)
        unknown = what.unknown_fields
        template = template_for(what.enrolment, what.stage, without=unknown, templates=self.templates)
        if fault := self._picture_fault(template):
            raise ValidationError(fault)
        if own := [character for character in missing if character in name_of(what.enrolment)]:
            raise ValidationError(without_font(own))

    def _picture_fault(self, template: LetterTemplate) -> str:
        if template.pk not in self.picture_faults:
            self.picture_faults[template.pk] = ""
            try:
                refuse_pictures(template)
            except ValidationError as error:
                self.picture_faults[template.pk] = " ".join(error.messages)
        return self.picture_faults[template.pk]

    def _missing_characters(self) -> str:
        """The characters of all names that no font has."""
        names = (name_of(what.enrolment) for own in self.achievements.values() for what in own)
        characters = "".join(sorted(set().union(*names)))
        if not characters:
            return ""
        try:
            return renderer().missing_characters(characters)
        except Exception as error:  # whatever fails in there keeps letters from being printed
            raise ValidationError(why_unprinted(error)) from error

    def _in_words(self, some: list[Achievement]) -> str:
        """The stages, where they are not the same for everybody; the pathway too, where there are several."""
        if self.stage:
            return ""
        several = len({stage.pathway_id for stage in self.stages.values()}) > 1
        return in_a_row(f"{what.stage.pathway}: {what.stage}" if several else str(what.stage) for what in some)


def name_of(enrolment: Any) -> str:
    """The name as it is printed."""
    return plain_line(enrolment.participant.name_on_letters)
