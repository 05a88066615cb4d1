"""One letter of the register in full: what it says, its file, its e-mails and its history."""

from typing import Any

from django.utils.safestring import SafeString, mark_safe

from imp_wagtail.core.modeladmin import RegisterInspectView

from ..checking.printed import printed_facts, printed_wording
from ..files import state_of
from ..models import Letter
from ..permissions import may_see_addresses
from ..sending.in_words import rows_of
from ..wording import cleaned
from .history import history_of
from .looks import looks_of


class LetterInspectView(RegisterInspectView):
    """A letter's page. Its file is read and compared each time the page is opened."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        letter = self.instance
        return super().get_context_data(
            **kwargs,
            letter=letter,
            printed=printed_facts(letter),
            wording=wording_of(letter),
            looks=looks_of(letter),
            stored=state_of(letter),
            sendings=rows_of(letter, self.request.user),
            history=history_of(letter, with_addresses=may_see_addresses(self.request.user)),
        )


def wording_of(letter: Letter) -> SafeString:
    """The wording as printed: cleaned when the letter was issued, and here once more before a page trusts it."""
    return mark_safe(cleaned(printed_wording(letter)))  # noqa: S308
