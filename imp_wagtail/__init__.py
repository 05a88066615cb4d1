"""Teacher development pathways for Wagtail.

One room (a small Django app) per concern; imports point up this list only:
core, pathways, trainings, participants, letters, directory.
"""

__version__ = "0.1.0"

#: The package's rooms, in the order in which they build on each other: ``INSTALLED_APPS += imp_wagtail.APPS``.
APPS = [
    "imp_wagtail.core",
    "imp_wagtail.pathways",
    "imp_wagtail.trainings",
    "imp_wagtail.participants",
    "imp_wagtail.letters",
    "imp_wagtail.directory",
]
