"""The marks that texts of packs have: what they become, what is refused, and that they come back to the byte."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from imp_wagtail.core.packs import Rich, rich_text
from imp_wagtail.core.packs.comparing import as_written
from imp_wagtail.core.packs.inline import TextError
from imp_wagtail.core.packs.plain import plain

FACT = '<embed embedtype="imp-fact" source="{}" of="{}" tell="{}"/>'
FACT_LINK = '<a linktype="imp-fact" source="{}" of="{}" tell="link">{}</a>'

#: What an editor writes, and what is stored; each is written from the site as it stands here.
SAME_BOTH_WAYS = [
    ("Be **bold** and *well*.", "<p>Be <b>bold</b> and <i>well</i>.</p>"),
    ("***Both***, **one *in* it**.", "<p><b><i>Both</i></b>, <b>one <i>in</i> it</b>.</p>"),
    ("*a **b***", "<p><i>a </i><b><i>b</i></b></p>"),
    ("***a** b*", "<p><b><i>a</i></b><i> b</i></p>"),
    ("**a***b*", "<p><b>a</b><i>b</i></p>"),
    ("un**bear**able", "<p>un<b>bear</b>able</p>"),
    ("[There](https://example.org/?a=1&b=2)", '<p><a href="https://example.org/?a=1&amp;b=2">There</a></p>'),
    ("[A (b)](https://example.org/a_(b))", '<p><a href="https://example.org/a_(b)">A (b)</a></p>'),
    (r"[a](https://example.org/\)\()", '<p><a href="https://example.org/)(">a</a></p>'),
    ("[Write](mailto:a@example.org) or [ring](tel:+31152345)",
     '<p><a href="mailto:a@example.org">Write</a> or <a href="tel:+31152345">ring</a></p>'),
    ("[Check](/verify/) [below](#below)", '<p><a href="/verify/">Check</a> <a href="#below">below</a></p>'),
    ("[Ask](page:faq)", '<p><a linktype="page" id="faq">Ask</a></p>'),
    ("[Go](page:trainings/delft-2099)!", '<p><a linktype="page" id="trainings/delft-2099">Go</a>!</p>'),
    ("[a **b** *c*](page:faq)", '<p><a linktype="page" id="faq">a <b>b</b> <i>c</i></a></p>'),
    ("**a [b *c*](page:faq)** d", '<p><b>a </b><a linktype="page" id="faq"><b>b <i>c</i></b></a> d</p>'),
    (r"Look\![here](page:faq)", '<p>Look!<a linktype="page" id="faq">here</a></p>'),
    ("It is {next-training.dates}.", f"<p>It is {FACT.format('next-training', '', 'dates')}.</p>"),
    ("**{next-training:imp.place}**", f"<p><b>{FACT.format('next-training', 'imp', 'place')}</b></p>"),
    ("{requirement:imp/a/b.amount}", f"<p>{FACT.format('requirement', 'imp/a/b', 'amount')}</p>"),
    ("[the next](next-training)", f"<p>{FACT_LINK.format('next-training', '', 'the next')}</p>"),
    ("[why](question:wet)", f"<p>{FACT_LINK.format('question', 'wet', 'why')}</p>"),
    ("One\\\ntwo", "<p>One<br/>two</p>"),
    ("- a\n  - b\n    1. c\n  - d\n- e",
     "<ul><li>a<ul><li>b<ol><li>c</li></ol></li><li>d</li></ul></li><li>e</li></ul>"),
    ("- a\\\n  b", "<ul><li>a<br/>b</li></ul>"),
    ("## Head *first*\n\nText", "<h2>Head <i>first</i></h2><p>Text</p>"),
    (r"5 \* 3 is \*not\* \[six\]".replace(r"\]", "]"), "<p>5 * 3 is *not* [six]</p>"),
    (r"\{name} and C:\\new", "<p>{name} and C:\\new</p>"),
    (r"\- a" "\n\n" r"1\. b" "\n\n" r"\## c", "<p>- a</p><p>1. b</p><p>## c</p>"),
    ("<b>no</b> & <script>", "<p>&lt;b&gt;no&lt;/b&gt; &amp; &lt;script&gt;</p>"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "html"), SAME_BOTH_WAYS)
def test_what_an_editor_writes_is_stored_and_written_again(text: str, html: str) -> None:
    assert rich_text(text) == html
    assert plain(html, pytest.fail) == text


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("2 * 3 * 4 and **", "<p>2 * 3 * 4 and **</p>"),
        ("[sic] (really) and price*", "<p>[sic] (really) and price*</p>"),
        (r"a \b \! \.", r"<p>a \b ! .</p>"),
        ("- a\n1. b", "<ul><li>a</li></ul><ol><li>b</li></ol>"),
        ("[two\nlines](page:faq)", '<p><a linktype="page" id="faq">two lines</a></p>'),
        ("# not so deep", "<p># not so deep</p>"),
    ],
)
def test_what_is_no_mark_is_text(text: str, html: str) -> None:
    assert rich_text(text) == html


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p><b>bold </b>words</p>", "**bold** words"),
        ("<p>a<b> b</b><i> c </i>d</p>", "a **b** *c* d"),
        ("<p><b>a</b><b>b</b> <strong>c</strong> <em>d</em></p>", "**ab c** *d*"),
        ('<p>a<a href="https://example.org/"> b </a>c</p>', "a [b](https://example.org/) c"),
        ("<p>a<b> </b>c<br/></p>", "a c"),
        ('<p><a href="https://example.org/"> </a>c</p>', "c"),
    ],
)
def test_what_editors_leave_untidy_is_written_tidily(html: str, text: str) -> None:
    assert plain(html, pytest.fail) == text


@pytest.mark.parametrize(
    ("html", "untidy"),
    [
        ("<p><b>bold</b> words</p>", "<p><b>bold </b>words</p>"),
        ("<p>a <i>b</i> c</p>", "<p>a<i> b </i>c</p>"),
        ("<p><b>a b</b></p>", "<p><b>a</b> <b>b</b></p>"),
        ('<p>a <a href="/b/">b</a></p>', '<p>a<a href="/b/"> b</a></p>'),
    ],
)
def test_what_differs_only_in_tidiness_is_the_same(html: str, untidy: str) -> None:
    assert as_written(html) == as_written(untidy)


ALL = ["bold", "italic", "link", "ol", "ul", "imp-fact"]


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("One.\n\nTwo **three", 2, "Emphasis begins here and never ends. Write \\* for an asterisk."),
        ("One.\n- [a](page:b)\n\n*three", 3, "Emphasis begins here"),
        ("One.\n\nTwo\n[x](javascript:alert(1))", 3, "A text cannot lead to “javascript:alert(1)”."),
        ("[x](JavaScript:alert)", 0, "A text cannot lead to"),
        ("[x](data:text/html,a)", 0, "A text cannot lead to"),
        ("[x](java\tscript:a)", 0, "A text cannot lead to"),
        ("[x](//example.org)", 0, "A text cannot lead to"),
        (r"[x](/\\example.org)", 0, "A text cannot lead to"),
        ("[x](https://example.org/a b)", 0, "A text cannot lead to"),
        ("[x](faq)", 0, "Give an address with https://, or a page as in page:faq."),
        ("[x]()", 0, "A text cannot lead to “”."),
        ("[ ](page:faq)", 0, "A link needs words."),
        ("[\\\n](page:faq)", 0, "A link needs words."),
        ("- one\n- ![a](b.png)", 1, "A picture cannot stand in a text. Give it a block of its own."),
        ("On {next-trainin.dates}", 0, "“next-trainin” is not known here. Did you mean “next-training”?"),
        ("On {next-training.date}", 0, "“date” is not known here. Did you mean “dates”?"),
        ("- a\n- b\n  On {next training}", 2, "A brace begins a fact, as in {next-training.dates}. Write \\{"),
        ("[x](requirement:a/b/c)", 0, "“link” is not known here."),
        ("One.\n\n## Two", 2, "This text cannot have headings. Write \\# for a number sign."),
    ],
)
def test_a_mark_that_means_nothing_is_refused_with_its_line(text: str, line: int, reason: str) -> None:
    with pytest.raises(TextError) as caught:
        rich_text(text, Rich.having(ALL))

    assert caught.value.place == line
    assert caught.value.reason.startswith(reason) or reason in caught.value.reason


@pytest.mark.parametrize(
    ("without", "text"),
    [
        ("bold", "a **b**"),
        ("italic", "a *b*"),
        ("italic", "a ***b***"),
        ("link", "[a](https://example.org/)"),
        ("link", "[a](page:faq)"),
        ("imp-fact", "[a](next-training)"),
        ("ul", "- a"),
        ("ol", "- b\n  1. a"),
    ],
)
def test_what_a_field_does_not_allow_is_refused(without: str, text: str) -> None:
    assert rich_text(text, Rich.having(ALL))

    with pytest.raises(TextError, match="This text cannot have"):
        rich_text(text, Rich.having(set(ALL) - {without}))


def test_a_line_is_not_broken_where_a_number_would_begin_an_entry() -> None:
    html = f"<ul><li><b>{'word ' * 19}3. May 2027</b></li></ul>"
    assert rich_text(plain(html, pytest.fail)) == html


@pytest.mark.parametrize("heading", ["<h3></h3>", "<h3> </h3>", "<h3><br/></h3>"])
def test_a_heading_without_words_is_none(heading: str) -> None:
    assert plain(f"<p>a</p>{heading}<p>b</p>", pytest.fail) == "a\n\nb"


def test_a_list_within_another_goes_on_as_that_where_its_own_kind_cannot_stand() -> None:
    losses: list[str] = []
    rich = Rich(features=frozenset({"ul"}))
    assert plain("<ul><li>a<ol><li>b</li></ol></li></ul>", losses.append, rich=rich) == "- a\n  - b"
    assert losses == ["a list within a list, now one"]


def test_much_white_space_is_compared_at_once() -> None:
    assert as_written(f"<p>a{' ' * 200_000}b</p>").startswith("<p>a")


def test_where_no_facts_may_stand_braces_are_braces() -> None:
    letter = Rich.having(["bold"])

    assert rich_text("Dear **{name}**", letter) == "<p>Dear <b>{name}</b></p>"
    assert plain("<p>Dear <b>{name}</b></p>", pytest.fail, rich=letter) == "Dear **{name}**"


def test_what_a_field_does_not_allow_is_lost_from_what_is_in_it() -> None:
    lost: list[str] = []
    html = f"<p><b>a</b> <i>b</i> <a href='/c/'>c</a> {FACT.format('x', 'y', 'z')}</p><ul><li>d</li></ul>"

    assert plain(html, lost.append, rich=Rich.having([])) == "a b c\n\nd"
    assert [loss.partition(" (")[0] for loss in lost] == [
        "bold words",
        "italic words",
        "a link",
        "a fact in a sentence, now its present words: “”",
        "a list, now paragraphs",
    ]


WORDS = st.text(st.sampled_from("ab *[](){}!\\-#1.<&'\"\xa0é\n"), max_size=12)
MARKS = st.sampled_from(
    ["*", "**", "***", "[a](page:b)", "[", "](/x/)", "\\", "\\\n", "\n\n", "- ", "  - ", "1. ", "## "]
)


ANY = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12)


@given(st.lists(WORDS | MARKS | ANY, max_size=14).map("".join))
@example("a *b **c*** d [*e*](page:f)\\\ng")
@example("[1\\\n](/x/) 1")
def test_whatever_a_text_becomes_is_written_so_that_it_becomes_the_same(text: str) -> None:
    try:
        html = rich_text(text)
    except TextError:
        return
    again = plain(html, lambda lost: None)

    assert as_written(rich_text(again)) == as_written(tidied(html))
    assert plain(rich_text(again), pytest.fail) == again


def tidied(html: str) -> str:
    """Without what shows nothing: line breaks and space at the ends of a paragraph, and what is left empty."""
    before = ""
    while before != html:
        before = html
        html = re.sub(r"((?:<(?:p|li|h\d|ul|ol)>|</li>)(?:<[bia]\b[^>]*>)*)(?:\s|<br/>)+", r"\1", html)
        html = re.sub(r"(?:\s|<br/>)+((?:</[bia]>)*(?:</(?:p|li|h\d)>|<[uo]l>))", r"\1", html)
        html = re.sub(r"<(b|i|p|li|h\d)>(\s*)</\1>", r"\2", html)
    return html


STYLED = st.lists(
    st.tuples(WORDS.map(lambda text: text.replace("\n", " ")), st.sets(st.sampled_from("bi"))), max_size=6
)


@given(STYLED, st.integers(0, 5))
def test_emphasis_of_any_shape_and_links_in_it_come_back(spans: list[tuple[str, set[str]]], linked: int) -> None:
    html = "<p>"
    for number, (text, styles) in enumerate(spans):
        words = text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;").replace("'", "&#x27;")
        for style in sorted(styles, reverse=True):
            words = f"<{style}>{words}</{style}>" if words else ""
        html += f'<a href="/x/">{words}</a>' if number == linked and text.strip() else words
    html += "</p>"

    text = plain(html, pytest.fail)

    assert plain(rich_text(text), pytest.fail) == text
    assert words_of(rich_text(text)) == words_of(html)


def words_of(html: str) -> list[tuple[str, str]]:
    """Each character that shows, with whether it is bold, italic or a link."""
    now: set[str] = set()
    shown = []
    for tag, character in re.findall(r"<(/?[a-z]+)[^>]*>|(&[^;]+;|[^<])", html):
        if character.strip():
            shown.append((character, "".join(sorted(now & {"a", "b", "i"}))))
        elif tag:
            now ^= {tag.strip("/")}
    return shown
