"""To let days pass: nothing else makes what ends by itself end."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from unittest import mock

from django.utils import timezone


@contextmanager
def days_later(days: float) -> Iterator[None]:
    """Within this, it is so many days later."""
    now = timezone.now
    with mock.patch.object(timezone, "now", lambda: now() + dt.timedelta(days=days)):
        yield
