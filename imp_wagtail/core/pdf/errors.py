"""Why a PDF was not made."""

#: Debian's and Ubuntu's packages of what WeasyPrint needs beside itself, as one line to run.
APT_GET = "apt-get install -y libpangoft2-1.0-0 libharfbuzz-subset0"


class PDFUnavailable(RuntimeError):  # noqa: N818 (a state of the machine, named for what the user is told)
    """This machine makes no PDF, whatever the document; the message says what to do."""

    def __init__(
        self, why: str = f"PDFs need system libraries that are not installed. On Debian or Ubuntu run: {APT_GET}"
    ) -> None:
        super().__init__(why)


class PDFTooHeavy(RuntimeError):  # noqa: N818 (names what is wrong with the document)
    """The document was given up: it took more time, memory or pages than any document may."""


class PDFFailed(RuntimeError):  # noqa: N818
    """WeasyPrint failed at the document; the message ends with where it did."""


class MissingCharacters(ValueError):  # noqa: N818 (names what is missing, for the message to whoever typed it)
    """No installed font has these characters, and the document may not be printed with empty boxes."""

    def __init__(self, characters: str) -> None:
        super().__init__(characters)
        self.characters = characters

    def __str__(self) -> str:
        return f"No installed font has: {' '.join(self.characters)}"
