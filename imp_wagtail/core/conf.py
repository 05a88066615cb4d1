"""The package's settings: one dictionary, ``IMP_WAGTAIL``, over these defaults."""

from typing import Any

from django.conf import settings as django_settings

DEFAULTS: dict[str, Any] = {
    #: Who issues letters and keeps the directory, as printed. Empty: ``WAGTAIL_SITE_NAME``.
    "ISSUER": "",
    #: Scheme and host of the addresses printed on letters. Empty: ``WAGTAILADMIN_BASE_URL``.
    "BASE_URL": "",
    #: Alias in ``STORAGES`` of the storage for letters and evidence. It must have no public URL.
    "PRIVATE_STORAGE": "imp_private",
    #: Folder of the private files where no such storage is configured. Empty: ``BASE_DIR / "private"``.
    "PRIVATE_ROOT": "",
    #: Largest file of evidence, in megabytes.
    "EVIDENCE_MAX_MB": 10,
    #: Endings of files that are accepted as evidence.
    "EVIDENCE_SUFFIXES": ("pdf", "jpg", "jpeg", "png", "heic", "webp", "odt", "docx"),
    #: Largest list of participants that is imported: in megabytes, and in rows.
    "IMPORT_MAX_MB": 10,
    "IMPORT_MAX_ROWS": 20_000,
    #: How many days before its end a stage's window counts as closing soon.
    "WINDOW_CLOSING_DAYS": 60,
    #: What prints letters: the dotted path of a ``imp_wagtail.letters.rendering.Renderer``.
    "LETTER_RENDERER": "imp_wagtail.letters.rendering.WeasyPrintRenderer",
    #: How many days a personal link to a letter opens.
    "LETTER_LINK_DAYS": 14,
    #: Address for answers to e-mails with letters. Empty: the sender's, which is ``DEFAULT_FROM_EMAIL``.
    "LETTER_REPLY_TO": "",
    #: How often letters may be checked from one address: so many times, in so many seconds.
    "VERIFY_LIMIT": (60, 60),
    #: Header in which the site's own proxy says who asks, such as ``X-Forwarded-For``. Empty: none is believed.
    "CLIENT_ADDRESS_HEADER": "",
    #: Largest PDF that is compared with the register, in megabytes.
    "VERIFY_MAX_MB": 5,
    #: Processes that print PDFs side by side. 0: within the process that asks, where nothing can stop one that hangs.
    "PDF_PROCESSES": 1,
    #: Seconds and megabytes that one PDF may take before it is given up.
    "PDF_MAX_SECONDS": 20,
    "PDF_MAX_MB": 1024,
    #: Rows on a page of the admin's listings.
    "LIST_PER_PAGE": 30,
    #: Teachers on a page of the public directory.
    "TEACHERS_PER_PAGE": 24,
}


class Settings:
    """Read access to the settings; a name that has no default raises ``AttributeError``.

    Values are read at each access, so that tests and sites can override them at any time.
    """

    def __getattr__(self, name: str) -> Any:
        try:
            default = DEFAULTS[name]
        except KeyError:
            raise AttributeError(f"imp_wagtail has no setting {name!r}") from None
        return getattr(django_settings, "IMP_WAGTAIL", {}).get(name, default)

    @property
    def issuer(self) -> str:
        """Name of the body that issues letters, as printed."""
        return str(self.ISSUER or getattr(django_settings, "WAGTAIL_SITE_NAME", ""))

    @property
    def base_url(self) -> str:
        """Scheme and host without a slash at the end, for addresses that leave the site."""
        return str(self.BASE_URL or getattr(django_settings, "WAGTAILADMIN_BASE_URL", "")).rstrip("/")


settings = Settings()
