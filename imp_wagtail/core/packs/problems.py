"""What is wrong with a file as YAML, for people who have never heard of scalars and tokens."""

import yaml
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .errors import PackError

#: How PyYAML's complaints begin, and what they mean to somebody who writes a pack.
PROBLEMS = {
    "mapping values are not allowed": gettext_lazy(
        "A colon with a space after it stands where no name can be. Put the text in quotes, or check the indentation."
    ),
    "could not find expected ':'": gettext_lazy("A colon is missing after a name, or the indentation is wrong."),
    "expected <block end>": gettext_lazy("The indentation is wrong, or a hyphen or a quotation mark is missing."),
    "found unexpected end of stream": gettext_lazy("A quotation mark is opened here and never closed."),
    "found unexpected document separator": gettext_lazy("A quotation mark is opened here and never closed."),
    "found character '\\t'": gettext_lazy("A tab stands here. Use spaces instead."),
    "found character": gettext_lazy("Text cannot begin with this character. Put it in quotes."),
    "expected alphabetic or numeric character": gettext_lazy(
        "Text cannot begin with this character. Put it in quotes."
    ),
    "found unknown escape character": gettext_lazy(
        "A backslash in double quotes has a meaning of its own. Use single quotes, or two backslashes."
    ),
    "expected ',' or": gettext_lazy("A bracket is opened and never closed, or a comma is missing."),
    "but found another document": gettext_lazy("A line of three hyphens begins a second document. A file holds one."),
}


#: Contexts in which the fault is where something begins, and not where PyYAML stumbled over it.
BEGUN_EARLIER = ("while scanning a quoted scalar", "while scanning a simple key", "while parsing a flow")


class Refused(yaml.MarkedYAMLError):
    """Valid YAML that packs do without; ``problem`` says what in plain words."""


def in_plain_words(file: str, error: yaml.MarkedYAMLError) -> PackError:
    """The same complaint, with the line on which to look."""
    mark = error.problem_mark or error.context_mark
    problem = str(error.problem or error.context)
    if isinstance(error, Refused):
        return PackError(file, mark.line + 1, problem)
    if str(error.context).startswith(BEGUN_EARLIER) and error.context_mark:
        mark = error.context_mark
    for beginning, meaning in PROBLEMS.items():
        if problem.startswith(beginning):
            return PackError(file, mark.line + 1, str(meaning))
    return PackError(file, mark.line + 1, _("This cannot be read as YAML: %(problem)s.") % {"problem": problem})
