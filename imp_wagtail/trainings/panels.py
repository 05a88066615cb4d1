"""The training's form in the admin, part by part."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel

from imp_wagtail.core.panels import SharedRowsPanel, WhoseFactsPanel

training_panels = [
    WhoseFactsPanel(),
    FieldPanel("summary"),
    MultiFieldPanel(
        [
            FieldRowPanel([FieldPanel("starts"), FieldPanel("ends")]),
            FieldRowPanel([FieldPanel("start_time"), FieldPanel("end_time")]),
            FieldPanel("time_zone"),
            FieldRowPanel([FieldPanel("moved"), FieldPanel("year_only")]),
        ],
        heading=_("When"),
    ),
    MultiFieldPanel(
        [
            FieldRowPanel([FieldPanel("format"), FieldPanel("languages")]),
            FieldPanel("venue"),
            FieldRowPanel([FieldPanel("town"), FieldPanel("country")]),
        ],
        heading=_("How and where"),
    ),
    SharedRowsPanel("training_trainers", heading=_("Trainers"), label=_("Trainer")),
    MultiFieldPanel([FieldPanel("audience"), FieldPanel("pathway")], heading=_("For whom")),
    MultiFieldPanel(
        [
            FieldRowPanel([FieldPanel("status"), FieldPanel("capacity")]),
            FieldPanel("notice"),
            FieldRowPanel([FieldPanel("application_opens"), FieldPanel("application_closes")]),
            FieldRowPanel([FieldPanel("application_url"), FieldPanel("application_email")]),
        ],
        heading=_("Status and applications"),
    ),
    SharedRowsPanel("prices", heading=_("Prices"), label=_("Price")),
    FieldPanel("price_includes"),
    FieldPanel("body"),
    MultiFieldPanel(
        [FieldPanel("report"), SharedRowsPanel("pictures", heading=_("Pictures"), label=_("Picture"))],
        heading=_("How it was"),
        classname="collapsed",
    ),
]
