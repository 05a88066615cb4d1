"""Who may be on record twice: a report that takes time in proportion to the number of people, not of their pairs.

Candidates come from three places: the same mailbox, the same name, and names that stand near each other in one of
four orders (the sorted-neighbourhood method: a mistake moves a name far away in one order, but hardly in all of
them). What speaks for a pair is then worked out from the two people alone, however they were found.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice, product
from typing import NamedTuple

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from rapidfuzz.distance import OSA

from imp_wagtail.core.fields import email_key
from imp_wagtail.core.names import folded

from ..models import DistinctPair, Participant

#: How alike two names are at least, from 0 to 1, by the letters that would have to be put right: one wrong, missing,
#: added or swapped in names of 8 letters and more, two from 15 on. In 20,000 invented people of twelve languages
#: this found nine of ten single mistakes, and held 480 pairs of different people to be alike; at
#: 0.80 it would have been three times as many, at 0.90 half, without the names of 8 and 9 letters. Names of a few
#: signs (王芳, 王方) are never nearly the same: there another sign is another name.
NEARLY = 0.86
#: How many of the next names each name is compared with, in each order.
NEIGHBOURS = 8
#: With how many others one person, or one name, is paired at once, however many have the same name or mailbox.
#: A pair that is told apart makes room for the next.
MOST_PAIRS = 5

Pair = tuple[int, int]


class Reason(TextChoices):
    """What speaks for two records being of one person."""

    MAILBOX = "mailbox", _("the same mailbox")
    NAME = "name", _("the same name")
    PART = "part", _("one name is part of the other")
    NEARLY = "nearly", _("nearly the same name")
    TOWN = "town", _("the same town")


#: What each reason adds to the score by which the report is ordered.
POINTS = {Reason.MAILBOX: 60, Reason.NAME: 50, Reason.PART: 35, Reason.NEARLY: 30, Reason.TOWN: 15}
#: What it takes off that the two live in different countries.
ELSEWHERE = 15


class Spelling(NamedTuple):
    """One name as it is written, prepared for comparing."""

    text: str
    #: The words in one order; the same as ``Participant.name_key``.
    key: str
    #: Without spaces: "Anne Marie" and "Annemarie", "王 芳" and "王芳" are the same.
    joined: str
    words: frozenset[str]
    #: Whoever numbers namesakes has told them apart.
    digits: str

    @classmethod
    def of(cls, name: str) -> "Spelling":
        text = folded(name)
        words = text.split()
        digits = "".join(sign for sign in text if sign.isdigit())
        return cls(text, " ".join(sorted(words)), "".join(words), frozenset(words), digits)

    def is_part_of(self, other: "Spelling") -> bool:
        """Whether all its words, two at least, are among the other's: "Anna Jansen", "Anna Maria Jansen"."""
        return 1 < len(self.words) < len(other.words) and self.words < other.words

    def is_nearly(self, other: "Spelling") -> bool:
        """Whether only spaces, or a mistake or two, are between these names."""
        return are_nearly(self.joined, other.joined) or are_nearly(self.key, other.key)


def are_nearly(one: str, another: str) -> bool:
    return OSA.normalized_similarity(one, another, score_cutoff=NEARLY) > 0


class Person(NamedTuple):
    """What the report reads of each participant."""

    pk: int
    name: str
    email: str
    town: str
    country: str


@dataclass(frozen=True)
class Likeness:
    """Two participants who may be one person, the first on record before the second."""

    first: int
    second: int
    reasons: tuple[Reason, ...]
    score: int

    @property
    def in_words(self) -> list[str]:
        return [str(reason.label) for reason in self.reasons]


def likely_duplicates() -> list[Likeness]:
    """Everybody who may be on record twice, the likeliest first; in two queries.

    Pairs that were told apart (``DistinctPair``) are left out. The order: see ``POINTS``; then by key.
    """
    people = [Person(*row) for row in Participant.objects.order_by("pk").values_list(*Person._fields)]
    told_apart = set(DistinctPair.objects.values_list("first_id", "second_id"))
    return alike(people, told_apart)


def alike(people: Iterable[Person], told_apart: set[Pair]) -> list[Likeness]:
    """The same for any people, without a database."""
    known = {person.pk: person for person in people}
    spellings = {person.pk: Spelling.of(person.name) for person in known.values()}
    found = set(in_groups(grouped(known, lambda pk: mailbox(known[pk].email)), told_apart))
    found.update(in_groups(grouped(known, lambda pk: spellings[pk].key), told_apart))
    found.update(in_neighbourhood(grouped(known, lambda pk: spellings[pk]), told_apart))
    likenesses = [
        compared(known[first], known[second], spellings[first], spellings[second]) for first, second in found
    ]
    return sorted(likenesses, key=lambda likeness: (-likeness.score, likeness.first, likeness.second))


