from wagtail.snippets.models import register_snippet

from .viewsets import PathwayViewSet

register_snippet(PathwayViewSet)
