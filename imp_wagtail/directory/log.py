"""The audit log's words for the directory.

What happens to an entry hangs on its participant, like all that happens to one; a wording stands by itself.
"""

from django.utils.translation import gettext_lazy as _

ACTIONS = {
    "imp.teacher.list": _("Listed as teacher"),
    "imp.teacher.change": _("Directory entry changed"),
    "imp.teacher.end_consent": _("Consent ended"),
    "imp.teacher.consent": _("Consent given"),
    "imp.teacher.renew": _("Listing renewed"),
    "imp.teacher.ask_to_renew": _("Asked by e-mail to renew"),
    "imp.teacher.suspend": _("Listing suspended"),
    "imp.teacher.resume": _("Suspension ended"),
    "imp.teacher.recognise": _("Recognised as teacher"),
    "imp.teacher.end_recognition": _("Recognition as teacher ended"),
    "imp.teacher.merge": _("Two directory entries became one"),
    "imp.consent_text.publish": _("New wording of consent published"),
    "imp.course.add": _("Course added"),
    "imp.course.change": _("Course changed"),
    "imp.course.remove": _("Course removed"),
    "imp.qualification.add": _("Qualification added"),
    "imp.qualification.change": _("Qualification changed"),
    "imp.qualification.remove": _("Qualification removed"),
    "imp.enquiry.report": _("Enquiry reported"),
    "imp.enquiry.settle": _("Report of an enquiry settled"),
    "imp.enquiry.block": _("Sender of an enquiry blocked"),
    "imp.enquiry.unblock": _("Sender of an enquiry no longer blocked"),
    "imp.enquiry.erase": _("All that one sender wrote was erased"),
    "imp.partner.add": _("Partner added"),
    "imp.partner.change": _("Partner changed"),
    "imp.partner.remove": _("Partner removed"),
}
