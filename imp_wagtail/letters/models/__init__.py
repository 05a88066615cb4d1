from .letters import Letter, LetterYear
from .templates import LetterTemplate

__all__ = ["Letter", "LetterTemplate", "LetterYear"]
