"""``imp_send_mails`` under the name that it had when letters were all that was sent."""

from imp_wagtail.core.management.commands.imp_send_mails import Command

__all__ = ["Command"]
