"""What happens to participants, for the rooms that build on them. Receivers run in the same transaction."""

from django.dispatch import Signal

#: Sends ``enrolment``, ``stage``, ``completion``, ``by``.
stage_completed = Signal()
#: Before a completed stage is reopened: a receiver may refuse by raising ``ValidationError``.
#: Sends ``enrolment``, ``stage``, ``by``.
stage_reopening = Signal()
#: Progress of an enrolment was stored anew. Sends ``enrolment``.
progress_stored = Signal()
