"""Facts in the rich text editor: chosen from a menu, shown with what they say at present, kept by their names."""

from typing import Any

from django.urls import reverse_lazy
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from draftjs_exporter.dom import DOM
from wagtail.admin.rich_text.converters.editor_html import EmbedTypeRule, LinkTypeRule
from wagtail.admin.rich_text.converters.html_to_contentstate import (
    KEEP_WHITESPACE,
    InlineEntityElementHandler,
    LinkElementHandler,
)
from wagtail.admin.rich_text.editors.draftail.features import EntityFeature
from wagtail.rich_text.feature_registry import FeatureRegistry

from .rich_text import NAME, FactHandler, FactLinkHandler, Told, in_plain, look_up, said
from .sources import fact_sources

#: Types of entities in the editor, as the script registers them.
FACT, FACT_LINK = "IMP_FACT", "IMP_FACT_LINK"

#: What the editor calls them, and what they are in a text.
EMPHASIS = {"ITALIC": "i", "BOLD": "b"}

LABELS = {
    "title": gettext_lazy("Insert a fact"),
    "help": gettext_lazy(
        "It is read from its own page or record whenever this text is shown."
        " Questions and requirements are found by their words."
    ),
    "find": gettext_lazy("Find"),
    "none": gettext_lazy("Nothing was found."),
    "failed": gettext_lazy("The facts could not be fetched. Close this and try again."),
    "close": gettext_lazy("Close"),
    "remove": gettext_lazy("Remove"),
    "words": gettext_lazy("The selected words become the link."),
}


def told_to_editors(fact: Told) -> dict[str, Any]:
    """A fact as the editor holds it: by its names, with what it is called and what it says at present.

    ``gone``: readers find nothing here now.
    """
    (found,) = look_up([fact])
    source = found.source
    title = source.title(fact.of) if source else ""
    called = str(source.tells.get(fact.tell, "")) if source else ""
    label = f"{title}: {called}" if title and called else _("A fact that is gone")
    is_gone = found.record is None or not called
    text = f"[{label}]" if is_gone else in_plain(said(fact, found)) or f"[{label}]"
    return {**fact._asdict(), "label": label, "text": text, "gone": is_gone}


class FactElementHandler(InlineEntityElementHandler):
    """From the text as it is stored: the fact's present words stand for it in the editor."""

    mutability = "IMMUTABLE"

    def __init__(self) -> None:
        super().__init__(FACT)

    def get_attribute_data(self, attrs: dict[str, Any]) -> dict[str, Any]:
        return told_to_editors(Told.read(attrs))

    def handle_starttag(self, name: str, attrs: Any, state: Any, contentstate: Any) -> None:
        super().handle_starttag(name, attrs, state, contentstate)
        key = state.current_entity_ranges[-1].key
        state.current_block.text += contentstate.entity_map[key].data["text"]
        state.leading_whitespace = KEEP_WHITESPACE


class FactLinkElementHandler(LinkElementHandler):
    """From the text as it is stored: words that lead to what a fact is about."""

    def __init__(self) -> None:
        super().__init__(FACT_LINK)

    def get_attribute_data(self, attrs: dict[str, Any]) -> dict[str, Any]:
        data = told_to_editors(Told.read(attrs))
        del data["text"]
        return data


def stored_fact(props: dict[str, Any]) -> Any:
    """To the text as it is stored; bold and italic stay around a fact whose words go."""
    fact = DOM.create_element("embed", {"embedtype": NAME, **Told.read(props)._asdict()})
    for element in emphasis_of(props["entity"]):
        fact = DOM.create_element(element, {}, fact)
    return fact


def emphasis_of(entity: dict[str, Any]) -> list[str]:
    """The elements in which the words of an entity stand, the innermost first."""
    block, key = entity["block"], entity["entity_range"]["key"]
    place = next(one["offset"] for one in block["entityRanges"] if str(one["key"]) == str(key))
    around = [
        one["style"]
        for one in block.get("inlineStyleRanges", [])
        if one["offset"] <= place < one["offset"] + one["length"]
    ]
    return [element for style, element in EMPHASIS.items() if style in around]


def stored_link(props: dict[str, Any]) -> Any:
    """To the text as it is stored."""
    return DOM.create_element("a", {"linktype": NAME, **Told.read(props)._asdict()}, props["children"])


class MarkedFact:
    """To and from the HTML of editors that work on HTML, and of whoever sends texts from elsewhere to be cleaned."""

    @staticmethod
    def get_db_attributes(tag: Any) -> dict[str, str]:
        return {name: tag[f"data-{name}"] for name in Told._fields}

    @staticmethod
    def expand_db_attributes(attrs: dict[str, Any]) -> str:
        told = told_to_editors(Told.read(attrs))
        return format_html(
            '<span data-embedtype="{}" data-source="{source}" data-of="{of}" data-tell="{tell}">{text}</span>',
            NAME,
            **told,
        )


class MarkedFactLink(MarkedFact):
    """The same of words that lead to what a fact is about."""

    @staticmethod
    def expand_db_attributes(attrs: dict[str, Any]) -> str:
        return format_html(
            '<a data-linktype="{}" data-source="{source}" data-of="{of}" data-tell="{tell}">',
            NAME,
            **Told.read(attrs)._asdict(),
        )


CONTENT_STATE = {
    "from_database_format": {
        f'embed[embedtype="{NAME}"]': FactElementHandler(),
        f'a[linktype="{NAME}"]': FactLinkElementHandler(),
    },
    "to_database_format": {"entity_decorators": {FACT: stored_fact, FACT_LINK: stored_link}},
}
EDITOR_HTML = [EmbedTypeRule(NAME, MarkedFact), LinkTypeRule(NAME, MarkedFactLink)]


class FactFeature(EntityFeature):
    """The menu, where any room offers facts."""

    def construct_options(self, options: dict[str, Any]) -> None:
        """Both types of entities; of links there is no button, because they begin with words that are selected."""
        if fact_sources():
            link = {**self.data, "type": FACT_LINK, "icon": None, "description": None}
            options.setdefault("entityTypes", []).extend([self.data, link])


def register_facts(features: FeatureRegistry) -> None:
    """For Wagtail's hook: the feature, which the package's own texts name, and what becomes of it."""
    menu = {"url": reverse_lazy("imp_facts:menu"), "labels": LABELS}
    fact = {"type": FACT, "icon": "date", "description": LABELS["title"], **menu}
    script = {"js": ["imp_core/facts.js"], "css": {"all": ["imp_core/facts.css"]}}
    features.register_editor_plugin("draftail", NAME, FactFeature(fact, **script))
    features.register_converter_rule("contentstate", NAME, CONTENT_STATE)
    features.register_converter_rule("editorhtml", NAME, EDITOR_HTML)
    features.register_embed_type(FactHandler)
    features.register_link_type(FactLinkHandler)
