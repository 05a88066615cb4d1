"""What tests of the registrar's screens for the directory share."""

from django.urls import reverse


def address(name: str, *args: int) -> str:
    return reverse(f"imp_teachers:{name}", args=args)
