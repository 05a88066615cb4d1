"""What each of several processes does with a job. It has loaded no page, as a worker has not."""

from imp_wagtail.core import jobs


def run_to_the_end(job: int) -> str:
    return jobs.run(job).state
