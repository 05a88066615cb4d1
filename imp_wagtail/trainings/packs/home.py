"""``pages.yaml``, section ``home``: the home page of a site that has none yet."""

from typing import Any

from wagtail.models import Page

from imp_wagtail.core.packs import Dumping, Key, Loading, Outcome, Pack, PackLoader, Part, Text

from ..models import ContentPage
from .belonging import home_of
from .blocks import Body, BodyBlockPart, check_blocks, stream
from .streams import blocks_of


class HomePart(Part):
    """The home page."""

    slug: Key = "home"
    title: Text
    lead: str = ""
    body: Body = []


class HomeLoader(PackLoader[HomePart]):
    """Takes the place of Wagtail's welcome page, which every new site has. Any other home page is the site's own."""

    file = "pages.yaml"
    section = "home"
    says = "The pages around the trainings: each section makes one page."
    schema = HomePart

    def check(self, data: HomePart, pack: Pack) -> None:
        check_blocks(data.body, pack)

    def prepare(self, data: HomePart, loading: Loading) -> None:
        """Only the page itself: what its body leads to is made below it next."""
        if is_welcome_page(loading.home):
            replace(loading.home, data, loading)

    def finish(self, data: HomePart, loading: Loading) -> None:
        home = loading.home
        if loading.has_added(home):
            loading.rewrite(data, home.specific, self._values(data, loading))
        elif loading.is_own_page(home, ContentPage, data.slug):
            loading.put_page(data, ContentPage, home.get_parent(), data.slug, self._values(data, loading))
        else:
            loading.note(Outcome.KEPT, home.specific, "/")

    def _values(self, data: HomePart, loading: Loading) -> dict[str, Any]:
        return {"title": data.title, "lead": data.lead, "body": stream(data, "body", ContentPage, loading)}

    def choose(self, dumping: Dumping) -> None:
        if home := home_of(dumping):
            dumping.take(home)

    def dump(self, dumping: Dumping) -> HomePart | None:
        home = home_of(dumping)
        return home and dumping.part_of(home, HomePart, body=blocks_of(home, "body", BodyBlockPart, dumping))


def is_welcome_page(page: Page) -> bool:
    """Whether this is a bare page with nothing below it, as Wagtail's first migration makes one."""
    return page.specific_class is Page and page.is_leaf()


def replace(welcome: Page, data: HomePart, loading: Loading) -> None:
    """Put the pack's home page where the welcome page is."""
    # The welcome page has the address that the new one takes, until it is gone.
    Page.objects.filter(pk=welcome.pk).update(slug=f"{welcome.slug}-replaced")
    home = loading.put_page(data, ContentPage, welcome.get_parent(), data.slug, {"title": data.title})
    for site in welcome.sites_rooted_here.all():
        site.root_page = home
        site.save()
    Page.objects.get(pk=welcome.pk).delete()
