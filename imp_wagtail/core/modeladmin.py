"""Registers: lists of records that nobody edits, on wagtail-modeladmin with its open doors shut.

ModelAdmin takes any parameter of the address for a lookup, so that whoever may see a list can ask it about
everything that the records lead to (``?issued_by__password__startswith=``). It finds single records outside the
list's own queryset, and before asking for permission. It makes addresses for adding, changing and deleting.
"""

from collections.abc import Iterable
from typing import Any

from django.contrib.admin import SimpleListFilter
from django.contrib.admin.utils import label_for_field, quote, unquote
from django.core.exceptions import ImproperlyConfigured, PermissionDenied, ValidationError
from django.db.models import Model, QuerySet
from django.forms import Media
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, re_path, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.admin_url_finder import register_admin_url_finder
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail_modeladmin.helpers import ButtonHelper, PermissionHelper
from wagtail_modeladmin.helpers.search import BaseSearchHandler
from wagtail_modeladmin.options import ModelAdmin
from wagtail_modeladmin.views import IndexView, InspectView, WMABaseView

from .conf import settings
from .exports import InChunks, PlainCellsMixin

#: The longest value of a parameter that is looked at: long searches make queries that databases refuse.
LONGEST_VALUE = 200
STYLES = ["imp_core/register.css"]


class ChoiceFilter(SimpleListFilter):
    """A filter with a few choices. A value that is none of them finds nothing, and the page says so."""

    @property
    def complaint(self) -> str:
        """What is wrong with the value in the address; empty if nothing is."""
        if self.value() in (None, "", *(str(value) for value, _label in self.lookup_choices)):
            return ""
        return _("“%(value)s” is not one of these.") % {"value": self.value()}

    def has_output(self) -> bool:
        """A value in the address is answered even where there is nothing to choose."""
        return super().has_output() or bool(self.value())

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.complaint:
            return queryset.none()
        return self.narrowed(queryset, self.value()) if self.value() else queryset

    def narrowed(self, queryset: QuerySet, value: str) -> QuerySet:
        """The records that the choice ``value`` leaves."""
        raise NotImplementedError


class MatchingSearch(BaseSearchHandler):
    """Searches with the queryset's own ``matching(text)``."""

    def search_queryset(self, queryset: Any, search_term: str, **kwargs: Any) -> QuerySet:
        return queryset.matching(search_term) if search_term.strip() else queryset


class RegisterPermissionHelper(PermissionHelper):
    """Whoever has the permission to view may list and inspect; nobody adds, changes or deletes."""

    def user_can_list(self, user: Any) -> bool:
        return self.user_has_specific_permission(user, self.get_perm_codename("view"))

    def user_can_inspect_obj(self, user: Any, obj: Model) -> bool:
        return self.inspect_view_enabled and self.user_can_list(user)

    def user_can_create(self, user: Any) -> bool:
        return False

    def user_can_edit_obj(self, user: Any, obj: Model) -> bool:
        return False

    def user_can_delete_obj(self, user: Any, obj: Model) -> bool:
        return False


class RegisterButtonHelper(ButtonHelper):
    """A register's buttons: its title leads to the record, further ones come from ``actions_for``."""

    def actions_for(self, obj: Any) -> list[dict[str, str]]:
        """Buttons beside "Inspect": dictionaries of ``url``, ``label``, ``title`` and ``icon``."""
        return []

    def get_buttons_for_obj(
        self, obj: Any, exclude: Any = None, classnames_add: Any = None, classnames_exclude: Any = None
    ) -> list[dict[str, str]]:
        classname = self.finalise_classname([*(classnames_add or []), "button-secondary", "button--icon"])
        return [{"classname": classname, **button} for button in self.actions_for(obj)]


