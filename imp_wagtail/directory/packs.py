"""What this room loads from packs: the page on which teachers are found."""

from imp_wagtail.core.packs import Key, Loading, PackLoader, Part, Text, rich_text

from .models import DirectoryPage


class DirectoryPart(Part):
    """``pages.yaml``, section ``directory``."""

    slug: Key
    title: Text
    introduction: str | None = None
    in_menu: bool = True


class DirectoryLoader(PackLoader[DirectoryPart]):
    """The directory page. A site needs one; a second pack shares it."""

    file = "pages.yaml"
    section = "directory"
    schema = DirectoryPart

    def addresses(self, data: DirectoryPart) -> list[str]:
        return [data.slug]

    def load(self, data: DirectoryPart, loading: Loading) -> None:
        values = {"title": data.title, "show_in_menus": data.in_menu}
        if data.introduction is not None:
            values["introduction"] = rich_text(data.introduction)
        loading.put_page(data, DirectoryPage, loading.home, data.slug, values, only_one=True)
