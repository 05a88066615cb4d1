"""From a letter to what may be done with it, for the register and for the participant's record alike."""

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from imp_wagtail.participants.cohorts.links import CohortLink
from imp_wagtail.participants.models import Cohort
from imp_wagtail.participants.permissions import SEE_PARTICIPANTS

from .hands import LETTERS_DUE
from .models import Letter
from .permissions import may_end, may_issue, may_replace, may_send, may_view


def action_links(letter: Letter, user: Any, *, back: str = "") -> list[dict[str, str]]:
    """The actions that the user may take on this letter: address, label, a title that names it, icon.

    ``back`` is the address to return to afterwards; without it, actions lead to the person's record.
    """
    links = []
    if may_view(user):
        links.append(_link("download", letter, _("Download"), _("Download letter %(number)s"), "download"))
    if may_send(user, letter):
        links.append(_link("send", letter, _("Send"), _("Send letter %(number)s"), "mail", back))
    if may_replace(user, letter):
        links.append(_link("replace", letter, _("Replace"), _("Replace letter %(number)s"), "rotate", back))
    if may_end(user, letter):
        links.append(_link("withdraw", letter, _("Withdraw"), _("Withdraw letter %(number)s"), "cross", back))
    return links


def cohort_letters(cohort: Cohort, user: Any) -> list[CohortLink]:
    """For the hook: from a cohort to the letters of its people, and to those of them who wait for one."""
    links = []
    if may_view(user):
        links.append(CohortLink(_("Letters"), f"{register_url()}?{urlencode({'cohort': cohort.pk})}"))
    if may_issue(user) and user.has_perm(SEE_PARTICIPANTS):
        waiting = urlencode({"cohort": cohort.pk, "hand": LETTERS_DUE.key})
        links.append(CohortLink(_("Letters due"), f"{reverse('imp_participants:index')}?{waiting}"))
    return links


def register_url() -> str:
    """The register's list."""
    return reverse("training_letters_modeladmin_index")


def letter_url(letter: Letter) -> str:
    """The letter's page in the register."""
    return reverse("training_letters_modeladmin_inspect", args=[letter.pk])


def _link(action: str, letter: Letter, label: str, title: str, icon: str, back: str = "") -> dict[str, str]:
    address = reverse(f"imp_letters_admin:{action}", args=[letter.pk])
    return {
        "url": f"{address}?{urlencode({'next': back})}" if back else address,
        "label": label,
        "title": title % {"number": letter.number},
        "icon": icon,
    }
