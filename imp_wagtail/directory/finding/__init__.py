"""Finding teachers: the index in memory, the search over it, the form, and the public list."""
