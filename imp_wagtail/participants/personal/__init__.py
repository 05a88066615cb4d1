"""Everything about one person: gathered, given out as a file, erased."""
