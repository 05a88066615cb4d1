"""A PDF that somebody sends to have it checked: hashed as it comes in, and kept nowhere."""

import hashlib
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload

#: What a PDF begins with; readers allow for some bytes before it, letters have none.
PDF_MARK = b"%PDF-"
#: So many times the largest file that is accepted are not read to their end.
BEYOND_MISTAKE = 10


class HashedUpload(UploadedFile):
    """What remains of a file that was sent: its name and size, its SHA-256, and whether it began like a PDF."""

    def __init__(self, *, sha256: str, is_pdf: bool, **options: Any) -> None:
        super().__init__(file=ContentFile(b""), **options)
        self.sha256 = sha256
        self.is_pdf = is_pdf


class HashingHandler(FileUploadHandler):
    """Hashes each file in the chunks in which it arrives, and lets go of them: neither memory nor disk holds it.

    What lies beyond ``most`` bytes is counted only, so that whoever sends too much is told so. Nobody sends ten times
    as much by mistake: there the connection ends.
    """

    def __init__(self, request: Any = None, *, most: int) -> None:
        super().__init__(request)
        self.most = most

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.hash, self.head, self.size = hashlib.sha256(), b"", 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if self.size <= self.most:
            self.hash.update(raw_data)
        if len(self.head) < len(PDF_MARK):
            self.head = (self.head + bytes(raw_data))[: len(PDF_MARK)]
        self.size += len(raw_data)
        if self.size > BEYOND_MISTAKE * self.most:
            raise StopUpload(connection_reset=True)

    def file_complete(self, file_size: int) -> HashedUpload:
        return HashedUpload(
            sha256=self.hash.hexdigest(),
            is_pdf=self.head == PDF_MARK,
            name=self.file_name,
            content_type=self.content_type,
            size=self.size,
        )
