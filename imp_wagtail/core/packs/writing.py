"""Parts as YAML that people like to read, and that ``reader`` reads back to the same parts."""

import datetime as dt
import re
from decimal import Decimal
from enum import Enum
from typing import Any

import yaml

from imp_wagtail.core.words import printable

from .parts import Part
from .reader import PlainLoader

WIDTH = 116
#: Longer text than this stands on lines of its own.
ONE_LINE = 90
#: Text with any other character is put in quotes, in which every character has a name.
READABLE = re.compile(r"[\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010fffe]*")
#: What block scalars do not give back: space before the first line, or at the end of any.
LOOSE_SPACE = re.compile(r"\A | (?:\n|\Z)")
LINE_START = re.compile(r"^(?=[^\n])", re.MULTILINE)


class PlainDumper(yaml.SafeDumper):
    """Writes the plain part of YAML that packs are read in, with lists set in as people do."""

    yaml_implicit_resolvers = PlainLoader.yaml_implicit_resolvers

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _text(dumper: yaml.Dumper, text: str) -> yaml.Node:
    tag = "tag:yaml.org,2002:str"
    text = printable(text)  # signs that nobody sees, and that no pack is read with
    if not READABLE.fullmatch(text):
        return dumper.represent_scalar(tag, text, style='"')
    if LOOSE_SPACE.search(text):
        return dumper.represent_scalar(tag, text, style='"' if "\n" in text else None)
    if "\n" in text:  # ends in a line break, as files do: parts take it away
        return dumper.represent_scalar(tag, f"{text}\n", style="|")
    if len(text) > ONE_LINE and "  " not in text:
        return dumper.represent_scalar(tag, text, style=">")
    return dumper.represent_scalar(tag, text)


def _number(dumper: yaml.Dumper, number: Decimal) -> yaml.Node:
    whole = number == number.to_integral_value()
    kind = "int" if whole else "float"
    said = str(int(number)) if whole else f"{number.normalize():f}"
    return dumper.represent_scalar(f"tag:yaml.org,2002:{kind}", said)


PlainDumper.add_representer(str, _text)
PlainDumper.add_representer(Decimal, _number)
PlainDumper.add_representer(dt.date, lambda dumper, day: _text(dumper, day.isoformat()))
PlainDumper.add_representer(dt.time, lambda dumper, time: _text(dumper, f"{time:%H:%M}"))
PlainDumper.add_multi_representer(Enum, lambda dumper, choice: _text(dumper, choice.value))


def written(part: Part) -> str:
    """A part as YAML: its fields in the order of its class, without those that say what they say anyhow."""
    return _fields(part.model_dump(exclude_defaults=True))


def written_sections(sections: dict[str, Part]) -> str:
    """Parts that share a file, each under its name."""
    texts = [f"{name}:\n{_set_in(_yaml(part.model_dump(exclude_defaults=True)))}" for name, part in sections.items()]
    return "\n".join(texts)


def _fields(fields: dict[str, Any]) -> str:
    """The fields of a file, with air around what is long."""
    texts = []
    for name, value in fields.items():
        is_list = isinstance(value, list) and any(isinstance(item, dict) for item in value)
        texts.append(f"{name}:\n{_entries(value)}" if is_list else _yaml({name: value}))
    before = ["\n" if place and _is_group(value) else "" for place, value in enumerate(fields.values())]
    return "".join(air + text for air, text in zip(before, texts, strict=True))


def _is_group(value: Any) -> bool:
    return isinstance(value, dict) or (isinstance(value, list) and any(isinstance(item, dict) for item in value))


def _entries(items: list[Any]) -> str:
    return "\n".join(_set_in(_yaml([item])) for item in items)


def _set_in(text: str) -> str:
    return LINE_START.sub("  ", text)


def _yaml(data: Any) -> str:
    return yaml.dump(
        data, Dumper=PlainDumper, allow_unicode=True, default_flow_style=False, sort_keys=False, width=WIDTH
    )
