"""What goes wrong before a single row can be looked at."""


class UnreadableFileError(Exception):
    """A file is no table, or too large a one. The message is for the person who chose it."""
