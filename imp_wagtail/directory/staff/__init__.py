"""The registrar's screens for the directory: the list, one entry, and the forms behind its buttons."""
