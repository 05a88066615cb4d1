"""What happens to letters, for the rooms that build on them. Receivers run in the same transaction."""

from django.dispatch import Signal

#: Sends ``letter``, ``by``.
letter_issued = Signal()
letter_withdrawn = Signal()
