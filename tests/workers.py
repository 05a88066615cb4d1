"""How ``make test`` shares the tests between its workers: a pytest plugin (``-p tests.workers``).

The browser's tests share one running site, the wheel's one environment, and those of markup every page of a site. Each
of the three is slow to make, so each stays with one worker, and is begun first; every other test goes to whoever is
free. (pytest-xdist's ``loadgroup`` is meant for this, but 3.8 notes its groups on an attribute that pytest 9.2 no
longer has, and scatters them silently.)
"""

from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

KEPT_TOGETHER = ("tests/e2e/", "tests/test_packaging.py", "tests/markup/")


class Sharing(LoadScopeScheduling):
    """Gives out single tests, and each of the groups whole; the groups come first, being the largest."""

    def _split_scope(self, nodeid: str) -> str:
        return next((group for group in KEPT_TOGETHER if nodeid.startswith(group)), nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Sharing:
    return Sharing(config, log)
