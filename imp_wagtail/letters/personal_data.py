"""Letters in the export of a person's data, and as what an erasure leaves."""

from django.utils.translation import gettext as _
from wagtail.models import ModelLogEntry

from imp_wagtail.core.dates import long_date
from imp_wagtail.letters.files import state_of
from imp_wagtail.letters.models import Letter, Sending
from imp_wagtail.letters.rendering import as_current
from imp_wagtail.letters.wording import to_text
from imp_wagtail.participants.models import Participant
from imp_wagtail.participants.personal.facts import Entry, Fact, Section, entry_of, fact


def letters_of(participant: Participant) -> list[Section]:
    """For the hook: every letter ever issued to a person, which an erasure leaves in the register."""
    found = Letter.objects.filter(enrolment__participant=participant).order_by("year", "running_number")
    letters = list(found.select_related("stage", "issued_by", "replaced_by"))
    ended_by = who_ended(participant)
    entries = [_entry(letter, ended_by.get(letter.number, "")) for letter in letters]
    kept = [in_words(letter) for letter in letters]
    return [
        Section("letters", _("Letters"), entries, (Letter,), kept, is_erased=False),
        Section("sendings", _("Letters sent by e-mail"), _sendings_of(participant), (Sending,)),
    ]


def _sendings_of(participant: Participant) -> list[Entry]:
    found = Sending.objects.filter(letter__enrolment__participant=participant).order_by("pk")
    return [entry_of(sending) for sending in found.select_related("letter", "asked_by", "job")]


def _entry(letter: Letter, ended_by: str) -> Entry:
    number = fact("number", _("Register number"), letter.number)
    code = fact("code", _("Verification code"), letter.printed_code)
    # A file that is not what was issued is nobody's letter: it is told of, and stays where it is.
    fault = state_of(letter).fault
    own = ["enrolment", "snapshot", "year", "running_number", "code", "stands", "replaced_by"]
    entry = entry_of(
        letter,
        first=[number, code],
        without=[*own, "file"] if fault else own,
        path=f"letters/{letter.number}",
    )
    if fault:
        entry.facts.append(Fact("file", _("PDF"), None, str(fault.label)))
    snapshot = as_current(letter.snapshot)
    says = "\n".join([snapshot["heading"], to_text(snapshot["body"])])
    entry.facts.append(Fact("snapshot", _("What the letter says"), letter.snapshot, says))
    successor = letter.replaced_by.number if letter.replaced_by else None
    entry.facts.append(fact("replaced_by", _("Replaced by"), successor))
    entry.facts.append(fact("ended_by", _("Replaced or withdrawn by"), ended_by or None))
    return entry


def who_ended(participant: Participant) -> dict[str, str]:
    """By the numbers of letters, who replaced or withdrew them: only the history has it."""
    entries = ModelLogEntry.objects.for_instance(participant).select_related("user").order_by("timestamp", "pk")
    ended = entries.filter(action__in=["imp.letter.replace", "imp.letter.withdraw"])
    return {entry.data.get("before", ""): str(entry.user_display_name) for entry in ended}


def in_words(letter: Letter) -> str:
    """What stays of a letter when its person is erased."""
    return _("Letter %(number)s with the name and its PDF: %(stage)s, %(date)s, %(state)s") % {
        "number": letter.number,
        "stage": letter.snapshot["stage"],
        "date": long_date(letter.issued_on),
        "state": letter.get_state_display(),
    }
