"""What came with a form, as plain values."""

import hashlib
from dataclasses import dataclass

from flask import Request

from app.errors import UsageError


@dataclass(frozen=True)
class SentFile:
    """One file of the form: its text now, and the version that the page was made from."""

    name: str
    text: str
    version: str

    @property
    def is_untouched(self) -> bool:
        """Say whether the text is still what the page showed: then the file on disk wins."""
        line_ends = (self.text, self.text.replace("\n", "\r\n"))
        return self.version in {hashlib.sha256(text.encode()).hexdigest() for text in line_ends}


def sent_files(request: Request) -> tuple[SentFile, ...]:
    """Read the files of an exercise form; browsers send every line end as CR LF."""
    names, texts, versions = (request.form.getlist(field) for field in ("name", "text", "version"))
    if not len(names) == len(texts) == len(versions):
        raise UsageError("The form is incomplete.", "Open the exercise anew.")
    plain = [text.replace("\r\n", "\n") for text in texts]
    return tuple(SentFile(*parts) for parts in zip(names, plain, versions, strict=True))


def wants_json(request: Request) -> bool:
    """Say whether a script of ours asked, not a page."""
    return request.accept_mimetypes.best == "application/json"
