"""What page types of all rooms have in common: how they begin, and what they say of themselves to others."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.conf import settings as django_settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import translation
from django.utils.cache import add_never_cache_headers
from django.utils.functional import SimpleLazyObject
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.contrib.routable_page.models import RoutablePageMixin, path
from wagtail.coreutils import get_supported_content_language_variant
from wagtail.models import Page, Site

from .addresses import refuse_taken_address
from .answers import file_answer, to_be_revalidated
from .pdf import PDFFailed, PDFTooHeavy, PDFUnavailable
from .restrictions import is_any_page_restricted, let_in, no_restrictions, public
from .sharing import Card, picture_of
from .structured import Node, breadcrumbs, plain_text
from .translation import speaks_several

logger = logging.getLogger(__name__)

#: Most characters of a description; search engines cut what is longer.
DESCRIPTION = 200


class ReachablePageForm(WagtailAdminPageForm):
    """A page's form that refuses an address at which the site shows something of its own.

    A page that is published there already stays as it is: its site may have put something else in its place.
    """

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        is_there = self.instance.live and not self.instance._state.adding and "slug" not in self.changed_data
        if cleaned.get("slug") and self.parent_page and not is_there:
            try:
                refuse_taken_address(self.parent_page, cleaned["slug"])
            except ValidationError as error:
                self.add_error(None, error)
        return cleaned


class StartingForm(ReachablePageForm):
    """A page's form that begins with something: what the page type gives as ``starting_values(parent)``.

    They are proposals in a form, and no defaults of the model: what is made by code or from a pack has none of them.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance._state.adding and hasattr(self.instance, "starting_values"):
            self.initial.update(self.instance.starting_values(self.parent_page))


@dataclass(frozen=True)
class Translation:
    """A page in a language: its code, and the whole address."""

    language: str
    address: str


@dataclass(frozen=True)
class Meta:
    """What others show of a page: search engines, messengers, and whatever reads structured data.

    What takes queries is asked for only where a template shows it.
    """

    title: str
    address: str
    description: str
    image: str
    structured: list[Node]
    translations: list[Translation]
    site_name: str
    #: Whether search engines are to leave it out, such as what somebody looked for.
    not_indexed: bool = False


class WithinSiteMixin:
    """A page that belongs to a site, and is not put beside it: at the very top, nobody would ever read it."""

    base_form_class = ReachablePageForm

    @classmethod
    def can_exist_under(cls, parent: Page) -> bool:
        return not parent.is_root() and super().can_exist_under(parent)


class DescribedPageMixin(RoutablePageMixin):
    """A page that says what others are to show of it. Page types say it more exactly by overriding its methods."""

    def get_view_restrictions(self) -> Any:
        """As Wagtail's, which looks at all the pages above, and need not where no page is restricted."""
        return super().get_view_restrictions() if is_any_page_restricted() else no_restrictions()

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Say how the answer may be kept, unless that was said already: a change is to be seen at the next request."""
        let_in(self)
        response = super().serve(request, *args, **kwargs)
        if getattr(request, "is_preview", False):
            add_never_cache_headers(response)
        elif not response.has_header("Cache-Control"):
            user = getattr(request, "user", None)
            to_be_revalidated(self, response, is_private=bool(user and user.is_authenticated))
        return response

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponseBase:
        """As those will see it who may."""
        let_in(self)
        return super().serve_preview(request, mode_name)

    def get_description(self) -> str:
        """One or two sentences, plain: the editor's own for search engines, or what the page begins with."""
        text = self.search_description or getattr(self, "summary", "") or getattr(self, "lead", "")
        return shortened(text or plain_text(getattr(self, "introduction", "")))

    def get_structured_nodes(self, request: HttpRequest) -> list[Node]:
        """What machines are told, as schema.org has it."""
        return [breadcrumbs(self, request)]

    def get_share_card(self, request: HttpRequest) -> Card:
        """What stands on the picture that messengers show beside a link to this page."""
        return Card(title=str(self.title), site_name=site_name(request))

    def get_share_url(self, request: HttpRequest | None = None) -> str:
        """The whole address of that picture."""
        return (self.get_full_url(request) or "") + "share.png"

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add ``meta``, worked out where a template asks for it."""
        context = super().get_context(request, *args, **kwargs)
        return {**context, "meta": SimpleLazyObject(partial(self.get_meta, request))}

    def get_meta(self, request: HttpRequest) -> Meta:
        """What is said of the page, or of the address below it that is shown now."""
        return Meta(
            title=str(self.seo_title or self.title),
            address=(self.get_full_url(request) or "") + way_below(self, request),
            description=self.get_description(),
            image=self.get_share_url(request),
            structured=SimpleLazyObject(partial(self.get_structured_nodes, request)),
            translations=SimpleLazyObject(partial(translations_of, self, request)),
            site_name=site_name(request),
        )

    @path("share.png/", name="share")
    def share(self, request: HttpRequest) -> HttpResponseBase:
        """The picture for messengers, 1200 by 630 pixels, in the page's language."""
        try:
            with translation.override(self.locale.language_code):
                content = picture_of(self.get_share_card(request))
        except (PDFUnavailable, PDFTooHeavy, PDFFailed) as error:
            logger.error("There is no picture of the page %s: %s", self.pk, error)
            return HttpResponse(status=503, headers={"Cache-Control": "no-store"})
        return file_answer(self, request, content, "image/png")


def shortened(text: str) -> str:
    """At most ``DESCRIPTION`` characters, to the end of a word."""
    line = " ".join(text.split())
    if len(line) <= DESCRIPTION:
        return line
    return line[: DESCRIPTION - 1].rsplit(" ", 1)[0].rstrip(",;:–-") + "…"


def site_name(request: HttpRequest) -> str:
    """What the site is called, that of its record before that of the settings."""
    site = Site.find_for_request(request)
    return (site and site.site_name) or getattr(django_settings, "WAGTAIL_SITE_NAME", "")


def is_shown(page: Page, request: HttpRequest) -> bool:
    """Whether the request is for this page, or for an address below it."""
    match = getattr(request, "routable_resolver_match", None)
    return match is not None and getattr(match.func, "__self__", None) is page


def way_below(page: Page, request: HttpRequest) -> str:
    """The part of the request's address that comes behind the page's own, such as ``years/2025/``; "" without one."""
    if not is_shown(page, request):
        return ""
    match = request.routable_resolver_match
    return str(page.reverse_subpage(match.url_name, args=match.args, kwargs=match.kwargs))


def translations_of(
    page: Page, request: HttpRequest, having: Callable[[list[Page]], list[Page]] = list
) -> list[Translation]:
    """What is shown of a page, in all languages in which everybody can read it; nothing where there is but one.

    ``having``: of the translations, those that have the address below them that is shown; all, unless told.
    """
    if not speaks_several():
        return []
    pages = public(page.get_translations(inclusive=True).live()).select_related("locale").order_by("locale", "pk")
    below = way_below(page, request)
    shown = having(list(pages)) if len(pages) > 1 else []
    found = [(other.locale.language_code, other.get_full_url(request) + below) for other in shown]
    return list(_with_default(found)) if len(found) > 1 else []


def _with_default(found: list[tuple[str, str]]) -> Iterable[Translation]:
    """Those, and for all other languages the one in the site's own."""
    for language, address in found:
        yield Translation(language, address)
    default = get_supported_content_language_variant(django_settings.LANGUAGE_CODE)
    if address := dict(found).get(default):
        yield Translation("x-default", address)
