"""Sending letters by e-mail, and the personal links in those messages."""
