"""The pathway on paper."""

from typing import Any

from django.template.loader import render_to_string

from imp_wagtail.core.pdf import render_pdf


def render_pathway(context: dict[str, Any]) -> bytes:
    """The PDF of a pathway page, from the same context as the page; A4, any number of pages."""
    return render_pdf(
        render_to_string("imp_pathways/pathway_pdf.html", context),
        stylesheets=["imp_pathways/pathway_pdf.css"],
    )
