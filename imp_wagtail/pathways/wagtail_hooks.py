from wagtail import hooks
from wagtail.snippets.models import register_snippet

from imp_wagtail.core.facts import FACT_SOURCES_HOOK
from imp_wagtail.core.packs import PACK_LOADER_HOOK

from .deletion import refuse_deletion_in_use
from .facts import PATHWAY, REQUIREMENT
from .packs import PathwayLoader, PathwayPageLoader
from .viewsets import PathwayViewSet

hooks.register(PACK_LOADER_HOOK, PathwayLoader, order=10)
hooks.register(PACK_LOADER_HOOK, PathwayPageLoader, order=30)

hooks.register(FACT_SOURCES_HOOK, PATHWAY, order=30)
hooks.register(FACT_SOURCES_HOOK, REQUIREMENT, order=40)

hooks.register("before_delete_snippet", refuse_deletion_in_use)

register_snippet(PathwayViewSet)
