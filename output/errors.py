"""The errors of the output side.

OutputError
├── NoDatasetError         there is no dataset in the folder yet
├── OtherVersionError      the dataset has the columns of another version of the program
├── DatasetStorageError    the dataset could not be written; the last one is untouched
├── GateRefusedError       publishing would lose reports or figures
├── ReferenceDataError     a file the user laid into DIR/reference is wrong
├── UnknownIndicatorError  no indicator or cell of that name
├── UnknownAgencyError     no agency of that name
├── UnknownReportError     no such report, or no such cell in it
└── UnknownFormatError     no writer of that name
"""

from pathlib import Path

REFUSED = (
    "the new dataset would lose data and was not published:\n{losses}\n"
    "look at these first; to publish all the same, accept the losses"
)
"""What the gate says, with a line for each loss."""


class OutputError(Exception):
    """Root of all errors the output side raises on purpose."""


class NoDatasetError(OutputError):
    """Raised when a dataset is asked for before one was built."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir
        super().__init__(f"{data_dir}: holds no dataset yet; run `gongkai build --data {data_dir}` first")


class OtherVersionError(OutputError):
    """Raised when a dataset has not the columns of this version: it is built again in no time."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir
        super().__init__(
            f"{data_dir}: the dataset was written by another version of gongkai, with other columns; "
            f"run `gongkai build --data {data_dir}` again"
        )


class DatasetStorageError(OutputError):
    """Raised when the disk refuses: full, read-only, not permitted. The last dataset stays as it is."""


class ReferenceDataError(OutputError):
    """Raised for a mistake in a file of `DIR/reference`; names file, line and column."""


class GateRefusedError(OutputError):
    """Raised when the new dataset would lose reports or figures the last one had."""

    def __init__(self, losses: tuple[str, ...]) -> None:
        self.losses = losses
        super().__init__(REFUSED.format(losses="\n".join(f"  {loss}" for loss in losses)))


class _UnknownNameError(OutputError):
    what = "name"

    def __init__(self, name: str, close: tuple[str, ...] = ()) -> None:
        self.name, self.close = name, close
        hint = f"; did you mean {', '.join(close)}?" if close else ""
        super().__init__(f"unknown {self.what}: {name}{hint}")


class UnknownIndicatorError(_UnknownNameError):
    """Raised for an indicator or cell that is not in the dataset; names close matches."""

    what = "indicator or cell"


class UnknownAgencyError(_UnknownNameError):
    """Raised when no agency of the dataset has this name; names close matches."""

    what = "agency"


class UnknownReportError(_UnknownNameError):
    """Raised for a report or a cell of it that is not in the dataset; names close matches."""

    what = "report or cell"


class UnknownFormatError(_UnknownNameError):
    """Raised for a format without a writer; names those there are."""

    what = "format"
