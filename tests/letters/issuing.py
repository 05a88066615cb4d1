"""Issues letters in a process of its own: what ``test_concurrency`` starts several of.

Its argument is the database and the folder for files. It says "ready", reads a line with the stage and the
enrolments, and answers with the number of each letter; "" where the letter was refused.
"""

import json
import sys
from typing import Any

import django
from django.conf import settings


def issue_all(stage: int, enrolments: list[int]) -> list[str]:
    """The number of each enrolment's letter for the stage, in the order given."""
    from django.core.exceptions import ValidationError

    from imp_wagtail.letters import actions
    from imp_wagtail.participants.models import Enrolment
    from imp_wagtail.pathways.models import Stage

    from .conftest import ISSUED_ON, printed

    actions.render_letter = printed

    def issue(enrolment: int) -> str:
        try:
            found = Enrolment.objects.get(pk=enrolment)
            return actions.issue(found, Stage.objects.get(pk=stage), on=ISSUED_ON, by=None).number
        except ValidationError:
            return ""

    return [issue(enrolment) for enrolment in enrolments]


def main(database: dict[str, Any], private_root: str) -> None:
    settings.DATABASES["default"] = database
    settings.IMP_WAGTAIL = {**settings.IMP_WAGTAIL, "PRIVATE_ROOT": private_root}
    django.setup()
    print("ready", flush=True)
    print(json.dumps(issue_all(**json.loads(sys.stdin.readline()))))


if __name__ == "__main__":
    main(**json.loads(sys.argv[1]))
