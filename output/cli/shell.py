"""What every command shares: the language, where results and remarks go, how an error ends the program."""

import os
import shutil
import sys
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, wraps
from importlib import resources
from pathlib import Path
from shlex import quote
from typing import Literal, ParamSpec, TypeAlias, cast

import typer
from rich.console import Console
from rich.text import Text

from output.cli.error_words import error_text
from output.errors import GateRefusedError, OutputError
from output.terminal import printable
from scraper.errors import ScraperError

Lang: TypeAlias = Literal["zh", "en"]

P = ParamSpec("P")
PROGRAM = "gongkai"

EXIT_OK = 0
EXIT_BUG = 1
EXIT_WRONG_USE = 2
EXIT_SOME_FAILED = 3
EXIT_GATE_REFUSED = 4
EXIT_INTERRUPTED = 130


class CommandError(Exception):
    """Ends a command with a message for the user and an exit code of the contract."""

    def __init__(self, message: str, exit_code: int = EXIT_WRONG_USE) -> None:
        super().__init__(message)
        self.exit_code = exit_code


@dataclass(frozen=True, slots=True)
class Shell:
    """Where a command writes and in which language."""

    lang: Lang
    debug: bool
    out: Console
    err: Console

    def say(self, key: str, **values: object) -> str:
        """Return the message `key` of messages.toml in the shell's language, with values filled in."""
        return message(key, self.lang, **values)

    def remark(self, text: str, style: str = "") -> None:
        """Print one line to stderr; text from outside is made harmless."""
        self.err.print(Text(printable(text), style=style), soft_wrap=True)

    def example(self, *commands: str) -> str:
        """Return the help epilog that shows how a command is called."""
        return self.say("example", command="\n\n".join(commands))

    def command(self, function: Callable[P, int | None]) -> Callable[P, None]:
        """Return a command function whose errors, interruption and result become exit codes."""

        @wraps(function)
        def run(*args: P.args, **kwargs: P.kwargs) -> None:
            try:
                code = function(*args, **kwargs)
            except CommandError as error:
                self.remark(str(error), "red")
                raise typer.Exit(error.exit_code) from None
            except (OutputError, ScraperError) as error:
                self.remark(error_text(error, self.lang), "red")
                refused = isinstance(error, GateRefusedError)
                raise typer.Exit(EXIT_GATE_REFUSED if refused else EXIT_WRONG_USE) from None
            except KeyboardInterrupt:
                self.remark(self.say("interrupted"), "yellow")
                raise typer.Exit(EXIT_INTERRUPTED) from None
            except BrokenPipeError:
                # The reader of stdout (head, less) went away; nothing more can be said, nothing is wrong.
                os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
                raise typer.Exit(EXIT_OK) from None
            raise typer.Exit(code or EXIT_OK)

        return run

    def fail(self, key: str, **values: object) -> CommandError:
        """Return the error (wrong use, exit 2) that says message `key`."""
        return CommandError(self.say(key, **values))


def make_shell(lang: str | None, debug: bool) -> Shell:
    """Return a shell for this process; `lang` None takes the language of the locale, else English.

    Brackets and colons in what is printed are never markup or emoji: names and paths come from outside.
    """
    width = None if os.isatty(1) else 120
    return Shell(
        lang=cast(Lang, lang) if lang else locale_language(os.environ),
        debug=debug,
        out=Console(highlight=False, markup=False, emoji=False, soft_wrap=False, width=width),
        err=Console(stderr=True, highlight=False, markup=False, emoji=False),
    )


def program_name(started_as: str) -> str:
    """Return what a user has to type to run this program again; `started_as` is its sys.argv[0]."""
    on_path = shutil.which(PROGRAM)
    script = Path(started_as)
    if script.name != PROGRAM or not script.exists() or (on_path and script.samefile(on_path)):
        return PROGRAM
    return quote(started_as)


def locale_language(environ: Mapping[str, str]) -> Lang:
    """Return zh when the locale's message language is Chinese, else en."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if environ.get(name):
            return "zh" if environ[name].lower().startswith("zh") else "en"
    return "en"


@cache
def _messages() -> dict[str, dict[str, str]]:
    text = resources.files("output.cli").joinpath("messages.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def message(key: str, lang: Lang, **values: object) -> str:
    """Return message `key` in `lang` with `values` filled in."""
    return _messages()[key][lang].format(**values)
