"""Long work for the tests of jobs, where every time a record is done can be counted."""

from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db.models import F, Value
from django.db.models.functions import Concat
from django.utils.translation import gettext as _

from imp_wagtail.core import jobs


class Crash(BaseException):
    """The process dies."""


@jobs.register
class Tally(jobs.Work):
    """Puts one stroke behind the last name of each user; the first name says what happens then."""

    kind = "tests.tally"

    def do(self, items: list[int]) -> int:
        users = get_user_model().objects.filter(pk__in=items)
        changed = users.exclude(first_name="so already").update(last_name=Concat(F("last_name"), Value("|")))
        for user in users.order_by("pk"):
            self.fate(user.first_name)
        return changed

    def fate(self, name: str) -> None:
        if name == "refused":
            raise ValidationError(_("This field is required."))
        if name == "broken":
            raise ZeroDivisionError("broken on purpose")
        if name == "crash":
            raise Crash

    def name_of(self, item: Any) -> str:
        return f"user {item}"

    def summary(self) -> str:
        return f"{self.job.changed} strokes in all"

    def over(self) -> None:
        """Counted too: a job ends once."""
        get_user_model().objects.filter(pk=self.job.created_by_id).update(last_name=Concat(F("last_name"), Value("!")))


@jobs.register
class TallyTogether(Tally):
    """The same, several users in one transaction."""

    kind = "tests.tally_together"
    batch = 4


def run_to_the_end(job: int) -> str:
    """What each of several processes does with a job."""
    return jobs.run(job).state


def send(user: int, address: str, data: dict[str, Any]) -> list[Any]:
    """What each of several browsers does with a form: the status and the errors that came back."""
    from django.test import Client
    from django.test.utils import setup_test_environment

    setup_test_environment()  # so that the form can be looked at
    client = Client()
    client.force_login(get_user_model().objects.get(pk=user))
    response = client.post(address, data)
    errors = response.context["form"].errors if response.status_code == 200 else {}
    return [response.status_code, {name: list(messages) for name, messages in errors.items()}]
