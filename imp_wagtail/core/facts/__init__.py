"""Facts inside of texts: what an editor puts into a sentence, and what is read from its own record each time.

A text holds a fact by its name only. What it says, in the reader's language, is looked up when the text is shown.
"""

from django.utils.translation import gettext_lazy

from .sources import FACT_SOURCES_HOOK, FactSource, References, Subject

#: As the picker of blocks shows those together that read what they show from its own record.
FACTS_GROUP = gettext_lazy("Facts")

__all__ = ["FACTS_GROUP", "FACT_SOURCES_HOOK", "FactSource", "References", "Subject"]
