"""What the tests of bulk actions share: the addresses, the forms, and a look before the act."""

from typing import Any

from django.test import Client
from django.urls import reverse

from imp_wagtail.core import jobs
from imp_wagtail.core.models import Job
from imp_wagtail.participants.bulk.acts import ACTS, Act
from imp_wagtail.participants.bulk.outlook import Outlook, Person, look_ahead
from imp_wagtail.participants.models import Participant


def address(act: str, *people: Any, **query: Any) -> str:
    """The page of a bulk action on these people, or on all of the filter of the query."""
    keys = [person if isinstance(person, str) else person.pk for person in people]
    return reverse("imp_participants:bulk", args=[act], query={"id": keys, **query})


def act_of(name: str, data: dict[str, Any]) -> Act:
    """The bulk action that this form makes; the form must be right."""
    form = ACTS[name].form_class({field: str(value) for field, value in data.items()})
    assert form.is_valid(), form.errors
    act = ACTS[name](form.cleaned_data)
    act.check()
    return act


def outlook_of(name: str, data: dict[str, Any]) -> Outlook:
    """What the action would do to everybody on record."""
    everybody = Participant.objects.all()
    people = [Person(*row) for row in everybody.values_list("pk", "name")]
    return look_ahead(people, act_of(name, data).foresight(everybody))


def names(people: list[Person]) -> list[str]:
    return sorted(person.name for person in people)


def shown_plan(client: Client, url: str, data: dict[str, Any]) -> str:
    """Send the form; returns what the button of the preview would send."""
    response = client.post(url, data)
    assert response.status_code == 200, response
    assert "plan" in response.context, response.context["form"].errors
    return response.context["plan"]


def done(client: Client, url: str, data: dict[str, Any]) -> Job:
    """Send the form, then the preview's button, and drive the work to its end."""
    response = client.post(url, {"plan": shown_plan(client, url, data)})
    assert response.status_code == 302
    return jobs.run(Job.objects.latest("pk").pk)
