"""People who may be on record twice: found, shown side by side, merged or told apart."""
