"""What pages of other rooms ask about a pathway."""

from itertools import takewhile

from django.db.models import Case, When

from imp_wagtail.core.prepared import PreparedPublic
from imp_wagtail.core.restrictions import public
from imp_wagtail.core.translation import active_locale, speaks_several

from .models import Pathway, PathwayPage
from .presentation import DisplayedStage, stages_for_display

#: The page of a pathway, with the pathway, where a site speaks one language.
PAGE = PreparedPublic(
    lambda key: public(PathwayPage.objects.live()).filter(pathway=key).select_related("pathway").order_by("pk"), -1
)


def shown_pathway(key: int) -> tuple[Pathway, PathwayPage | None]:
    """The pathway of this number in the reader's language, and the page that shows it; by one query if it can be."""
    if not speaks_several():
        page = PAGE.first(key)
        return (page.pathway, page) if page else (Pathway.objects.get(pk=key), None)
    pathway = Pathway.objects.get(pk=key).localized
    return pathway, pathway_page(pathway)


def pathway_page(pathway: Pathway) -> PathwayPage | None:
    """The published page that shows a pathway: in the active language, else in another; ``None`` without one."""
    pages = public(PathwayPage.objects.live()).filter(pathway__translation_key=pathway.translation_key)
    own = Case(When(locale=active_locale(), then=0), default=1)
    return pages.order_by(own, "pk").first()


def stages_before_training(pathway: Pathway) -> list[DisplayedStage]:
    """The stages that lead up to the one in which the training is attended: its prerequisites.

    Empty where no stage of the pathway has a training.
    """
    stages = stages_for_display(pathway.localized)
    before = list(takewhile(lambda shown: not shown.stage.takes_training, stages))
    return before if len(before) < len(stages) else []
