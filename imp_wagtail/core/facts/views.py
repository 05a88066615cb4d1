"""The menu of facts, for the editor's script."""

from typing import Any

from django.http import HttpRequest, JsonResponse
from django.urls import path

from .rich_text import Told, in_plain
from .sources import LINK, FactSource, Subject, fact_sources

#: Longer than any name that is looked for.
LONGEST = 100


def menu(request: HttpRequest) -> JsonResponse:
    """Facts about each subject with what they say now; ``?q=`` finds subjects by words of their names.

    Whoever may use the admin may ask: it is what the public sees anyway.
    """
    words = request.GET.get("q", "")[:LONGEST]
    groups = [group for source in fact_sources().values() for group in groups_of(source, words)]
    return JsonResponse({"groups": groups})


def groups_of(source: FactSource, words: str) -> list[dict[str, Any]]:
    """Each subject of a source, with what can be told of it."""
    subjects = list(source.subjects(words))
    records = source.shown([subject.key for subject in subjects])
    return [group_of(source, subject, records[subject.key]) for subject in subjects]


def group_of(source: FactSource, subject: Subject, record: Any) -> dict[str, Any]:
    facts = []
    for tell, called in source.tells.items():
        said = source.unsaid(tell, subject.key) if record is None else source.say(tell, record)
        facts.append(
            {
                **Told(source.name, subject.key, tell)._asdict(),
                "label": f"{subject.title}: {called}",
                "called": str(called),
                "text": in_plain(said),
                "gone": record is None,
                "leads": tell == LINK,
            }
        )
    return {"title": subject.title, "facts": facts}


urlpatterns = [path("", menu, name="menu")]
