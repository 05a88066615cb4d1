"""What the filters of the list of participants offer: each function is one query, whatever there is to choose from."""

from typing import Any

from django.db.models import Case, Q, When

from imp_wagtail.core.localities import country_choices, language_choices
from imp_wagtail.pathways.models import Pathway

from .models import Participant
from .permissions import cohorts_for

Choices = list[tuple[Any, str]]

#: Cohorts to choose from; longer lists are slow, and nobody finds anything in them.
MOST_COHORTS = 300


def pathways_and_stages() -> dict[str, Choices]:
    """Those that people are tracked on; stages of several pathways are told apart."""
    rows = Pathway.objects.in_source_language().order_by("title", "pk", "stages__sort_order", "stages__pk")
    pathways: dict[int, str] = {}
    stages: Choices = []
    for pathway, title, stage, stage_title in rows.values_list("pk", "title", "stages__pk", "stages__title"):
        pathways[pathway] = title
        if stage:
            stages.append((stage, f"{title} · {stage_title}"))
    return {"pathway": list(pathways.items()), "stage": stages}


def cohorts_and_trainings(user: Any, *, also: dict[str, int]) -> dict[str, Choices]:
    """The cohorts that the user may see, and the trainings that they went through, the latest first.

    Of very many only the latest are offered, and what is asked for: an old address stays true.
    """
    is_asked_for = Q(pk=also.get("cohort", 0)) | Q(training=also.get("training", 0))
    first = Case(When(is_asked_for, then=0), default=1)
    of_training = ("training", "training__title", "training__starts")
    latest_rows = cohorts_for(user).order_by(first, "-pk").values_list("pk", "title", *of_training)[:MOST_COHORTS]
    cohorts: Choices = []
    trainings: dict[int, tuple[Any, str]] = {}
    for cohort, title, training, training_title, starts in sorted(latest_rows, key=lambda row: (row[1], row[0])):
        cohorts.append((cohort, title))
        if training:
            trainings[training] = (starts, f"{training_title}, {starts.year}")
    latest = sorted(trainings.items(), key=lambda item: (item[1][0], item[0]), reverse=True)
    return {"cohort": cohorts, "training": [(training, label) for training, (_starts, label) in latest]}


def countries_and_languages(*, also: set[str]) -> dict[str, Choices]:
    """Those in use, and what is asked for where it is a real one: an old address stays true."""
    countries, languages = Participant.objects.countries_and_languages()
    return {
        "country": [choice for choice in country_choices() if choice[0] in countries | also],
        "language": [choice for choice in language_choices() if choice[0] in languages | also],
    }
