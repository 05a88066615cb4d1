from .letters import Letter, LetterYear
from .sendings import Sending
from .templates import LetterMessage, LetterTemplate

__all__ = ["Letter", "LetterMessage", "LetterTemplate", "LetterYear", "Sending"]
