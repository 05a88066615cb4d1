from .cohorts import Attendance, Cohort, Membership, Session
from .imports import PeopleImport
from .people import DistinctPair, Enrolment, Participant
from .tracking import Decision, Evidence, Extension, StageCompletion, StageProgress

__all__ = [
    "Attendance",
    "Cohort",
    "Decision",
    "DistinctPair",
    "Enrolment",
    "Evidence",
    "Extension",
    "Membership",
    "Participant",
    "PeopleImport",
    "Session",
    "StageCompletion",
    "StageProgress",
]
