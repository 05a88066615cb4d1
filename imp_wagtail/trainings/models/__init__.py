from .announcing import Format, TrainingPageMixin
from .calendar import CalendarEntry
from .content import ContentPage
from .faq import FAQPage
from .indexes import TrainingIndexPage, TrainingIndexPageMixin
from .people import Trainer
from .questions import Question
from .trainings import TrainingPage, TrainingPicture, TrainingPrice, TrainingTrainer

__all__ = [
    "CalendarEntry",
    "ContentPage",
    "FAQPage",
    "Format",
    "Question",
    "Trainer",
    "TrainingIndexPage",
    "TrainingIndexPageMixin",
    "TrainingPage",
    "TrainingPageMixin",
    "TrainingPicture",
    "TrainingPrice",
    "TrainingTrainer",
]
