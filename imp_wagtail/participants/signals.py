"""What happens to participants, for the rooms that build on them. Receivers run in the same transaction."""

from django.dispatch import Signal

#: Sends ``enrolment``, ``stage``, ``completion``, ``by``.
stage_completed = Signal()
#: Before a completed stage is reopened: a receiver may refuse by raising ``ValidationError``.
#: Sends ``enrolment``, ``stage``, ``by``.
stage_reopening = Signal()
#: Progress of an enrolment was stored anew. Sends ``enrolment``.
progress_stored = Signal()
#: What opens the way into the directory for people, or the pathways that they completed, may be another now. Sends
#: ``participants``, their keys.
standing_changed = Signal()
#: What is on record of somebody, such as the e-mail address, was changed. Sends ``participant``.
details_changed = Signal()
#: Before a person is erased, with all that hangs on them: a receiver lets go of what must stay, deletes what
#: deletion does not reach, or refuses by raising ``ValidationError``. Sends ``participant``, ``by``.
participant_erasing = Signal()
#: Two records of one person become one: all of this room hangs on ``keep`` already, and ``other`` is about to be
#: deleted. A receiver moves what is its own, or refuses by raising ``ValidationError``. Sends ``keep``, ``other``,
#: ``enrolments`` (each enrolment of ``other`` that went into one of ``keep``, and which), ``choices``, ``by``.
participants_merging = Signal()
