"""Headers of every response of the reference site."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from wagtail.contrib.redirects import middleware as redirects

#: Public pages take nothing from elsewhere and run no inline script or style.
PUBLIC_POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'self'",
    ]
)


def content_security_policy(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable:
    """Set the strict policy on everything but Wagtail's admin, whose editor needs inline styles."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if not request.path.startswith(reverse("wagtailadmin_home")):
            response.headers.setdefault("Content-Security-Policy", PUBLIC_POLICY)
        return response

    return middleware


class RedirectMiddleware(redirects.RedirectMiddleware):
    """Wagtail's, but for the answer that a letter is unknown: no page was ever there, and it is to come quickly."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        match = request.resolver_match
        if match and match.app_name == "imp_letters":
            return response
        return super().process_response(request, response)
