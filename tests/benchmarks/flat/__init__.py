"""The floor of what is measured: one flat table in a plain listing of Wagtail's."""
