"""The demo's accounts, one for each role. Their password is known to everybody: for a machine of one's own only."""

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser, Group

from imp_wagtail.core import roles

PASSWORD = "demo"  # noqa: S105  (known to everybody, as said above)
ROLES = {"admin": None, "editor": roles.EDITORS, "registrar": roles.REGISTRARS, "facilitator": roles.FACILITATORS}


def make_accounts() -> dict[str, AbstractBaseUser]:
    """The accounts by name; those that exist are left as they are, with whatever password they have now."""
    return {name: _account(name, role) for name, role in ROLES.items()}


def _account(name: str, role: str | None) -> AbstractBaseUser:
    user, is_new = get_user_model().objects.get_or_create(
        username=name,
        defaults={"email": f"{name}@example.org", "is_superuser": role is None, "is_staff": role is None},
    )
    if is_new:
        user.set_password(PASSWORD)
        user.save()
        if role:
            user.groups.add(Group.objects.get(name=role))
    return user
