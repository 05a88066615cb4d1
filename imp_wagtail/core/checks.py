"""What a site's settings must give before the package can keep its promises."""

from ctypes import CDLL
from ctypes.util import find_library
from email.utils import parseaddr
from pathlib import Path
from typing import Any

from django.conf import settings as django_settings
from django.core.checks import CheckMessage, Error, Warning
from django.core.files.storage import FileSystemStorage, InvalidStorageError

from .conf import DEFAULTS, settings
from .pdf import APT_GET
from .storage import configured_storage

#: What WeasyPrint loads, by the name after "lib". The first brings all that it cannot do without; without the
#: second it takes six times as long.
PDF_LIBRARIES = ("pangoft2-1.0", "harfbuzz-subset")


def check_settings(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Unknown names in ``IMP_WAGTAIL`` (mostly typing errors), and a page model of the site's own."""
    unknown = sorted(set(getattr(django_settings, "IMP_WAGTAIL", {})) - set(DEFAULTS))
    found: list[CheckMessage] = [
        Warning(f"IMP_WAGTAIL has no setting {name!r}.", hint=f"It knows: {', '.join(DEFAULTS)}.", id="imp_core.W002")
        for name in unknown
    ]
    if getattr(django_settings, "WAGTAIL_PAGE_MODEL", "wagtailcore.Page") != "wagtailcore.Page":
        found.append(
            Error(
                "The package's page types stand on wagtailcore.Page, but WAGTAIL_PAGE_MODEL names another.",
                hint="Leave the page rooms out of INSTALLED_APPS and build your own page types on their mixins.",
                id="imp_core.E002",
            )
        )
    if not settings.base_url:
        found.append(
            Error(
                "Letters would be printed without the host that verifies them.",
                hint="Set WAGTAILADMIN_BASE_URL, or IMP_WAGTAIL['BASE_URL'].",
                id="imp_core.E005",
            )
        )
    if settings.PDF_CACHE not in django_settings.CACHES:
        found.append(
            Error(
                f"PDFs of pages are to be kept in the cache {settings.PDF_CACHE!r}, which the site does not have.",
                hint="Add it to CACHES, or leave PDF_CACHE out for the default cache.",
                id="imp_core.E006",
            )
        )
    return found


def check_sender(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """The sender of letters and other e-mails. Django's own is an address that nobody has; for ``--deploy``."""
    _name, address = parseaddr(django_settings.DEFAULT_FROM_EMAIL)
    if "@" in address and not address.endswith("@localhost"):
        return []
    return [
        Warning(
            f"E-mails with letters would come from {address or 'nobody'}, which mail servers refuse.",
            hint="Set DEFAULT_FROM_EMAIL to an address of the site's own domain.",
            id="imp_core.W003",
        )
    ]


def check_private_storage(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Letters and evidence must lie somewhere, and nowhere that the web server gives out."""
    try:
        storage = configured_storage()
    except InvalidStorageError:
        return [
            Error(
                "There is no place for letters and evidence.",
                hint="Set IMP_WAGTAIL = {'PRIVATE_ROOT': ...} or a storage named 'imp_private'.",
                id="imp_core.E003",
            )
        ]
    # Only a folder of this machine can lie below what the web server gives out; other storages know their own doors.
    if isinstance(storage, FileSystemStorage) and _is_public(Path(storage.location)):
        return [
            Error(
                f"Private files would lie in {storage.location}, which the web server gives out.",
                hint="Put them outside MEDIA_ROOT and STATIC_ROOT.",
                id="imp_core.E004",
            )
        ]
    return []


def _is_public(folder: Path) -> bool:
    """Whether a folder is, or lies in, one of those whose files have an address."""
    public = [getattr(django_settings, name, "") for name in ("MEDIA_ROOT", "STATIC_ROOT")]
    return any(root and folder.resolve().is_relative_to(Path(root).resolve()) for root in public)


def check_pdf_libraries(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """The system libraries behind every PDF, looked for without importing WeasyPrint, which takes seconds."""
    missing = [stem for stem in PDF_LIBRARIES if not _has_library(stem)]
    if not missing:
        return []
    return [
        Warning(
            f"Letters and other PDFs need system libraries that are missing: {', '.join(missing)}.",
            hint=f"On Debian or Ubuntu run: {APT_GET}",
            id="imp_core.W001",
        )
    ]


def _has_library(stem: str) -> bool:
    # Linux finds it by its full name at once; find_library asks the compiler there, and is for other systems.
    try:
        CDLL(f"lib{stem}.so.0")
    except OSError:
        return find_library(stem) is not None
    return True
