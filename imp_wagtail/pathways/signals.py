"""What happens to pathways, for the rooms that build on them."""

from django.dispatch import Signal

#: A pathway's rules may have changed. Sends ``pathway``, in the source language,
#: and ``by``, the user whose form it was; ``None`` for a pack.
pathway_changed = Signal()
