"""One file of a pack, read so that everything in it is still known by its line.

YAML has more than people who write packs need, and some of it is dangerous or surprising: tags make Python
objects, anchors multiply, ``NO`` is a boolean and ``1:30`` a number. What is left here is mappings, lists, text,
whole and decimal numbers, ``true``, ``false`` and ``null``.
"""

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import gettext as _

from imp_wagtail.core.words import UNPRINTABLE

from .errors import PackError
from .problems import Refused, in_plain_words

#: Largest file, in bytes: a hundred times a large programme's questions.
MAX_BYTES = 1_000_000
#: Deepest nesting; a pack needs six levels.
MAX_DEPTH = 20

INDENTED_BY_TAB = re.compile(r"^[ ]*\t+[ \t]*\S", re.MULTILINE)
PREFIX = "tag:yaml.org,2002:"

SCALARS: dict[str, Callable[[str], Any]] = {
    f"{PREFIX}null": lambda text: None,
    f"{PREFIX}bool": lambda text: text.lower() == "true",
    f"{PREFIX}int": int,
    f"{PREFIX}float": float,
    f"{PREFIX}str": str,
}


class PlainLoader(yaml.SafeLoader):
    """Composes nodes of the plain part of YAML, and refuses the rest."""

    yaml_implicit_resolvers: dict[str, list] = {}
    depth = 0

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        event = self.peek_event()
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise Refused(
                problem=_("Anchors (&) and aliases (*) are not used in packs. Put text that begins so in quotes."),
                problem_mark=event.start_mark,
            )
        if getattr(event, "tag", None):
            raise Refused(
                problem=_("Tags such as “%(tag)s” are not used in packs.") % {"tag": event.tag},
                problem_mark=event.start_mark,
            )
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise Refused(problem=_("This is nested too deeply."), problem_mark=event.start_mark)
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node

    def scan_flow_scalar_non_spaces(self, double: bool, start_mark: yaml.Mark) -> list[str]:
        """As PyYAML's, which lets a backslash make any sign: those too that no file may have and no database keeps."""
        try:
            signs = super().scan_flow_scalar_non_spaces(double, start_mark)
        except (OverflowError, ValueError) as error:  # Unicode ends before it
            raise self._no_sign(self.prefix(8)) from error
        if unprintable := UNPRINTABLE.search("".join(signs)):
            raise self._no_sign(f"{ord(unprintable[0]):04X}")
        return signs

    def _no_sign(self, code: str) -> Refused:
        return Refused(
            problem=_(
                "The backslash stands for a character here that texts do not have (U+%(code)s). "
                "Use single quotes, or two backslashes."
            )
            % {"code": code},
            problem_mark=self.get_mark(),
        )


for _tag, _pattern, _first in (
    ("bool", r"^(?:true|True|TRUE|false|False|FALSE)$", "tTfF"),
    ("int", r"^[-+]?[0-9]{1,18}$", "-+0123456789"),
    ("float", r"^[-+]?[0-9]{1,18}\.[0-9]{1,18}$", "-+0123456789"),
    ("null", r"^(?:~|null|Null|NULL|)$", ["~", "n", "N", ""]),
):
    PlainLoader.add_implicit_resolver(f"{PREFIX}{_tag}", re.compile(_pattern), list(_first))


class Source:
    """A file's content as plain data, and the line on which each piece of it stands."""

    def __init__(self, file: str, root: yaml.Node) -> None:
        self.file = file
        self._root = root
        self.data = self._plain(root)

    def line(self, path: Sequence[str | int], *, of_key: bool = False) -> int:
        """The line of what stands at ``path``, or of the nearest thing around it. ``of_key``: of its name."""
        node, line = self._root, self._root.start_mark.line
        for step in path:
            found = self._step(node, step)
            if found is None:
                break
            key, node = found
            line = (key if of_key or not isinstance(node, yaml.ScalarNode) else node).start_mark.line
        return line + 1

    def line_within(self, path: Sequence[str | int], number: int) -> int:
        """The line of a text's own line, from 0; that of the whole text where it is not written line by line."""
        node = self._root
        for step in path:
            found = self._step(node, step)
            if found is None:  # a text alone stands for a list of blocks
                break
            node = found[1]
        if not isinstance(node, yaml.ScalarNode) or node.style != "|":
            return self.line(path)
        left_out = len(node.value) - len(node.value.lstrip("\n"))
        return node.start_mark.line + 2 + left_out + number

    @staticmethod
    def _step(node: yaml.Node, step: str | int) -> tuple[yaml.Node, yaml.Node] | None:
        if isinstance(node, yaml.MappingNode):
            return next((pair for pair in node.value if pair[0].value == step), None)
        if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            return node.value[step], node.value[step]
        return None

    def _plain(self, node: yaml.Node) -> Any:
        if isinstance(node, yaml.MappingNode):
            return self._plain_mapping(node)
        if isinstance(node, yaml.SequenceNode):
            return [self._plain(item) for item in node.value]
        return SCALARS[node.tag](node.value)

    def _plain_mapping(self, node: yaml.MappingNode) -> dict[str, Any]:
        lines: dict[str, int] = {}
        plain = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise self._error(key, _("A name was expected here, as in “name: value”."))
            if key.value in lines:
                raise self._error(
                    key,
                    _("“%(name)s” stands here a second time; the first is in line %(line)d.")
                    % {"name": key.value, "line": lines[key.value]},
                )
            lines[key.value] = key.start_mark.line + 1
            plain[key.value] = self._plain(value)
        return plain

    def _error(self, node: yaml.Node, reason: str) -> PackError:
        return PackError(self.file, node.start_mark.line + 1, reason)


def read(path: Path) -> Source:
    """Read one file. Raises ``PackError`` with the line of whatever is wrong with it as YAML."""
    text = _text(path)
    tab = INDENTED_BY_TAB.search(text)
    if tab:
        line = text.count("\n", 0, tab.start()) + 1
        raise PackError(path.name, line, _("This line is indented with a tab. Use spaces instead."))
    try:
        root = yaml.compose(text, Loader=PlainLoader)
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise PackError(path.name, line, _("This line has a character that text files do not have.")) from error
    except yaml.MarkedYAMLError as error:
        raise in_plain_words(path.name, error) from error
    if root is None:
        raise PackError(path.name, 1, _("The file is empty."))
    if not isinstance(root, yaml.MappingNode):
        raise PackError(path.name, root.start_mark.line + 1, _("The file must hold lines of the form “name: value”."))
    return Source(path.name, root)


def _text(path: Path) -> str:
    if not path.is_file():
        raise PackError(path.name, None, _("This is not a file."))
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise PackError(path.name, None, _("The file cannot be read: %(why)s.") % {"why": error.strerror}) from error
    if len(content) > MAX_BYTES:
        raise PackError(
            path.name, None, _("The file is larger than %(size)d kilobytes.") % {"size": MAX_BYTES // 1000}
        )
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise PackError(path.name, line, _("This line is not UTF-8 text. Save the file as UTF-8.")) from error
