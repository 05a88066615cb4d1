"""The columns of a list of participants. They follow from the rules of its pathway, which are data."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import ROUND_CEILING
from enum import StrEnum
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from imp_wagtail.core.dates import long_date
from imp_wagtail.core.words import in_a_row
from imp_wagtail.pathways.models import Pathway, Requirement, Stage
from imp_wagtail.pathways.rules import Kind, Unit, in_words

from ..facts import StageRules, rules_of_pathway
from ..models import Enrolment, Evidence, Participant
from .dates import EXAMPLE

#: Sets of columns for one requirement. Who has more of a kind goes on in a further row.
MOST_SETS = 6


class Reads(StrEnum):
    """As what a cell of a column is understood."""

    LINE = "line"
    LINES = "lines"
    EMAIL = "email"
    COUNTRY = "country"
    LANGUAGE = "language"
    DATE = "date"
    STATUS = "status"
    NUMBER = "number"


@dataclass(frozen=True)
class Column:
    """One field that a column of a file can be."""

    #: Stays as it is in every language: "email", "preparation.completed_on", "preparation.retreats.2.date".
    key: str
    label: str
    reads: Reads
    help: str
    group: str
    longest: int | None = None
    is_required: bool = False
    #: Other headings by which it is known.
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Piece:
    """The columns of one piece of evidence; a confirmation has no amount."""

    requirement: Requirement
    date: str
    detail: str
    amount: str = ""


@dataclass(frozen=True)
class Scheme:
    """Everything that a file for one pathway can say, in the reader's language."""

    pathway: Pathway
    rules: list[StageRules]
    columns: list[Column] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)

    @cached_property
    def by_key(self) -> dict[str, Column]:
        return {column.key: column for column in self.columns}

    def grouped(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """The columns as the choices of a select box."""
        groups: dict[str, list[tuple[str, str]]] = {}
        for column in self.columns:
            groups.setdefault(column.group, []).append((column.key, column.label))
        return list(groups.items())


def completed_key(stage: Stage) -> str:
    return f"{stage.key}.completed_on"


def scheme_of(pathway: Pathway) -> Scheme:
    """The columns of a pathway, in the source language's rules and the reader's words; a handful of queries."""
    scheme = Scheme(pathway.source, rules_of_pathway(pathway.source))
    words = _Words(pathway.source, scheme.rules)
    scheme.columns.extend(_details())
    scheme.columns.extend(_enrolment())
    for rules in scheme.rules:
        scheme.columns.append(_completed(rules.stage, words))
        for requirement in rules.requirements:
            for piece, columns in _evidence(requirement, words):
                scheme.pieces.append(piece)
                scheme.columns.extend(columns)
    return scheme


def english_labels(pathway: Pathway) -> dict[str, str]:
    """What the columns are called in English, whatever the reader's language."""
    with override("en"):
        return {column.key: column.label for column in scheme_of(pathway).columns}


class _Words:
    """The titles of stages and requirements in the reader's language, where the pathway is translated."""

    def __init__(self, source: Pathway, rules: list[StageRules]) -> None:
        localized = source.localized
        own = rules if localized == source else rules_of_pathway(localized)
        self._stages = {item.stage.key: item.stage.title for item in own}
        self._titles = {(item.stage.key, asked.key): asked.title for item in own for asked in item.requirements}
        self._repeated = {
            title
            for title, times in Counter(
                self.requirement_alone(asked) for item in rules for asked in item.requirements
            ).items()
            if times > 1
        }

    def stage(self, stage: Stage) -> str:
        return self._stages.get(stage.key, stage.title)

    def requirement_alone(self, requirement: Requirement) -> str:
        return self._titles.get((requirement.stage.key, requirement.key), requirement.title)

    def requirement(self, requirement: Requirement) -> str:
        """Its title, with the stage's where another requirement has the same."""
        title = self.requirement_alone(requirement)
        return f"{self.stage(requirement.stage)}, {title}" if title in self._repeated else title


def _details() -> Iterator[Column]:
    group = _("Details")
    for name, reads, help_text, aliases in (
        ("name", Reads.LINE, _("The only column that must be there and filled in."), ("full name", "person")),
        ("printed_name", Reads.LINE, _("Only where letters shall print another name."), ("printed name",)),
        (
            "email",
            Reads.EMAIL,
            _("By it, people who are on record already are known."),
            ("email", "mail", "e-mail address"),
        ),
        ("town", Reads.LINE, "", ("city", "place")),
        ("country", Reads.COUNTRY, _("By its name or its code of two letters."), ()),
        ("language", Reads.LANGUAGE, _("For letters and messages, by its name or its code of two letters."), ()),
        ("notes", Reads.LINES, _("Seen by registrars only."), ("note", "notes", "comments", "remarks")),
    ):
        model_field = Participant._meta.get_field(name)
        yield Column(
            name,
            _capital(model_field.verbose_name),
            reads,
            str(help_text),
            group,
            longest=model_field.max_length,
            is_required=name == "name",
            aliases=aliases,
        )


def _enrolment() -> Iterator[Column]:
    group = _("Enrolment")
    yield Column(
        "enrolled_on",
        _("Enrolled on"),
        Reads.DATE,
        _("If it is empty: the day of the first completed stage, else today."),
        group,
        aliases=("enrolled", "start date"),
    )
    statuses = in_a_row(Enrolment.Status.labels)
    help_text = _("One of: %(names)s. If it is empty: %(default)s.")
    values = {"names": statuses, "default": Enrolment.Status.ACTIVE.label}
    yield Column("status", _("Enrolment status"), Reads.STATUS, help_text % values, group, aliases=("status",))


def _completed(stage: Stage, words: _Words) -> Column:
    title = words.stage(stage)
    return Column(
        completed_key(stage),
        _("%(stage)s: completed on") % {"stage": title},
        Reads.DATE,
        _("Only if the stage is completed. What its evidence does not show is then recorded as met."),
        title,
    )


def _evidence(requirement: Requirement, words: _Words) -> Iterator[tuple[Piece, list[Column]]]:
    """The sets of columns for the evidence of one requirement; none where nothing can be recorded for it."""
    if requirement.kind == Kind.EARLIER_STAGES:
        return
    count = _sets(requirement)
    for number in range(1, count + 1):
        yield _set(requirement, words, number, f" {number}" if count > 1 else "")


def _sets(requirement: Requirement) -> int:
    """As many as there are single things to have: two retreats are two sets, hours are one that adds up."""
    if requirement.kind != Kind.COUNT or not requirement.rule.is_bounded:
        return 1
    return max(1, min(MOST_SETS, int(requirement.amount.to_integral_value(ROUND_CEILING))))


def _set(requirement: Requirement, words: _Words, number: int, counted: str) -> tuple[Piece, list[Column]]:
    title, group = words.requirement(requirement) + counted, words.stage(requirement.stage)
    key = f"{requirement.stage.key}.{requirement.key}.{number}"
    has_amount = requirement.kind != Kind.CONFIRMATION
    columns = [Column(f"{key}.date", _("%(title)s: date") % {"title": title}, Reads.DATE, _date_help(), group)]
    if has_amount:
        label = f"{title}: {_amount_words(requirement)}"
        columns.append(Column(f"{key}.amount", label, Reads.NUMBER, in_words(requirement.rule), group))
    detail = Evidence._meta.get_field("detail")
    columns.append(
        Column(
            f"{key}.detail",
            _("%(title)s: what and where") % {"title": title},
            Reads.LINE,
            str(detail.help_text),
            group,
            longest=detail.max_length,
        )
    )
    return Piece(requirement, f"{key}.date", f"{key}.detail", f"{key}.amount" if has_amount else ""), columns


def _amount_words(requirement: Requirement) -> str:
    """What the number of a piece of evidence counts."""
    if requirement.kind == Kind.SESSIONS:
        return _("sessions")
    unit = requirement.rule.evidence_unit
    return str(Unit(unit).label) if unit else _("how many")


def _date_help() -> str:
    return _("Of the last day, if it took several. Like %(number)s or %(words)s.") % {
        "number": EXAMPLE.isoformat(),
        "words": long_date(EXAMPLE),
    }


def _capital(words: Any) -> str:
    text = str(words)
    return text[:1].upper() + text[1:]
