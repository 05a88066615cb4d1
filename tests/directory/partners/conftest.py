from collections.abc import Iterator
from typing import Any

import pytest

from imp_wagtail.directory.models import Partner

from .partner_site import PartnerSite, running


@pytest.fixture
def site(settings: Any) -> Iterator[PartnerSite]:
    """A partner's site, on this machine; which this site then must allow."""
    settings.IMP_WAGTAIL = {**settings.IMP_WAGTAIL, "PARTNERS_MAY_BE_LOCAL": True}
    with running() as site:
        yield site


@pytest.fixture
def partner(db: None, site: PartnerSite) -> Partner:
    """The same on the allow-list, not read yet."""
    return Partner.objects.create(name="Friends", site_url=f"{site.url}/", feed_url=site.feed_url)
