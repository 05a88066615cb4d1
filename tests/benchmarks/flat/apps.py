from django.apps import AppConfig


class FlatConfig(AppConfig):
    name = "tests.benchmarks.flat"
    label = "flat"
