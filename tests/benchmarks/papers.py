"""What lies beside the facts: the log's entries, letters for completed stages, entries in the directory."""

import datetime as dt
from collections.abc import Iterator
from random import Random
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from wagtail.models import ModelLogEntry

from imp_wagtail.directory.models import Consent, Purpose, Teacher
from imp_wagtail.letters.models import Letter, LetterYear
from imp_wagtail.participants.models import Participant, StageCompletion

from .journeys import Journey


class Papers:
    """Makes them for whole lists of journeys; numbers run on from one list to the next."""

    def __init__(self, random: Random, by: Any) -> None:
        self.random, self.by = random, by
        self.of_participants = ContentType.objects.get_for_model(Participant)
        self.letters_of_year: dict[int, int] = {}
        self.codes = 0

    def of(self, journeys: list[Journey]) -> list[list[Model]]:
        """Rows that are yet to be saved in this order, those of each model together."""
        teachers = [
            self._teacher(journey)
            for journey in journeys
            if len(journey.completions) == len(journey.way.stages) and self.random.random() < 0.7
        ]
        return [
            [entry for journey in journeys for entry in self._entries(journey)],
            [
                self._letter(completion)
                for journey in journeys
                for completion in journey.completions
                if self.random.random() < 0.8
            ],
            [teacher for teacher, _consent in teachers],
            [consent for _teacher, consent in teachers if self.random.random() < 0.8],
        ]

    def close(self) -> None:
        """Say which number each year's register has come to."""
        LetterYear.objects.bulk_create(
            LetterYear(year=year, last_number=number) for year, number in self.letters_of_year.items()
        )

    def _entries(self, journey: Journey) -> Iterator[ModelLogEntry]:
        """One for each thing that was done, as the actions write them."""
        pathway, began = str(journey.way.pathway), journey.enrolment.enrolled_on
        yield self._entry(journey, "imp.participant.add", journey.enrolment.participant.name, began)
        yield self._entry(journey, "imp.enrolment.add", pathway, began)
        for item in journey.evidence:
            yield self._entry(journey, "imp.evidence.record", item.requirement.title, item.date, after=item.detail)
        for item in journey.decisions:
            yield self._entry(journey, "imp.decision.record", item.requirement.title, item.decided_on, why=item.reason)
        for item in journey.completions:
            yield self._entry(journey, "imp.stage.complete", item.stage.title, item.completed_on)
        for item in journey.attendance:
            yield self._entry(journey, "imp.attendance.mark", item.session.cohort.title, item.session.date)

    def _entry(self, journey: Journey, action: str, what: str, day: dt.date, **details: str) -> ModelLogEntry:
        return ModelLogEntry(
            content_type=self.of_participants,
            object_id=str(journey.enrolment.participant_id),
            label=journey.enrolment.participant.name,
            action=action,
            data={"what": what, **details},
            timestamp=dt.datetime.combine(day, dt.time(12), dt.UTC),
            user=self.by,
        )

    def _letter(self, completion: StageCompletion) -> Letter:
        year = completion.completed_on.year
        number = self.letters_of_year[year] = self.letters_of_year.get(year, 0) + 1
        self.codes += 1
        return Letter(
            enrolment=completion.enrolment,
            stage=completion.stage,
            year=year,
            running_number=number,
            code=f"{self.codes:013d}",
            name=completion.enrolment.participant.name_on_letters,
            snapshot={"schema": 1, "name": completion.enrolment.participant.name_on_letters},
            issued_on=completion.completed_on,
            issued_by=self.by,
        )

    def _teacher(self, journey: Journey) -> tuple[Teacher, Consent]:
        person = journey.enrolment.participant
        teacher = Teacher(
            participant=person, slug=f"teacher-{person.pk}", name=person.name, town=person.town, country=person.country
        )
        day = journey.completions[-1].completed_on
        return teacher, Consent(teacher=teacher, purpose=Purpose.PROFILE, given_on=day)
