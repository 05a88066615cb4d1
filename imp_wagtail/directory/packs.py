"""What this room loads from packs: the page on which teachers are found, and its blocks in bodies and answers."""

from typing import Annotated, Any

from imp_wagtail.core.packs import Count, Dumping, Key, Loading, Pack, PackLoader, Part, Rich, Text
from imp_wagtail.pathways.packs import check_pathway, is_shared, pathway_with_key
from imp_wagtail.trainings.packs import OfferedPart, own_key

from .models import DirectoryPage


class TeachersBlockPart(OfferedPart):
    """A few teachers of the directory."""

    heading: str = ""
    country: str = ""
    pathway: Key | None = None
    number: Count = 3

    def check(self, pack: Pack) -> None:
        if self.pathway:
            check_pathway(self, pack)

    def stored(self) -> dict[str, Any]:
        return {**self.model_dump(), "pathway": pathway_with_key(self.pathway).pk if self.pathway else None}

    @classmethod
    def read(cls, value: Any, dumping: Dumping) -> dict[str, Any]:
        pathway = own_key(value["pathway"], dumping) if value["pathway"] else None
        said = {name: value[name] or "" for name in cls.model_fields if name not in ("pathway", "number")}
        return {**said, "pathway": pathway, "number": value["number"]}


class CoursesBlockPart(TeachersBlockPart):
    """The next courses of teachers of the directory."""

    language: str = ""
    number: Count = 5


class DirectoryPart(Part):
    """``pages.yaml``, section ``directory``."""

    slug: Key
    title: Text
    introduction: Annotated[str | None, Rich.of(DirectoryPage, "introduction")] = None
    in_menu: bool = True


class DirectoryLoader(PackLoader[DirectoryPart]):
    """The directory page. A site needs one; a second pack shares it."""

    file = "pages.yaml"
    section = "directory"
    says = "The pages around the trainings: each section makes one page."
    schema = DirectoryPart

    def addresses(self, data: DirectoryPart) -> list[str]:
        return [data.slug]

    def load(self, data: DirectoryPart, loading: Loading) -> None:
        values = {"title": data.title, "show_in_menus": data.in_menu}
        if data.introduction is not None:
            values["introduction"] = loading.text(data, "introduction")
        loading.put_page(data, DirectoryPage, loading.home, data.slug, values, only_one=True)

    def choose(self, dumping: Dumping) -> None:
        for page in self._pages(dumping):
            dumping.take(page)

    def dump(self, dumping: Dumping) -> DirectoryPart | None:
        for page in self._pages(dumping):
            part = dumping.part_of(page, DirectoryPart, in_menu=page.show_in_menus)
            if is_shared(page, dumping) or not part.introduction:
                part.introduction = None
            return part
        return None

    def _pages(self, dumping: Dumping) -> list[DirectoryPage]:
        """The one that every pack of the site shares."""
        pages = DirectoryPage.objects.descendant_of(dumping.home).filter(locale=dumping.locale)
        return dumping.seen(pages.order_by("path")[:1])
