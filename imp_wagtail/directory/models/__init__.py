from .consents import Consent, ConsentText, Purpose
from .courses import Course
from .mails import DirectoryMail, Enquiry
from .pages import DirectoryPage, DirectoryPageMixin
from .partners import MirroredEntry, Partner
from .published import Edition, FeedEntry, Listing
from .qualifications import Qualification
from .teachers import Teacher, TeacherLanguage
from .towns import Town, TownName

__all__ = [
    "Consent",
    "ConsentText",
    "Course",
    "DirectoryMail",
    "DirectoryPage",
    "DirectoryPageMixin",
    "Edition",
    "Enquiry",
    "FeedEntry",
    "Listing",
    "MirroredEntry",
    "Partner",
    "Purpose",
    "Qualification",
    "Teacher",
    "TeacherLanguage",
    "Town",
    "TownName",
]
