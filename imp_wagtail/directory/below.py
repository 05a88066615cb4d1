"""What a directory page shows at addresses of its own: one teacher, the map, a form, an explanation."""

from functools import partial
from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from wagtail.contrib.routable_page.models import RoutablePageMixin

from imp_wagtail.core.pages import DescribedPageMixin, is_shown


class BelowMixin(RoutablePageMixin):
    """Addresses below a page that show nothing of its list, so that none of that is looked up."""

    def get_context_below(self, request: HttpRequest) -> dict[str, Any]:
        """What the template of every page is given, and ``meta`` of the address that is shown.

        There is none where a page is shown elsewhere than at its address, as in a preview.
        """
        context = super().get_context(request)
        if isinstance(self, DescribedPageMixin) and is_shown(self, request):
            context["meta"] = SimpleLazyObject(partial(self.get_meta, request))
        return context
