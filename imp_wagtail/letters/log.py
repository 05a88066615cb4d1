"""The audit log's words for letters; the entries hang on the participant, like all that happens to one."""

from django.utils.translation import gettext_lazy as _

ACTIONS = {
    "imp.letter.issue": _("Letter issued"),
    "imp.letter.replace": _("Letter replaced"),
    "imp.letter.withdraw": _("Letter withdrawn"),
    "imp.letter.send": _("Letter sent by e-mail"),
}