class RegisterIndexView(PlainCellsMixin, IndexView, WagtailAdminTemplateMixin):
    """The list, with search and filters in one form, and its export."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        request.GET = self.declared_parameters(request)
        return super().dispatch(request, *args, **kwargs)

    def declared_parameters(self, request: HttpRequest) -> QueryDict:
        """Those parameters of the address that a filter or the list itself owns; all others are dropped."""
        own = {self.ORDER_VAR, self.PAGE_VAR, self.SEARCH_VAR, self.EXPORT_VAR}
        owned = own | {item.parameter_name for item in self.model_admin.get_list_filter(request)}
        kept = QueryDict(mutable=True)
        for name in sorted(owned & request.GET.keys()):
            kept[name] = request.GET[name].replace("\x00", "")[:LONGEST_VALUE]
        return kept

    @property
    def media(self) -> Media:
        # Not ModelAdmin's own style sheet, which is for its own page.
        return Media(css={"all": self.model_admin.get_index_view_extra_css()})

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.get_page_title()}]

    def as_spreadsheet(self, queryset: Any, spreadsheet_format: str) -> HttpResponse:
        return super().as_spreadsheet(InChunks(queryset), spreadsheet_format)

    def get_heading(self, queryset: QuerySet, field: str) -> str:
        return capfirst(str(label_for_field(field, model=self.model, model_admin=self.model_admin)))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        # Not ModelAdmin's own, which counts three times and asks for whole records to find out which are on the page.
        paginator = self.paginator_class(self.keys(), self.items_per_page)
        page = paginator.page(self.page_num if self.page_num in paginator.page_range else 1)
        page.object_list = self.rows(page.object_list)
        return WMABaseView.get_context_data(
            self,
            page_obj=page,
            object_list=page.object_list,
            result_count=paginator.count,
            is_narrowed=bool(self.query or any(item.value() for item in self.filter_specs)),
            **kwargs,
        )

    def keys(self) -> QuerySet:
        """The keys of all records in the list. With what they are chosen by, databases find them in an index."""
        return self.queryset.select_related(None).prefetch_related(None).values_list("pk", flat=True)

    def rows(self, keys: Iterable[Any]) -> list[Model]:
        """Records in the order of their keys, with all that a row shows."""
        records = self.apply_select_related(self.get_base_queryset())
        found = {record.pk: record for record in records.filter(pk__in=list(keys))}
        return [found[key] for key in keys if key in found]


class RegisterInspectView(InspectView, WagtailAdminTemplateMixin):
    """One record of the list, in full. Permission is asked for first; what the list hides is not found."""

    def __init__(self, model_admin: ModelAdmin, instance_pk: str) -> None:
        WMABaseView.__init__(self, model_admin)  # the next class's would read the record at once
        self.instance_pk = unquote(instance_pk)
        self.pk_quoted = quote(self.instance_pk)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.permission_helper.user_can_list(request.user):
            raise PermissionDenied
        self.instance = self.find(request)
        return super().dispatch(request, *args, **kwargs)

    def find(self, request: HttpRequest) -> Model:
        try:
            return get_object_or_404(self.model_admin.in_full(request), pk=self.instance_pk)
        except (ValueError, ValidationError) as error:
            raise Http404 from error

    def get_page_title(self) -> str:
        return str(self.instance)

    def get_page_subtitle(self) -> str:
        return ""

    def get_meta_title(self) -> str:
        return self.get_page_title()

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        index = {"url": self.index_url, "label": capfirst(self.verbose_name_plural)}
        return [*self.breadcrumbs_items, index, {"url": "", "label": self.get_page_title()}]

    def get_fields_dict(self) -> list[dict[str, Any]]:
        return [{"label": label, "value": value} for label, value in self.model_admin.facts(self.instance) if value]


class RegisterMenuItem(MenuItem):
    """The register's entry in a menu, for whoever may see the list."""

    def __init__(self, register: "RegisterModelAdmin", **kwargs: Any) -> None:
        super().__init__(
            register.get_menu_label(),
            reverse(register.url_helper.get_action_url_name("index")),
            icon_name=register.get_menu_icon(),
            **kwargs,
        )
        self.register = register

    def is_shown(self, request: HttpRequest) -> bool:
        return self.register.permission_helper.user_can_list(request.user)


class RegisterModelAdmin(ModelAdmin):
    """Base class of registers. ``list_filter`` holds ``ChoiceFilter`` classes only; ``facts`` is for the record."""

    add_to_admin_menu = False
    inspect_view_enabled = True
    history_view_enabled = False
    empty_value_display = ""
    index_view_class = RegisterIndexView
    inspect_view_class = RegisterInspectView
    index_template_name = "imp_core/admin/register_index.html"
    inspect_template_name = "imp_core/admin/register_inspect.html"
    permission_helper_class = RegisterPermissionHelper
    button_helper_class = RegisterButtonHelper
    search_handler_class = MatchingSearch
    #: What a search looks at, as the label of its field.
    search_label: Any = gettext_lazy("Search")
    #: Columns whose values stand on one line: numbers and codes.
    unbroken: tuple[str, ...] = ()
    index_view_extra_css = STYLES
    inspect_view_extra_css = STYLES

    def __init__(self, parent: Any = None) -> None:
        super().__init__(parent)
        for item in self.list_filter:
            if not (isinstance(item, type) and issubclass(item, ChoiceFilter)):
                raise ImproperlyConfigured(f"{type(self).__name__}.list_filter holds ChoiceFilter classes only")

    @property
    def list_per_page(self) -> int:
        return settings.LIST_PER_PAGE

    def get_extra_class_names_for_field_col(self, obj: Model, field_name: str) -> list[str]:
        return ["imp-register-unbroken"] if field_name in self.unbroken else []

    def facts(self, obj: Any) -> list[tuple[Any, Any]]:
        """What the record's own page shows: pairs of label and value."""
        raise NotImplementedError

    def in_full(self, request: HttpRequest) -> QuerySet:
        """The records that may be inspected: those of the list."""
        return self.get_queryset(request)

    def get_admin_urls_for_registration(self) -> tuple[URLPattern, ...]:
        """Addresses to list and to inspect, and no other."""
        views = {"index": self.index_view, "inspect": self.inspect_view}
        return tuple(
            re_path(
                self.url_helper.get_action_url_pattern(action),
                view,
                name=self.url_helper.get_action_url_name(action),
            )
            for action, view in views.items()
        )

    def register_admin_url_finders(self) -> None:
        """Where the admin leads to a record from elsewhere, it leads to its page here."""
        register = self

        class InspectURLFinder:
            def __init__(self, user: Any) -> None:
                self.user = user

            def get_edit_url(self, instance: Any) -> str | None:
                if self.user and not register.permission_helper.user_can_inspect_obj(self.user, instance):
                    return None
                return register.url_helper.get_action_url("inspect", quote(instance.pk))

        register_admin_url_finder(self.model, InspectURLFinder)

    def register_indexing(self) -> None:
        """No reference index: nothing that a register's records point at can be deleted while they do."""
