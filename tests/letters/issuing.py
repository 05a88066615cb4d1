"""Issues letters in a process of its own: what ``test_concurrency`` starts several of, and ``test_crashes`` kills.

Its argument is the database, the folder for files, and what prints. It says "ready", and reads a line: the stage and
the enrolments, and then it answers with the number of each letter, "" where the letter was refused; or a job, and then
it answers with the state in which that ended.
"""

import json
import sys
import time
from typing import Any

import django
from django.conf import settings

from .printing import QUICK_RENDERER


def issue_all(stage: int, enrolments: list[int]) -> list[str]:
    """The number of each enrolment's letter for the stage, in the order given."""
    from django.core.exceptions import ValidationError

    from imp_wagtail.letters import actions
    from imp_wagtail.participants.models import Enrolment
    from imp_wagtail.pathways.models import Stage

    from .conftest import ISSUED_ON

    def issue(enrolment: int) -> str:
        try:
            found = Enrolment.objects.get(pk=enrolment)
            return actions.issue(found, Stage.objects.get(pk=stage), on=ISSUED_ON, by=None).number
        except ValidationError:
            return ""

    return [issue(enrolment) for enrolment in enrolments]


def run_job(job: int, pause: float) -> str:
    """Do a job to its end, resting at each letter so long: its file is stored then, and nothing is certain yet."""
    from imp_wagtail.core import jobs
    from imp_wagtail.letters.signals import letter_issued

    def rest(**kwargs: Any) -> None:
        time.sleep(pause)

    letter_issued.connect(rest)
    return jobs.run(job).state


def main(database: dict[str, Any], private_root: str, renderer: str = QUICK_RENDERER) -> None:
    settings.DATABASES["default"] = database
    settings.IMP_WAGTAIL = {**settings.IMP_WAGTAIL, "PRIVATE_ROOT": private_root, "LETTER_RENDERER": renderer}
    django.setup()
    print("ready", flush=True)
    told = json.loads(sys.stdin.readline())
    print(json.dumps(run_job(**told) if "job" in told else issue_all(**told)))


if __name__ == "__main__":
    main(**json.loads(sys.argv[1]))
