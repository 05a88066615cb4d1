"""News of trainings as an Atom feed (RFC 4287), at ``<index>/feed.atom``."""

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone, translation
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import format_html_join
from wagtail.contrib.routable_page.models import RoutablePageMixin, path

from imp_wagtail.core.answers import file_answer
from imp_wagtail.core.pages import site_name
from imp_wagtail.core.words import printable

#: So many are told, those that changed last; a reader of feeds keeps what it has seen.
ENTRIES = 30
FILE = "feed.atom"
CONTENT_TYPE = "application/atom+xml; charset=utf-8"


class FeedMixin(RoutablePageMixin):
    """An index of trainings with a feed of those that were ``lately_changed``."""

    def get_feed_url(self, request: HttpRequest | None = None) -> str:
        """The whole address of the feed."""
        return (self.get_full_url(request) or "") + FILE

    @path(f"{FILE}/", name="feed")
    def feed(self, request: HttpRequest) -> HttpResponseBase:
        """The trainings that were announced or changed last, in the page's language."""
        with translation.override(self.locale.language_code):
            content = atom_feed(self, request).writeString("utf-8").encode()
        return file_answer(self, request, content, CONTENT_TYPE)


def atom_feed(index: Any, request: HttpRequest) -> Atom1Feed:
    """The feed of an index. The same trainings give the same bytes, whenever it is asked for."""
    address = index.get_full_url(request) or ""
    feed = Feed(
        title=printable(str(index.title)),
        link=address,
        description=printable(index.get_description()),
        language=translation.get_language(),
        feed_url=index.get_feed_url(request),
        feed_guid=index.translation_key.urn,
        author_name=printable(site_name(request)),
        since=index.first_published_at,
    )
    for training in index.lately_changed(ENTRIES):
        feed.add_item(
            title=printable(str(training.title)),
            link=training.get_full_url(request) or "",
            description=printable(in_brief(training)),
            # One page may be read in several languages: to readers of feeds, the training is what it is about.
            unique_id=training.translation_key.urn,
            pubdate=training.first_published_at,
            updateddate=training.last_published_at,
        )
    return feed


class Feed(Atom1Feed):
    """An empty feed was changed last when its page was published, and not each time that somebody asks."""

    def latest_post_date(self) -> Any:
        return super().latest_post_date() if self.items else self.feed["since"] or timezone.now()


def in_brief(training: Any) -> str:
    """What there is to know at first, as HTML: state, dates and place, and the summary."""
    said = [training.state_in_words, training.dates, training.place]
    lines = [" · ".join(part for part in said if part), training.summary]
    return format_html_join("", "<p>{}</p>", ((line,) for line in lines if line))
