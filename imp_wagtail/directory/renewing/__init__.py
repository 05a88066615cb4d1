"""Who stays in the directory: asked in time, answered by a link of one's own, kept by a command every day."""
