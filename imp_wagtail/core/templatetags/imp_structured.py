"""What machines read of a page."""

from django import template

from imp_wagtail.core import structured

register = template.Library()

register.filter("json_ld", structured.json_ld)
register.filter("plain_text", structured.plain_text)
