"""Checking a letter, in public."""
