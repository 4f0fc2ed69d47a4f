"""Progress bars on stderr, for a crawl and for a folder of pages; silent when stderr is not a terminal."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)
from rich.text import Text

from output.cli.shell import Shell
from output.terminal import printable
from scraper.portal_run import Progress as Step


@contextmanager
def crawl_progress(shell: Shell) -> Iterator[Callable[[Step], None]]:
    """Give a function that shows each step of a crawl, one line per portal."""
    if not shell.err.is_terminal:
        yield lambda step: None
        return
    tasks: dict[str, TaskID] = {}
    lock = threading.Lock()
    with _bar(shell) as bar:

        def show(step: Step) -> None:
            with lock:
                if step.portal_id not in tasks:
                    tasks[step.portal_id] = bar.add_task(step.portal_id, total=None)
                stage = shell.say(f"stage_{step.stage}")
                description = Text.assemble(
                    (step.portal_id, "bold"), f" {stage} ", (printable(step.outcome), "dim")
                )
                total = step.done + step.due or None
                bar.update(
                    tasks[step.portal_id], description=description.markup, completed=step.done, total=total
                )

        yield show


@contextmanager
def site_progress(shell: Shell) -> Iterator[Callable[[int, int], None]]:
    """Give a function that shows how many packets of pages are written, of how many."""
    if not shell.err.is_terminal:
        yield lambda done, of: None
        return
    with _bar(shell) as bar:
        task = bar.add_task(shell.say("stage_site"), total=None)
        yield lambda done, of: bar.update(task, completed=done, total=of)


def _bar(shell: Shell) -> Progress:
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(bar_width=30),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    return Progress(*columns, console=shell.err, transient=True)
