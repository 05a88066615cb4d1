"""The details of a directory entry: set, checked and compared in one place."""

from typing import Any, TypedDict

from django.core.exceptions import ValidationError
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _

from imp_wagtail.core.localities import country_name, language_choices, language_name
from imp_wagtail.core.translation import in_own_language
from imp_wagtail.core.words import in_a_row
from imp_wagtail.participants.log import NOTHING, Change, in_one_line

from .models import Teacher, TeacherLanguage
from .places import blurred
from .towns.lookup import only_town


class TeacherDetails(TypedDict, total=False):
    """What an entry says. ``languages`` are codes; what is left out stays as it is.

    But for ``located_in``: where town or country change and nobody says which town it is, it is looked for by name.
    """

    name: str
    town: str
    country: str
    languages: list[str]
    teaches_online: bool
    teaches_in_person: bool
    about: str
    website: str
    photo: Any
    #: The town in the table of towns, how exactly the map may show the place, and a point if more than the town.
    located_in: Any
    spot: int
    latitude: float | None
    longitude: float | None


def details_of(teacher: Teacher) -> TeacherDetails:
    """What an entry says now."""
    languages = list(teacher.languages.values_list("language", flat=True)) if teacher.pk else []
    fields = [name for name in TeacherDetails.__annotations__ if name != "languages"]
    return TeacherDetails(**{name: getattr(teacher, name) for name in fields}, languages=languages)


def set_details(teacher: Teacher, details: TeacherDetails) -> None:
    """Save an entry with these details. Raises ``ValidationError`` before anything is written."""
    unknown = set(details) - set(TeacherDetails.__annotations__)
    if unknown:
        raise TypeError(f"a teacher has no {', '.join(sorted(unknown))}")
    before = details_of(teacher)
    after = {**before, **details}
    after["name"] = " ".join(after["name"].split())
    after["languages"] = in_known_order(before["languages"], after["languages"])
    if "located_in" not in details and any(after[name] != before[name] for name in ("town", "country")):
        after["located_in"] = only_town(after["town"], after["country"])
    if teacher.pk and after == before:
        return
    after["latitude"], after["longitude"] = public_point(after)
    languages = after.pop("languages")
    for name, value in after.items():
        setattr(teacher, name, value)
    check(teacher, languages)
    teacher.save()
    keep_languages(teacher, languages)


def public_point(details: TeacherDetails) -> tuple[float | None, float | None]:
    """The point to be stored: blurred as its owner chose, or none where the town is enough."""
    latitude, longitude, spot = details["latitude"], details["longitude"], details["spot"]
    if spot == Teacher.Spot.TOWN:
        return None, None
    for name, value, most in (("latitude", latitude, 90), ("longitude", longitude, 180)):
        if value is None or not -most <= value <= most:
            raise ValidationError({name: _("Give a number between −%(most)d and %(most)d.") % {"most": most}})
    return blurred(latitude, longitude, spot)


def in_known_order(before: list[str], wanted: list[str]) -> list[str]:
    """The languages wanted, each once: first those that were there, as they stood, then the new ones."""
    return [code for code in before if code in wanted] + [code for code in dict.fromkeys(wanted) if code not in before]


def check(teacher: Teacher, languages: list[str]) -> None:
    """Refuse an entry that nobody could find or use; each message is keyed by its field."""
    errors: dict[str, Any] = {}
    if not teacher.country:
        errors["country"] = _("Say in which country; people look for teachers by it.")
    if not languages:
        errors["languages"] = _("Choose at least one language.")
    elif unknown := [code for code in languages if code not in dict(language_choices())]:
        errors["languages"] = _("“%(code)s” is not the code of a language.") % {"code": unknown[0]}
    if not (teacher.teaches_online or teacher.teaches_in_person):
        errors["teaches_in_person"] = _("Choose at least one: online, in person, or both.")
    if teacher.located_in and teacher.country and teacher.located_in.country != teacher.country:
        errors["located_in"] = _("%(town)s is in another country.") % {"town": teacher.located_in}
    try:
        teacher.full_clean(exclude=["country"] if "country" in errors else None)
    except ValidationError as error:
        errors = {**error.error_dict, **errors}
    if errors:
        raise ValidationError(errors)


def keep_languages(teacher: Teacher, codes: list[str]) -> None:
    """Make these the languages of a teacher, in this order."""
    if list(teacher.languages.values_list("language", flat=True)) == codes:
        return
    teacher.languages.all().delete()
    TeacherLanguage.objects.bulk_create(TeacherLanguage(teacher=teacher, language=code) for code in codes)


@in_own_language()
def differences(before: TeacherDetails, after: TeacherDetails) -> dict[str, str]:
    """What changed, for the log: field names, old and new values; empty where nothing did."""
    changed = [name for name in TeacherDetails.__annotations__ if before[name] != after[name]]
    changes = [Change(label_of(name), in_words(name, before[name]), in_words(name, after[name])) for name in changed]
    return in_one_line(changes) if changes else {}


def label_of(name: str) -> str:
    """A detail's name as forms show it."""
    return _("Languages") if name == "languages" else capfirst(str(Teacher._meta.get_field(name).verbose_name))


def in_words(name: str, value: Any) -> str:
    """A detail's value in a few words."""
    match name:
        case "languages":
            return in_a_row(map(language_name, value)) or NOTHING
        case "country":
            return country_name(value)
        case "teaches_online" | "teaches_in_person":
            return _("yes") if value else _("no")
        case "spot":
            return str(Teacher.Spot(value).label)
    return Truncator(str(value or NOTHING)).chars(60)
