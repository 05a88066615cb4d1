"""What a cell of a file says. Each function takes its text; ``ValueError`` says in plain words what is wrong."""

import re
from decimal import Decimal
from functools import lru_cache

from babel import Locale
from babel.core import get_global
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import override
from rapidfuzz import process

from imp_wagtail.core.localities import country_choices, current_locale, language_choices
from imp_wagtail.core.names import folded
from imp_wagtail.core.words import in_a_row

from ..models import Enrolment

#: Signs that no name or place has, that databases refuse, or that say that the file was read wrongly.
UNKEEPABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffd-\uffff]")
#: What spreadsheet programs put where a formula failed.
FAILED_FORMULAS = frozenset({"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#GETTING_DATA"})
NUMBER = re.compile(r"([+-]?\d+)(?:[.,٫](\d+))?")
#: Most that a piece of evidence can be, by the digits of its field.
MOST = Decimal("9999.99")
#: How alike two words are, in percent, for one to be offered in the place of the other.
ALIKE = 80
#: What countries are called every day, where CLDR says it in another way.
EVERYDAY_NAMES = {
    "great britain": "GB",
    "england": "GB",
    "scotland": "GB",
    "wales": "GB",
    "northern ireland": "GB",
    "holland": "NL",
    "czech republic": "CZ",
    "turkey": "TR",
    "ivory coast": "CI",
    "cape verde": "CV",
    "macedonia": "MK",
    "swaziland": "SZ",
    "burma": "MM",
    "east timor": "TL",
    "vatican": "VA",
}


def read_text(text: str, longest: int | None = None) -> str:
    """One line of text: spaces and line breaks within it are one space each."""
    return _kept(" ".join(_checked(text).split()), longest)


def read_lines(text: str, longest: int | None = None) -> str:
    """Text of several lines."""
    return _kept("\n".join(_checked(text).splitlines()).strip(), longest)


def read_email(text: str, longest: int | None = None) -> str:
    address = read_text(text, longest)
    try:
        validate_email(address)
    except ValidationError:
        raise ValueError(_("This is not an e-mail address.")) from None
    return address


def read_number(text: str) -> Decimal:
    """A number with a decimal comma or point: 7.5, 7,5."""
    found = NUMBER.fullmatch("".join(_checked(text).split()))
    if found is None:
        raise ValueError(_("This is not a number. Write the number alone, without its unit."))
    whole, part = found[1], (found[2] or "").rstrip("0")
    if len(found[2] or "") > 2:
        raise ValueError(_("Write this with at most two digits after the comma, and without one between thousands."))
    value = Decimal(f"{whole}.{part or 0}")
    if abs(value) > MOST:
        raise ValueError(_("This number is too large."))
    return value.normalize() + 0


def read_country(text: str) -> str:
    """The code of a country that is named in English or the reader's language, or by one of its codes."""
    return _read_choice(
        text, _countries(str(current_locale())), _("This is not a country. Give its name or its code.")
    )


def read_language(text: str) -> str:
    """The code of a language; of "en-GB" the first part."""
    code = text.strip().replace("_", "-").split("-")[0] if re.match(r"^\s*[A-Za-z]{2}[-_]", text) else text
    refusal = _("This is not a language. Give the name or the code of one.")
    return _read_choice(code, _languages(str(current_locale())), refusal)


def read_status(text: str) -> str:
    names = {folded(str(name)): code for code, name in Enrolment.Status.choices}
    with override("en"):
        names |= {folded(str(name)): code for code, name in Enrolment.Status.choices}
    allowed = in_a_row(Enrolment.Status.labels)
    return _read_choice(text, names, _("Write one of: %(names)s.") % {"names": allowed})


def shown(text: str) -> str:
    """A cell as it is told where something is wrong with it: short, and without signs that cannot be shown."""
    plain = " ".join(UNKEEPABLE.sub("�", text).split())
    return plain if len(plain) <= 60 else f"{plain[:59]}…"


def did_you_mean(word: str, names: dict[str, str]) -> str:
    """The name that a word is nearly, of ``{folded name: name as it is shown}``; empty for none."""
    found = process.extractOne(folded(word), names.keys(), score_cutoff=ALIKE)
    return names[found[0]] if found else ""


def _checked(text: str) -> str:
    if text.strip() in FAILED_FORMULAS:
        raise ValueError(_("A formula of the spreadsheet failed here."))
    if found := UNKEEPABLE.search(text):
        raise ValueError(
            _("This has a sign that cannot be kept (%(sign)s). Type it anew.") % {"sign": f"U+{ord(found[0]):04X}"}
        )
    return text


def _kept(text: str, longest: int | None) -> str:
    if longest is not None and len(text) > longest:
        raise ValueError(
            _("This has %(length)d characters; at most %(most)d are kept.") % {"length": len(text), "most": longest}
        )
    return text


def _read_choice(text: str, names: dict[str, str], refusal: str) -> str:
    wanted = folded(_checked(text)).removeprefix("the ")
    if wanted in names:
        return names[wanted]
    near = did_you_mean(wanted, {name: name for name in names if len(name) > 3})
    if near:
        refusal += " " + _("Did you mean “%(name)s”?") % {"name": capfirst(near)}
    raise ValueError(refusal)


@lru_cache(maxsize=64)
def _countries(locale: str) -> dict[str, str]:
    codes = dict(country_choices())
    aliases = {
        folded(alias): meant[0]
        for alias, meant in get_global("territory_aliases").items()
        if len(meant) == 1 and meant[0] in codes and alias.isalpha()
    }
    return aliases | EVERYDAY_NAMES | _named(locale, "territories", codes)


@lru_cache(maxsize=64)
def _languages(locale: str) -> dict[str, str]:
    codes = dict(language_choices())
    aliases = {folded(alias): code for alias, code in get_global("language_aliases").items() if code in codes}
    return aliases | _named(locale, "languages", codes)


def _named(locale: str, kind: str, codes: dict[str, str]) -> dict[str, str]:
    """Codes by what they are called, folded: by themselves, in English, and in the reader's language."""
    english, own = getattr(Locale("en"), kind), getattr(Locale.parse(locale), kind)
    found = {
        folded(names[code]).removeprefix("the "): code for names in (english, own) for code in codes if code in names
    }
    return found | {folded(code): code for code in codes}
