"""Other directories' teachers, found here too: their feeds are read, checked, and mirrored read-only."""
