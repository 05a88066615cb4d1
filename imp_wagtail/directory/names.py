"""Names turned into addresses, in every script."""

import unicodedata

from django.core.validators import slug_unicode_re
from django.utils.text import slugify

#: What the directory's page has addresses of its own for.
RESERVED = frozenset({"qualifications", "map", "places", "results"})


def address_of(name: str) -> str:
    """The part of an address that stands for a name, in the name's own script."""
    return slugify(name, allow_unicode=True)[:110].strip("-") or "teacher"


def canonical_address(slug: str) -> str:
    """The stored form of an address that was typed with capitals or composed otherwise; "" for what is none."""
    plain = unicodedata.normalize("NFKC", slug).lower()
    return plain if slug_unicode_re.match(plain) else ""
