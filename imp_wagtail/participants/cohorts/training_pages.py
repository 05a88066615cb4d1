"""The pages of trainings in Wagtail's admin: each leads to its cohorts, and is not deleted from under them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.widgets import Button
from wagtail.models import Page

from imp_wagtail.core.words import in_a_row, quoted
from imp_wagtail.trainings.models import TrainingPage

from ..models import Cohort
from ..permissions import ADD_COHORTS, cohorts_for, may_see_cohorts
from .views import cohort_url

#: Between Wagtail's own "History" and "Sort menu order".
PRIORITY = 66


def cohort_buttons(page: Page, user: Any, **kwargs: Any) -> Iterator[Button]:
    """For the page's menu: to its cohort, to the list of them where it has several, to a new one where it has none."""
    if not (isinstance(page, TrainingPage) and page.pk and may_see_cohorts(user)):
        return
    found = _by_training(user).get(page.translation_key, [])
    if len(found) == 1:
        yield Button(_("Open cohort"), cohort_url(found[0]), icon_name="group", priority=PRIORITY)
    elif found:
        address = f"{reverse('imp_cohorts:index')}?{urlencode({'training': found[0].training_id})}"
        yield Button(_("Open cohorts"), address, icon_name="group", priority=PRIORITY)
    elif user.has_perm(ADD_COHORTS):
        address = f"{reverse('imp_cohorts:add')}?{urlencode({'training': page.pk})}"
        yield Button(_("New cohort"), address, icon_name="group", priority=PRIORITY)


def _by_training(user: Any) -> dict[Any, list[Cohort]]:
    """The cohorts that a user may see, by their training in any language.

    Kept with the user of the request, as Django keeps permissions: a listing asks for each of its pages.
    """
    if not hasattr(user, "_imp_cohorts_by_training"):
        found = defaultdict(list)
        cohorts = cohorts_for(user).filter(training__isnull=False).only("pk", "training_id").order_by("pk")
        for cohort in cohorts.annotate(training_key=F("training__translation_key")):
            found[cohort.training_key].append(cohort)
        user._imp_cohorts_by_training = dict(found)
    return user._imp_cohorts_by_training


def refuse_deletion(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Before a page is deleted: refuse where a cohort would lose its training with it."""
    held = trainings_with_cohorts(_translations_too(page))
    if not held:
        return None
    say_what_is_held(request, held)
    return redirect("wagtailadmin_explore", page.get_parent().pk)


def refuse_bulk_deletion(
    request: HttpRequest, action_type: str, objects: list[Any], action: Any
) -> HttpResponse | None:
    """The same for several pages; none of them is deleted then."""
    pages = [item for item in objects if isinstance(item, Page)]
    if action_type != "delete" or not pages:
        return None
    held = trainings_with_cohorts(pages)
    if not held:
        return None
    say_what_is_held(request, held)
    return redirect(action.next_url)


def _translations_too(page: Page) -> list[Page]:
    """A page and the translations that Wagtail deletes with it."""
    if not getattr(settings, "WAGTAIL_I18N_ENABLED", False):
        return [page]
    others = [
        other
        for hook in hooks.get_hooks("construct_translated_pages_to_cascade_actions")
        for pages in (hook([page], "delete") or {}).values()
        for other in pages
    ]
    return [page, *others]


def trainings_with_cohorts(pages: Iterable[Page]) -> list[TrainingPage]:
    """The trainings among these pages and below them that cohorts go through."""
    below = TrainingPage.objects.none()
    for page in pages:
        below |= TrainingPage.objects.descendant_of(page, inclusive=True)
    return list(below.filter(pk__in=Cohort.objects.filter(training__isnull=False).values("training")).order_by("pk"))


def say_what_is_held(request: HttpRequest, held: list[TrainingPage]) -> None:
    text = _(
        "Nothing was deleted: a cohort goes through %(titles)s, and its letters take place and dates from there. "
        "Unpublish the page instead, or ask a registrar to give the cohort another training."
    )
    messages.error(request, text % {"titles": in_a_row(quoted(page.title) for page in held)})
