"""What a requirement asks for, as data and in words. Pure: nothing here reads the database."""

from dataclasses import dataclass
from decimal import Decimal
from math import ceil

from django.db.models import TextChoices
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext


class Kind(TextChoices):
    """How a requirement is counted."""

    CONFIRMATION = "confirmation", gettext_lazy("a confirmation")
    COUNT = "count", gettext_lazy("a number of things, each with evidence")
    HOURS = "hours", gettext_lazy("hours in all")
    SESSIONS = "sessions", gettext_lazy("sessions attended")
    EARLIER_STAGES = "earlier_stages", gettext_lazy("all earlier stages completed")


class CohortKind(TextChoices):
    """What a group of people goes through together; sessions of one kind count together."""

    TRAINING = "training", gettext_lazy("training")
    SEMINAR = "seminar", gettext_lazy("seminar")
    SUPERVISION = "supervision", gettext_lazy("supervision group")


class Unlock(TextChoices):
    """What a stage opens, once it and all before it are completed."""

    TEACHING = "teaching", gettext_lazy("teaching the programme")
    LISTING = "listing", gettext_lazy("being listed in the directory")


class Unit(TextChoices):
    """What the size of one piece of evidence, or of one session, is measured in."""

    DAYS = "days", gettext_lazy("days")
    HOURS = "hours", gettext_lazy("hours")
    WEEKS = "weeks", gettext_lazy("weeks")


@dataclass(frozen=True)
class Rule:
    """One requirement's rule. ``each_min`` and ``each_max`` bound one piece of evidence or one session."""

    kind: str
    amount: Decimal = Decimal(1)
    each_min: Decimal | None = None
    each_max: Decimal | None = None
    unit: str = ""
    cohort_kind: str = ""

    @property
    def is_bounded(self) -> bool:
        return self.each_min is not None or self.each_max is not None

    @property
    def evidence_unit(self) -> str:
        """What the amount of one piece of evidence is measured in; empty where it is a plain number.

        The unit of sessions is that of their bounds: evidence of sessions says how many there were.
        """
        if self.kind == Kind.HOURS:
            return Unit.HOURS
        return self.unit if self.kind == Kind.COUNT and self.is_bounded else ""

    def allows(self, size: Decimal) -> bool:
        """Whether one piece of evidence of this size (in the rule's unit) lies within the bounds, ends included."""
        return (self.each_min is None or size >= self.each_min) and (self.each_max is None or size <= self.each_max)


def plain_number(value: Decimal | int) -> str:
    """A decimal without needless zeros, in the reader's notation: 8, 1.5."""
    # A record that was just made still holds the whole number it was given.
    value = Decimal(value).normalize()
    places = max(0, -int(value.as_tuple().exponent))
    return str(number_format(value, decimal_pos=places))


def grammatical_number(count: Decimal) -> int:
    """The whole number whose plural form goes with a count: languages have up to six. A part counts as many."""
    return 1 if count == 1 else max(2, ceil(count))


def in_units(amount: str, count: Decimal, unit: str) -> str:
    """ "9 days": a formatted amount with its unit, the unit's number following ``count``."""
    plural = grammatical_number(count)
    # One of them only: a long record asks for hundreds, and each takes a look into the translations.
    words = {
        Unit.DAYS: lambda: ngettext("%(amount)s day", "%(amount)s days", plural),
        Unit.HOURS: lambda: ngettext("%(amount)s hour", "%(amount)s hours", plural),
        Unit.WEEKS: lambda: ngettext("%(amount)s week", "%(amount)s weeks", plural),
    }
    return words[unit]() % {"amount": amount} if unit in words else amount


def size_in_words(rule: Rule, amount: Decimal) -> str:
    """The size of one piece of evidence: "6 days", "20 hours", "2"; empty for a confirmation, which has none."""
    if rule.kind == Kind.CONFIRMATION:
        return ""
    return in_units(plain_number(amount), amount, rule.evidence_unit)


def bounds_in_words(rule: Rule) -> str:
    """The bounds of one piece: "5–10 days"; empty where there are none."""
    low, high = rule.each_min, rule.each_max
    if low is not None and high is not None:
        span = plain_number(low) if low == high else f"{plain_number(low)}–{plain_number(high)}"
        return in_units(span, high, rule.unit)
    if low is not None:
        return _("at least %(size)s") % {"size": in_units(plain_number(low), low, rule.unit)}
    if high is not None:
        return _("at most %(size)s") % {"size": in_units(plain_number(high), high, rule.unit)}
    return ""


def amount_in_words(rule: Rule) -> str:
    """How much is asked for: "2 ×", "20 hours", "8 sessions"; empty for a single thing."""
    amount = plain_number(rule.amount)
    if rule.kind == Kind.HOURS:
        return in_units(amount, rule.amount, Unit.HOURS)
    if rule.kind == Kind.SESSIONS:
        if rule.cohort_kind == CohortKind.SUPERVISION:
            count = grammatical_number(rule.amount)
            return ngettext("%(n)s session", "%(n)s sessions", count) % {"n": amount}
        if rule.unit == Unit.WEEKS:
            return in_units(amount, rule.amount, Unit.WEEKS)
        return in_units(amount, rule.amount, Unit.DAYS)
    if rule.kind == Kind.COUNT:
        return _("at least %(n)s") % {"n": amount}
    return ""


def in_words(rule: Rule) -> str:
    """The whole rule in a few words, for pages, checklists and the PDF: "at least 2, 5–7 days each"."""
    amount, bounds = amount_in_words(rule), bounds_in_words(rule)
    if amount and bounds and rule.amount == 1:
        return _("%(amount)s, %(bounds)s") % {"amount": amount, "bounds": bounds}
    if amount and bounds:
        return _("%(amount)s, %(bounds)s each") % {"amount": amount, "bounds": bounds}
    return amount or bounds
