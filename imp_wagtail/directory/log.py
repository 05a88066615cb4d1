"""The audit log's words for the directory; the entries hang on the participant, like all that happens to one."""

from django.utils.translation import gettext_lazy as _

ACTIONS = {
    "imp.teacher.list": _("Listed as teacher"),
    "imp.teacher.change": _("Directory entry changed"),
    "imp.teacher.end_consent": _("Consent to be listed ended"),
    "imp.teacher.renew_consent": _("Consent to be listed renewed"),
    "imp.teacher.merge": _("Two directory entries became one"),
    "imp.course.add": _("Course added"),
    "imp.course.remove": _("Course removed"),
    "imp.qualification.add": _("Qualification added"),
    "imp.qualification.remove": _("Qualification removed"),
}
