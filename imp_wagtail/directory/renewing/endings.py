"""What follows when a teacher takes back one of the consents that add to a public profile, told before it is done."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ..models import Purpose

FOLLOWS: dict[str, Promise] = {
    Purpose.PHOTO: _("Your entry is shown without your photo."),
    Purpose.MAP: _("Your place is taken off the map. Who looks for teachers near a town still finds you in the list."),
    Purpose.SHARING: _("Partner sites are told to take down your entry and your courses."),
    Purpose.INDEXING: _("Search engines are told to forget your page, which may take them some weeks."),
}


def what_follows(purposes: list[Purpose]) -> list[tuple[str, str]]:
    """Each of these purposes by its name, and what happens without it."""
    return [(str(purpose.label), str(FOLLOWS[purpose])) for purpose in purposes]
