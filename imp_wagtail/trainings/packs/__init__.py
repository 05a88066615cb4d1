"""What this room loads from packs: the home page, ``trainings.yaml`` and ``questions.yaml``."""

from .home import HomeLoader
from .questions import QuestionsLoader
from .trainings import TrainingsLoader

__all__ = ["HomeLoader", "QuestionsLoader", "TrainingsLoader"]
