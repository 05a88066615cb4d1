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
    #: Address for answers to e-mails with letters, and to reminders to renew. Empty: the sender's, which is
    #: ``DEFAULT_FROM_EMAIL``.
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
    #: Alias in ``CACHES`` of the cache in which PDFs of pages are kept.
    "PDF_CACHE": "default",
    #: Rows on a page of the admin's listings.
    "LIST_PER_PAGE": 30,
    #: Teachers on a page of the public directory.
    "TEACHERS_PER_PAGE": 24,
    #: How many days a listing in the directory runs until it is to be renewed. 0: without end.
    "LISTING_DAYS": 365,
    #: So many days before a listing ends its teacher is reminded to renew it.
    "LISTING_REMIND_DAYS": (60, 14),
    #: How many days a personal link to renew a listing opens.
    "RENEWAL_LINK_DAYS": 60,
    #: After so many days a reminder is deleted, unless it is the last one that a teacher was sent.
    "REMINDER_KEEP_DAYS": 365,
    #: How many enquiries one sender may write: so many, in so many seconds; and so many to one teacher.
    "ENQUIRY_LIMIT": (5, 3600),
    "ENQUIRY_LIMIT_PER_TEACHER": (2, 86400),
    #: How many enquiries from strangers reach one teacher in a day; what is more waits for the next.
    "ENQUIRIES_A_DAY": 20,
    #: After so many days an enquiry is deleted, unless it was reported and is not settled.
    "ENQUIRY_KEEP_DAYS": 90,
    #: Address of a tile server for the map, as Leaflet writes it. Empty: the shapes that come with the package.
    "MAP_TILES": "",
    "MAP_ATTRIBUTION": "",
    #: Entries on a page of the directory's feed, and the licence under which partner sites may use it.
    "FEED_PER_PAGE": 100,
    "FEED_LICENCE": "https://creativecommons.org/licenses/by-nd/4.0/",
    #: How many days the feed tells of what was deleted.
    "FEED_KEEP_DAYS": 90,
    #: How long one answer of a partner's feed may take, in seconds, and how large it may be, in megabytes.
    "PARTNER_MAX_SECONDS": 20,
    "PARTNER_MAX_MB": 5,
    #: No more teachers and courses than this are taken from one partner.
    "PARTNER_MAX_ENTRIES": 50_000,
    #: Whether partners may be on this machine or its network, and without encryption: for trying it out.
    "PARTNERS_MAY_BE_LOCAL": False,
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
