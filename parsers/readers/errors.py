"""Why an input cannot be read.

InputError
├── UnreadableInputError    empty, binary, or in no charset
└── UnsupportedInputError   a known kind of file that has no reader
"""


class InputError(ValueError):
    """An input that cannot become a document."""


class UnreadableInputError(InputError):
    """There is nothing that can be read: no bytes, no text, or no charset that fits."""


class UnsupportedInputError(InputError):
    """The kind of the input is known, but no reader takes it; `kind` names it (pdf, docx, xlsx, doc, …)."""

    def __init__(self, kind: str, reason: str | None = None) -> None:
        super().__init__(reason or f"no reader for {kind} files")
        self.kind = kind
