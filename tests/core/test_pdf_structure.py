"""What screen readers find in a PDF, where HTML says more than WeasyPrint makes of it."""

import pytest

from imp_wagtail.core.pdf import render_pdf
from tests.opened_pdfs import Opened

from .test_pdf import FONTS, PIXEL, data_url, document


def opened(body: str) -> Opened:
    return Opened(render_pdf(document(f"<h1>Titel</h1>{body}"), stylesheets=FONTS))


@pytest.mark.parametrize(
    "body",
    [
        "<dl><div><dt>Ort</dt><dd>Bern</dd></div><div><dt>Tage</dt><dd>neun</dd><dd>oder zehn</dd></div></dl>",
        "<dl><dt>Ort</dt><dd>Bern</dd></dl>",
        "<ul><li>eins<ul><li>zwei</li></ul></li></ul>",
    ],
)
def test_lists_hold_nothing_but_their_items(body: str) -> None:
    assert opened(body).faults() == []


def test_a_fact_is_an_item_whose_term_is_its_label() -> None:
    tags = opened("<dl><div><dt>Ort</dt><dd>Bern</dd></div></dl>").tags()

    assert [tag for tag in tags if tag in {"/L", "/LI", "/Lbl", "/LBody"}] == ["/L", "/LI", "/Lbl", "/LBody"]


def test_all_parts_of_a_link_are_links() -> None:
    pdf = opened('<p><a href="https://example.org/">Ein <em>schönes</em> <span>Haus</span></a></p>')

    assert pdf.addresses() == {"https://example.org/"}
    assert pdf.faults() == []


def test_a_picture_that_says_nothing_is_passed_over() -> None:
    pdf = opened(f'<p><img alt="" src="{data_url(PIXEL)}"><img alt="Punkt" src="{data_url(PIXEL)}"></p>')

    assert [str(element.Alt) for element in pdf.elements() if element.S == "/Figure"] == ["Punkt"]
    assert pdf.faults() == []
