"""Pydantic's complaints in plain words, and a guess at what was meant."""

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any

from django.utils.translation import gettext as _

TEXT = frozenset({"string_type", "string_sub_type", "string_unicode"})
WHOLE_NUMBER = frozenset({"int_type", "int_parsing", "int_from_float", "int_parsing_size"})
TRUTH = frozenset({"bool_type", "bool_parsing"})
GROUP = frozenset({"model_type", "model_attributes_type", "dict_type"})


def reason_for(detail: Mapping[str, Any], known: Iterable[str] = ()) -> str:
    """Why one thing in a file is refused, from an entry of pydantic's ``errors()``.

    ``known`` are the names that could stand where an unknown one was found.
    """
    kind, value, context = detail["type"], detail["input"], detail.get("ctx", {})
    names = [step for step in detail["loc"] if isinstance(step, str)]
    name = {"name": names[-1] if names else "–", "value": value}
    if kind == "value_error":
        return str(context["error"])
    if kind == "missing":
        return _("“%(name)s” is missing.") % name
    if kind == "extra_forbidden":
        return _("“%(name)s” is not known here.") % name + did_you_mean(name["name"], known)
    if value is None or kind in ("string_too_short", "too_short"):
        return _("“%(name)s” is empty.") % name
    if kind in ("enum", "literal_error"):
        choices = re.findall(r"'([^']*)'", context["expected"])
        sentence = _("“%(name)s” cannot be “%(value)s”. It is one of these: %(choices)s.")
        return sentence % {**name, "choices": ", ".join(choices)} + did_you_mean(value, choices)
    if kind in TEXT:
        return _("“%(name)s” must be text. Put it in quotes if it is.") % name
    if kind in WHOLE_NUMBER:
        return _("“%(name)s” must be a whole number, not “%(value)s”.") % name
    if kind in TRUTH:
        return _("“%(name)s” must be true or false, not “%(value)s”.") % name
    if kind == "list_type":
        return _("“%(name)s” must be a list: each entry on a line of its own, after a hyphen.") % name
    if kind in GROUP:
        return _("“%(name)s” must hold lines of the form “name: value”.") % name
    if kind == "greater_than_equal":
        return _("“%(name)s” must be %(least)s or more, not %(value)s.") % {**name, "least": context["ge"]}
    if kind == "string_pattern_mismatch":
        return _("“%(value)s” is no name for “%(name)s”. Use small letters, digits and single hyphens.") % name
    return f"{names[-1]}: {detail['msg']}." if names else f"{detail['msg']}."


def did_you_mean(word: object, known: Iterable[str]) -> str:
    """A guess to be put after a complaint, with a space before it; empty where nothing is near."""
    near = get_close_matches(str(word), list(known), n=1)
    return " " + _("Did you mean “%(word)s”?") % {"word": near[0]} if near else ""
