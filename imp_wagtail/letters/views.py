"""Checking a letter: for anyone, without an account."""

from django.http import HttpRequest, HttpResponse


def verify(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


def verify_code(request: HttpRequest, code: str) -> HttpResponse:
    return HttpResponse()
