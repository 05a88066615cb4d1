from .cohorts import Attendance, Cohort, Membership, Session
from .people import Enrolment, Participant
from .tracking import Decision, Evidence, StageCompletion, StageProgress

__all__ = [
    "Attendance",
    "Cohort",
    "Decision",
    "Enrolment",
    "Evidence",
    "Membership",
    "Participant",
    "Session",
    "StageCompletion",
    "StageProgress",
]
