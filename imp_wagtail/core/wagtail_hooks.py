from django.urls import URLPattern, URLResolver, include, path
from wagtail import hooks

from . import job_views
from .facts import views as fact_views
from .facts.editor import register_facts
from .menus import training_menu_item
from .packs import PACK_LOADER_HOOK
from .packs.images import ImagesLoader

hooks.register("register_admin_menu_item", training_menu_item)
hooks.register("register_rich_text_features", register_facts)
# The last: it writes the pictures that all others have asked for.
hooks.register(PACK_LOADER_HOOK, ImagesLoader, order=1000)


@hooks.register("register_admin_urls")
def job_urls() -> list[URLPattern | URLResolver]:
    return [path("training/jobs/", include((job_views.urlpatterns, "imp_jobs")))]


@hooks.register("register_admin_urls")
def fact_urls() -> list[URLPattern | URLResolver]:
    return [path("training/facts/", include((fact_views.urlpatterns, "imp_facts")))]
