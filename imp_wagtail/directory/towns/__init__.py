"""The world's towns and their regions, from a package, and found by any of their names with no request outside."""
