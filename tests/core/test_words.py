"""Words that are put together once for each language, and nothing that is not the same for all readers of it."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.template import Context, Engine, TemplateSyntaxError
from django.template.context import RequestContext
from django.test import RequestFactory
from django.utils import translation
from django.utils.safestring import mark_safe
from django.utils.translation import gettext

from imp_wagtail.core.templatetags.imp_words import KEPT, UnchangingNode
from imp_wagtail.core.words import once_a_language, quoted

LIBRARIES = {"i18n": "django.templatetags.i18n", "imp_words": "imp_wagtail.core.templatetags.imp_words"}
#: A word that Django itself has in these languages.
MONDAY = {"en": "Monday", "nl": "maandag", "de": "Montag"}


@pytest.fixture
def engine() -> Engine:
    return Engine(libraries=LIBRARIES)


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


def in_turn(say: Callable[[], str]) -> list[str]:
    """What is said in each language, and then once more: each is asked before and after the other ones."""
    said = []
    for language in [*MONDAY, *MONDAY]:
        with translation.override(language):
            said.append(say())
    return said


def test_each_language_keeps_its_own_words(engine: Engine) -> None:
    template = engine.from_string(
        '{% load i18n imp_words %}{% unchanging %}{% translate "Monday" %}{% endunchanging %}'
    )

    assert in_turn(lambda: template.render(Context())) == list(MONDAY.values()) * 2


def test_what_is_kept_is_put_together_once(engine: Engine) -> None:
    template = engine.from_string("{% load imp_words %}{% unchanging %}{% now 'u' %}{% endunchanging %}")

    first = template.render(Context())
    assert template.render(Context()) == first
    with translation.override("nl"):
        assert template.render(Context()) != first


def test_nothing_of_one_reader_is_seen_by_another(engine: Engine) -> None:
    template = engine.from_string(
        "{% load imp_words %}{{ name }}|{% unchanging %}{{ name }}{{ request.path }}{% endunchanging %}|{{ name }}"
    )

    def page(name: str) -> str:
        return template.render(RequestContext(RequestFactory().get("/ada/"), {"name": name}))

    assert (page("Ada"), page("<Bo>")) == ("Ada||Ada", "&lt;Bo&gt;||&lt;Bo&gt;")


def test_what_depends_on_values_is_put_together_once_for_each_of_them(engine: Engine) -> None:
    template = engine.from_string(
        "{% load imp_words %}{% unchanging name years %}{{ name }} {{ years|join:'+' }} {{ other }}{% now 'u' %}"
        "{% endunchanging %}"
    )

    def page(**values: Any) -> str:
        return template.render(Context({**values, "other": "not seen"}))

    first = page(name="Ada", years=(2025, 2026))
    assert first.startswith("Ada 2025+2026 ")
    assert "not seen" not in first
    assert page(name="Ada", years=(2025, 2026)) == first
    assert page(name="Bo", years=(2025, 2026)).startswith("Bo 2025+2026")
    assert page(name="Ada", years=(2025,)).startswith("Ada 2025 ")


def test_words_that_look_like_safe_ones_are_escaped_all_the_same(engine: Engine) -> None:
    template = engine.from_string("{% load imp_words %}{% unchanging name %}{{ name }}{% endunchanging %}")

    assert template.render(Context({"name": mark_safe("<b>Ada</b>")})) == "<b>Ada</b>"
    assert template.render(Context({"name": "<b>Ada</b>"})) == "&lt;b&gt;Ada&lt;/b&gt;"
    assert template.render(Context({})) == "None"


def test_no_more_than_so_many_are_kept(engine: Engine) -> None:
    template = engine.from_string("{% load imp_words %}{% unchanging number %}{{ number }}{% endunchanging %}")
    said = [template.render(Context({"number": number})) for number in range(KEPT + 5)]

    assert said == [str(number) for number in range(KEPT + 5)]
    [node] = template.nodelist.get_nodes_by_type(UnchangingNode)
    assert len(node.rendered) <= KEPT


def test_what_was_translated_anew_is_seen_at_once_in_development() -> None:
    template = Engine(libraries=LIBRARIES, debug=True).from_string(
        "{% load imp_words %}{% unchanging %}{% now 'u' %}{% endunchanging %}"
    )

    assert template.render(Context()) != template.render(Context())


def test_no_block_can_be_hidden_in_there(engine: Engine) -> None:
    with pytest.raises(TemplateSyntaxError, match="no block"):
        engine.from_string(
            "{% load imp_words %}{% unchanging %}{% if 1 %}{% block a %}{% endblock %}{% endif %}{% endunchanging %}"
        )


def test_a_title_stands_in_quotation_marks() -> None:
    assert quoted("Engagement") == "“Engagement”"


def test_a_function_s_words_are_found_once_for_each_language() -> None:
    asked = []

    @once_a_language
    def words() -> str:
        asked.append(translation.get_language())
        return gettext("Monday")

    assert in_turn(words) == list(MONDAY.values()) * 2
    assert asked == list(MONDAY)


def test_a_function_s_words_are_found_anew_in_development(settings: Any) -> None:
    settings.DEBUG = True
    found = once_a_language(list)

    assert found() is not found()
