"""Work out everyone's progress anew, report what was stored otherwise, and mend it."""

from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from imp_wagtail.participants.actions import locked_many, recompute_many
from imp_wagtail.participants.derived import Difference, differences
from imp_wagtail.participants.facts import facts_of_many
from imp_wagtail.participants.models import Enrolment
from imp_wagtail.pathways.models import Pathway

#: People looked at together.
BATCH = 500


class Command(BaseCommand):
    help = (
        "Works out the progress of every enrolment from its facts, reports each of which something else is stored, "
        "and stores what follows from the facts."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--pathway", metavar="KEY", help="only people on the pathway with this key")
        parser.add_argument(
            "--check", action="store_true", help="change nothing; end with an error where there is any difference"
        )

    def handle(self, *args: Any, pathway: str | None, check: bool, verbosity: int, **options: Any) -> None:
        found = total = 0
        for keys in self._batches(pathway):
            total += len(keys)
            changed = self._compare(keys) if check else self._mend(keys)
            found += len(changed)
            for difference in changed:
                self.stdout.write(in_words(difference))
            if verbosity > 1:
                self.stderr.write(f"{total} looked at")
        if found and check:
            raise CommandError(f"{found} of {total} enrolments are stored otherwise than their facts say.")
        verb = "mended" if found else "differ from their facts"
        self.stdout.write(self.style.SUCCESS(f"{found} of {total} enrolments {verb}."))

    def _batches(self, key: str | None) -> Iterator[list[int]]:
        enrolments = Enrolment.objects.order_by("pk")
        if key is not None:
            pathway = Pathway.objects.in_source_language().filter(key=key).first()
            if pathway is None:
                known = ", ".join(Pathway.objects.in_source_language().values_list("key", flat=True))
                raise CommandError(f"There is no pathway with the key “{key}”. There are: {known or 'none'}.")
            enrolments = enrolments.filter(pathway=pathway)
        keys = list(enrolments.values_list("pk", flat=True))
        for start in range(0, len(keys), BATCH):
            yield keys[start : start + BATCH]

    def _mend(self, keys: list[int]) -> list[Difference]:
        with transaction.atomic():
            return recompute_many(locked_many(keys))

    def _compare(self, keys: list[int]) -> list[Difference]:
        return differences(facts_of_many(Enrolment.objects.filter(pk__in=keys).order_by("pk")))


def in_words(difference: Difference) -> str:
    """One line: the enrolment's key (no name, for logs), and each field that differs, from what to what."""
    before, after = difference.before, difference.after
    parts = [
        f"{name}: {before.enrolment[name]} -> {value}"
        for name, value in after.enrolment.items()
        if before.enrolment[name] != value
    ]
    for stage in sorted(before.stages.keys() | after.stages.keys()):
        old, new = before.stages.get(stage, {}), after.stages.get(stage, {})
        parts += [
            f"stage {stage} {name}: {old.get(name)} -> {new.get(name)}"
            for name in sorted(old.keys() | new.keys())
            if old.get(name) != new.get(name)
        ]
    return f"enrolment {difference.enrolment.pk}: {'; '.join(parts)}"
