"""The public directory: a filtered list, and a page for each listed teacher."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Page

from imp_wagtail.core.pages import DescribedPageMixin, WithinSiteMixin

from ..contact.routes import ContactMixin
from .explaining import ExplainingMixin
from .finding import FindingMixin
from .mapping import MapMixin
from .profiles import ProfilesMixin


class DirectoryPageMixin(FindingMixin, MapMixin, ExplainingMixin, ContactMixin, ProfilesMixin, models.Model):
    """Finds teachers by name, country, language, format and upcoming courses, all in the page's address."""

    introduction = RichTextField(_("introduction"), blank=True, features=["bold", "italic", "link", "imp-fact"])

    class Meta:
        abstract = True


class DirectoryPage(WithinSiteMixin, DescribedPageMixin, DirectoryPageMixin, Page):
    """The directory of teachers."""

    content_panels = [
        *Page.content_panels,
        FieldPanel("introduction", help_text=_("One or two sentences below the title.")),
    ]
    page_description = _("The teachers who are listed, to be found by place, language and format.")
    subpage_types: list[str] = []

    class Meta:
        verbose_name = _("teacher directory")
        verbose_name_plural = _("teacher directories")
