from django.apps import AppConfig


class DemoConfig(AppConfig):
    """Invented people and accounts with known passwords; installed by the demo's settings alone."""

    name = "demo"
    label = "imp_demo"
