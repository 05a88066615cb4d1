"""The site as search engines are told of it, in as many files as there have to be."""

from functools import cached_property
from typing import Any

from wagtail.contrib.sitemaps import Sitemap as WagtailSitemap


class Sitemap(WagtailSitemap):
    """Wagtail's sitemap, divided by addresses instead of pages.

    A directory is one page and has an address for each of its teachers; one file may hold 50,000 addresses.
    """

    @cached_property
    def addresses(self) -> list[dict[str, Any]]:
        """What all public pages have to say, in a fixed order."""
        return [address for page in super().items().iterator() for address in page.get_sitemap_urls(self.request)]

    def items(self) -> list[dict[str, Any]]:
        return self.addresses

    def lastmod(self, item: dict[str, Any]) -> Any:
        return item.get("lastmod")

    def _urls(self, page: int | str, protocol: str, domain: str) -> list[dict[str, Any]]:
        return list(self.paginator.page(page).object_list)
