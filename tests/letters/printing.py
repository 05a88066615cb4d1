"""A printer that costs nothing, for tests that are not about the page."""

import json
from typing import Any

from imp_wagtail.letters.rendering import Renderer


class QuickRenderer(Renderer):
    """A stand-in for the PDF: other bytes for each snapshot, the same for the same."""

    def render(self, snapshot: dict[str, Any]) -> bytes:
        return b"%PDF-quick " + json.dumps(snapshot, sort_keys=True).encode()


QUICK_RENDERER = f"{__name__}.{QuickRenderer.__name__}"
