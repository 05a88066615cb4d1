"""The wording of letters: a few plain kinds of rich text, and nothing that could do anything else."""

import pytest
from django.core.exceptions import ValidationError

from imp_wagtail.letters.merge import FIELDS
from imp_wagtail.letters.wording import LINE, LONGEST, fields_of, fill_wording, from_text, to_text, validate_wording

HOSTILE = "<b>x</b>{issuer}{{ }} {% load x %} </p> & &lt;"


@pytest.mark.parametrize(
    ("wording", "printed"),
    [
        ('<p data-block-key="a1">One</p>', "<p>One</p>"),
        ("<p>a<br/>b <b>c</b> <i>d</i></p>", "<p>a<br/>b <b>c</b> <i>d</i></p>"),
        ("<ul><li>one</li></ul><ol><li>two</li></ol>", "<ul><li>one</li></ul><ol><li>two</li></ol>"),
        ('<p style="position: fixed" onclick="x()" class="y">z</p>', "<p>z</p>"),
        ('<h1>a</h1><a href="http://x">b</a><img src="http://x/y.png"><table><tr><td>c</td></tr></table>', "abc"),
        ("<p>a<script>b</script><style>@import 'x'</style><!-- c --><svg><use href='#x'/></svg>d</p>", "<p>ad</p>"),
        ("<!DOCTYPE html><?php x ?><p>a</p><![CDATA[b]]>", "<p>a</p>"),
        ("<p>&lt;b&gt; &amp;</p>", "<p>&lt;b&gt; &amp;</p>"),
    ],
)
def test_nothing_but_plain_elements_is_printed(wording: str, printed: str) -> None:
    assert fill_wording(wording, {}) == printed


def test_a_value_is_text_whatever_is_in_it() -> None:
    filled = fill_wording("<p>{name}.</p>", {"name": HOSTILE, "issuer": "wrong"})

    assert filled == "<p>&lt;b&gt;x&lt;/b&gt;{issuer}{{ }} {% load x %} &lt;/p&gt; &amp; &amp;lt;.</p>"
    assert to_text(filled) == f"{HOSTILE}."


def test_fields_are_filled_in_wherever_they_stand() -> None:
    wording = "<ul><li><b>{name}</b></li></ul><p>{{{stage}}} {stage}</p>"

    assert fields_of(wording) == {"name", "stage"}
    assert fill_wording(wording, {"name": "Ana", "stage": "One"}) == "<ul><li><b>Ana</b></li></ul><p>{One} One</p>"


@pytest.mark.parametrize(
    ("wording", "complaint"),
    [
        ("<p>{nmae}</p>", "There is no field “{nmae}”"),
        ("<p>{na<b>me</b>}</p>", "stands alone"),
        ("<p>{na</p><p>me}</p>", "stands alone"),
        ("<p>{name.x}</p>", "is not the name of a field"),
        (f"<p>{'x ' * LONGEST}</p>", "A letter has one page"),
        (f"<ul>{'<li>x</li>' * (LONGEST // LINE + 1)}</ul>", "A letter has one page"),
    ],
)
def test_what_cannot_be_printed_is_refused(wording: str, complaint: str) -> None:
    with pytest.raises(ValidationError, match=complaint):
        validate_wording(wording)


def test_markup_does_not_count_towards_the_length() -> None:
    validate_wording(f"<p data-block-key='abcdef'><b>{'x' * LONGEST}</b></p>")


def test_fields_in_what_is_never_printed_do_not_matter() -> None:
    validate_wording("<p>{name}<!-- {nmae} --></p>")


def test_plain_text_becomes_paragraphs_and_comes_back() -> None:
    wording = from_text("One\r\nline & <more>.\r\n \r\n\r\n{name}\n\n\n")

    assert wording == "<p>One line &amp; &lt;more&gt;.</p><p>{name}</p>"
    assert to_text(wording) == "One line & <more>.\n{name}"


def test_every_field_can_be_named() -> None:
    assert fields_of("".join(f"<p>{{{name}}}</p>" for name in FIELDS)) == set(FIELDS)
