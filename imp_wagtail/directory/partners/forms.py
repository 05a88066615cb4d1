"""The form about a partner."""

from django import forms
from django.utils.translation import gettext_lazy as _

from imp_wagtail.core.sending import SeenFormMixin

from ..actions.partners import FIELDS
from ..forms import web_address
from ..models import Partner


class PartnerForm(SeenFormMixin, forms.ModelForm):
    """What staff say of a partner; whatever its feed says is read, never typed."""

    site_url = web_address(
        _("Website"),
        required=True,
        help_text=_("Profiles of their teachers may be on this site, and on that of the feed."),
    )
    feed_url = web_address(
        _("Address of its feed"),
        required=True,
        max_length=300,
        help_text=_("As the partner tells it; with this package it ends in /directory/feed/."),
    )

    class Meta:
        model = Partner
        fields = list(FIELDS)
        labels = {"name": _("Name"), "gone_after_days": _("Days without an answer")}
        help_texts = {
            "name": _("As the public reads it: “Listed by …”."),
        }
