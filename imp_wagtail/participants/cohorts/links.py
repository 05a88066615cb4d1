"""Where a cohort's page leads to: rooms further down the house add theirs through a hook."""

from typing import Any, NamedTuple

from wagtail import hooks

from ..models import Cohort

#: Functions ``(cohort, user) -> list[CohortLink]``; whether the user may follow one is the function's to check.
COHORT_LINKS_HOOK = "imp_cohort_links"


class CohortLink(NamedTuple):
    """A button on the cohort's page."""

    label: Any
    url: str


def cohort_links(cohort: Cohort, user: Any) -> list[CohortLink]:
    """All that this user may follow, in the order of the hooks."""
    return [link for hook in hooks.get_hooks(COHORT_LINKS_HOOK) for link in hook(cohort, user)]
