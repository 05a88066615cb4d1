"""What this room loads from packs: the home page, ``trainings.yaml`` and ``questions.yaml``."""

from .blocks import NotHeldError, OfferedPart, register_pack_block
from .home import HomeLoader
from .questions import QuestionsLoader
from .streams import own_key
from .trainings import TrainingsLoader

__all__ = [
    "HomeLoader",
    "NotHeldError",
    "OfferedPart",
    "QuestionsLoader",
    "TrainingsLoader",
    "own_key",
    "register_pack_block",
]