def compared(first: Person, second: Person, one: Spelling, another: Spelling) -> Likeness:
    """What speaks for two people being one, and how strongly."""
    reasons = []
    if mailbox(first.email) and mailbox(first.email) == mailbox(second.email):
        reasons.append(Reason.MAILBOX)
    if name_reason := compared_names(one, another):
        reasons.append(name_reason)
    if first.town and folded(first.town) == folded(second.town):
        reasons.append(Reason.TOWN)
    lives_elsewhere = first.country and second.country and first.country != second.country
    score = sum(POINTS[reason] for reason in reasons) - (ELSEWHERE if lives_elsewhere else 0)
    return Likeness(first.pk, second.pk, tuple(reasons), score)


def compared_names(one: Spelling, another: Spelling) -> Reason | None:
    """How alike two names are, if they are; a name of no letters at all is like no other."""
    if not one.key or not another.key:
        return None
    if one.key == another.key:
        return Reason.NAME
    if one.digits != another.digits:
        return None
    if one.is_part_of(another) or another.is_part_of(one):
        return Reason.PART
    return Reason.NEARLY if one.is_nearly(another) else None


def mailbox(address: str) -> str:
    """Where mail to an address arrives; "" for no address.

    What follows a "+" is for sorting one's own mail. Gmail reads no dots, and has a second name.
    """
    name, _at, domain = (email_key(address) or "").rpartition("@")
    name = name.partition("+")[0] or name
    if domain in ("gmail.com", "googlemail.com"):
        name, domain = name.replace(".", ""), "gmail.com"
    return f"{name}@{domain}" if name else ""


def grouped(keys: Iterable[int], by: Callable[[int], Hashable]) -> dict[Hashable, list[int]]:
    """People by what they have in common, in the order of their keys."""
    groups = defaultdict(list)
    for pk in keys:
        groups[by(pk)].append(pk)
    return groups


def in_groups(groups: dict[Hashable, list[int]], told_apart: set[Pair]) -> Iterator[Pair]:
    """Pairs of those who have something in common; of many, each with the next few."""
    for common, members in groups.items():
        if common:
            for place, first in enumerate(members, start=1):
                pairs = ((first, second) for second in islice(members, place, None))
                yield from islice((pair for pair in pairs if pair not in told_apart), MOST_PAIRS)


def in_neighbourhood(groups: dict[Spelling, list[int]], told_apart: set[Pair]) -> Iterator[Pair]:
    """Pairs of those whose names are alike and stand near each other in one of the orders."""
    for one, another in near_spellings(list(groups)):
        pairs = ((min(pair), max(pair)) for pair in product(groups[one], groups[another]))
        yield from islice((pair for pair in pairs if pair not in told_apart), MOST_PAIRS)


#: A mistake at the end moves a name little in the first of two orders, one at the beginning little in the second.
#: One at the beginning of a word moves it among the sorted words, but not among those as they are written.
ORDERS: list[Callable[[Spelling], str]] = [
    lambda spelling: spelling.key,
    lambda spelling: spelling.key[::-1],
    lambda spelling: spelling.joined,
    lambda spelling: spelling.joined[::-1],
]


def near_spellings(spellings: list[Spelling]) -> list[tuple[Spelling, Spelling]]:
    """Spellings that are alike but not the same name, among near neighbours; each pair once."""
    found = {tuple(sorted(pair)) for order in ORDERS for pair in neighbours(spellings, order)}
    return [pair for pair in sorted(found) if compared_names(*pair) in (Reason.PART, Reason.NEARLY)]


def neighbours(spellings: list[Spelling], order: Callable[[Spelling], str]) -> Iterator[tuple[Spelling, Spelling]]:
    """Pairs of spellings that stand near each other in an order and are alike by what they are ordered by."""
    line = sorted((order(spelling), spelling) for spelling in spellings)
    for distance in range(1, NEIGHBOURS + 1):
        # This runs for everybody 32 times: the cheapest questions first, and one function call at most.
        for (text, one), (other_text, another) in zip(line, line[distance:], strict=False):
            if one.digits == another.digits and (
                OSA.normalized_similarity(text, other_text, score_cutoff=NEARLY)
                or one.words < another.words
                or another.words < one.words
            ):
                yield one, another
