"""What is wrong with a pack: where, and why."""


class PackError(Exception):
    """A pack that cannot be loaded. ``line`` counts from 1; ``None`` where the whole file or folder is meant."""

    def __init__(self, file: str, line: int | None, reason: str) -> None:
        super().__init__(file, line, reason)
        self.file, self.line, self.reason = file, line, reason

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}, line {self.line}"
        return f"{place}: {self.reason}"


class DumpError(Exception):
    """A site of which no pack can be written, or not there; says why in plain words."""
