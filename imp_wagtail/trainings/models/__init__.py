from .content import ContentPage
from .faq import FAQPage
from .people import Trainer
from .trainings import (
    TrainingIndexPage,
    TrainingIndexPageMixin,
    TrainingPage,
    TrainingPageMixin,
    TrainingTrainer,
)

__all__ = [
    "ContentPage",
    "FAQPage",
    "Trainer",
    "TrainingIndexPage",
    "TrainingIndexPageMixin",
    "TrainingPage",
    "TrainingPageMixin",
    "TrainingTrainer",
]
