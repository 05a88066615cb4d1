"""The map: which places of those found are sent to it, and how many of them at once."""
