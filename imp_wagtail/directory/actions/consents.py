"""Consent, for each purpose by itself: given, withdrawn, and asked for with a new wording."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Locale

from imp_wagtail.core.dates import long_date
from imp_wagtail.core.translation import in_own_language
from imp_wagtail.participants.actions import refuse_future, require_reason
from imp_wagtail.participants.log import record

from ..models import Consent, ConsentText, Purpose, Teacher
from ..texts import latest_version, latest_versions
from .locking import check_field, locked, refuse_undated
from .publishing import publish, publish_many


def record_consent(
    teacher: Teacher, purpose: str = Purpose.PROFILE, *, on: dt.date | None, note: str = "", by: Any
) -> Teacher:
    """Record consent to one purpose, to the wording of that day: for the first time, anew, or as a later confirmation.

    ``note`` says how it was given. Consent before one that is on record already is refused.
    """
    refuse_undated(on, "on")
    check_field(Consent, "note", note, "note")
    with transaction.atomic():
        teacher = locked(teacher)
        give(teacher, purpose, on=on, note=note, by=by)
        publish(teacher)
    return teacher


def give(teacher: Teacher, purpose: str, *, on: dt.date, note: str, version: int = 0, by: Any) -> None:
    """Store consent of a locked teacher and log it; the caller publishes. An earlier one ends with it.

    To the wording of that day, unless ``version`` says to which.
    """
    version = version or latest_version(purpose, on)
    earlier = list(teacher.consents.to(purpose))
    current = [consent for consent in earlier if consent.ended_on is None]
    if any((consent.given_on, consent.note, consent.version) == (on, note, version) for consent in current):
        return
    days = [day for consent in earlier for day in (consent.given_on, consent.ended_on) if day]
    if days and on < max(days):
        raise ValidationError({"on": _("There is a later date on record: %(date)s.") % {"date": long_date(max(days))}})
    for consent in current:
        consent.ended_on = on
        consent.save(update_fields=["ended_on"])
    consent = Consent(teacher=teacher, purpose=Purpose(purpose), version=version, given_on=on, note=note)
    consent.save()
    told = {"before": max(days)} if days else {}
    record(teacher.participant, "imp.teacher.consent", by=by, what=_given(consent), after=on, **told)


@in_own_language()
def _given(consent: Consent) -> str:
    words = {"name": consent.teacher.name, "purpose": consent.get_purpose_display(), "version": consent.version}
    return _("%(name)s: %(purpose)s, version %(version)d of the text") % words


def end_consent(
    teacher: Teacher, purpose: str = Purpose.PROFILE, *, on: dt.date | None = None, why: str, by: Any
) -> Teacher:
    """End consent to one purpose, from this request on. Without a public profile nothing else stands either.

    The entry itself is kept for when they come back.
    """
    require_reason(why)
    on = on or timezone.localdate()
    refuse_future(on, "on")
    with transaction.atomic():
        teacher = locked(teacher)
        wanted = Purpose.values if purpose == Purpose.PROFILE else [purpose]
        consents = list(teacher.consents.filter(purpose__in=wanted))
        open_ones = [consent for consent in consents if consent.ended_on is None]
        if not any(consent.purpose == purpose for consent in consents):
            raise ValidationError(_("There is no consent on record that could end."))
        if any(on < consent.given_on for consent in open_ones):
            raise ValidationError({"on": _("Consent cannot end before it was given.")})
        for consent in open_ones:
            _end(consent, on, why, by)
        publish(teacher)
    return teacher


def _end(consent: Consent, on: dt.date, why: str, by: Any) -> None:
    consent.ended_on = on
    consent.save(update_fields=["ended_on"])
    person = consent.teacher.participant
    with in_own_language():
        what = f"{consent.teacher.name}: {consent.get_purpose_display()}"
    record(person, "imp.teacher.end_consent", by=by, what=what, before=consent.given_on, after=on, why=why)


def set_consents(
    teacher: Teacher, purposes: Iterable[str], *, note: str, read: Mapping[str, int] | None = None, by: Any
) -> Teacher:
    """Make these the purposes that a teacher agrees to from today on, in the teacher's own words of ``note``.

    What is agreed to already, in its latest wording, stays as it is. Without a public profile nothing else stands.
    ``read``: by purpose, the version that was agreed to; refused beside the purpose where there is a later one.
    """
    check_field(Consent, "note", note, "note")
    wanted, today = {Purpose(purpose) for purpose in purposes}, timezone.localdate()
    if Purpose.PROFILE not in wanted:
        wanted = set()
    with transaction.atomic():
        teacher = locked(teacher)
        held = {consent.purpose: consent for consent in teacher.consents.filter(ended_on__isnull=True)}
        latest = latest_versions()
        given = [one for one in wanted if one not in held or held[one].version < latest[one]]
        _refuse_unread(given, latest, latest if read is None else read)
        for purpose in Purpose.values:
            if purpose in given:
                give(teacher, purpose, on=today, note=note, version=latest[purpose], by=by)
            if purpose in held and purpose not in wanted:
                _end(held[purpose], today, note, by)
        publish(teacher)
    return teacher


def _refuse_unread(purposes: Iterable[str], latest: Mapping[str, int], read: Mapping[str, int]) -> None:
    unread = [purpose for purpose in purposes if read.get(purpose) != latest[purpose]]
    if unread:
        message = _("The wording has just changed. Read it, and say whether you agree to it.")
        raise ValidationError(dict.fromkeys(map(str, unread), message))


def refuse_hasty_end(day: dt.date | None) -> None:
    """Consent to earlier wordings ends on a day to come, if at all."""
    if day and day <= timezone.localdate():
        raise ValidationError({"earlier_end_on": _("Give people time to answer: choose a day to come.")})


def publish_text(
    purpose: str, texts: dict[str, str], *, earlier_end_on: dt.date | None = None, by: Any
) -> list[ConsentText]:
    """Ask for consent with a new wording from now on: ``texts`` by language code, at least one.

    Consent to earlier wordings goes on counting, or ends on a day, from which on whoever gave it is not shown.
    """
    written = {code: text.strip() for code, text in texts.items() if text.strip()}
    if not written:
        raise ValidationError({"text": _("Write the text.")})
    refuse_hasty_end(earlier_end_on)
    with transaction.atomic():
        # Locked, so that two new wordings at once get two versions.
        list(ConsentText.objects.select_for_update().filter(purpose=purpose).values_list("pk"))
        version = latest_version(purpose) + 1
        made = [
            ConsentText.objects.create(
                purpose=Purpose(purpose),
                version=version,
                locale=Locale.objects.get(language_code=code),
                text=text,
                earlier_end_on=earlier_end_on,
                published_by=by if getattr(by, "pk", None) else None,
            )
            for code, text in written.items()
        ]
        record(made[0], "imp.consent_text.publish", by=by, what=_published(made[0]))
        if earlier_end_on:
            publish_many(Consent.objects.current().to(purpose).values_list("teacher", flat=True))
    return made


@in_own_language()
def _published(text: ConsentText) -> str:
    words = {"purpose": text.get_purpose_display(), "version": text.version}
    if text.earlier_end_on is None:
        return _("%(purpose)s, version %(version)d; consent to earlier ones goes on counting") % words
    words["day"] = long_date(text.earlier_end_on)
    return _("%(purpose)s, version %(version)d; consent to earlier ones ends on %(day)s") % words
