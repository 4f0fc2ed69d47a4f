"""Assembles the commands and makes sure that every way of ending has its exit code."""

import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module, metadata
from types import TracebackType
from typing import Any

import typer
from typer.main import get_command

from output.cli.error_words import usage_text
from output.cli.shell import (
    EXIT_BUG,
    EXIT_OK,
    EXIT_WRONG_USE,
    PROGRAM,
    CommandError,
    Shell,
    locale_language,
    make_shell,
    message,
)
from output.terminal import printable

_USAGE_ERROR: Any = typer.BadParameter.__base__
"""The option parser's error for a command line; which package it is from differs between versions."""
COMMAND_GROUPS: dict[str, tuple[str, ...]] = {
    "demo": ("demo",),
    "inputs": ("parse", "check"),
    "crawling": ("crawl", "build", "run", "status", "portals"),
    "reading": ("compare", "explain", "export"),
    "explorer": ("serve", "site"),
}
"""Module of this package -> its commands: only the module of the command asked for is imported."""


def build_app(shell: Shell, command: str | None = None) -> typer.Typer:
    """Return the command with its help in the shell's language; `command` says which one will be used."""
    app = typer.Typer(
        name="gongkai",
        help=shell.say("help_app"),
        epilog=shell.example("gongkai demo"),
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )

    @app.callback()
    def options(
        lang: str | None = typer.Option(None, "--lang", metavar="zh|en", help=shell.say("help_lang")),
        debug: bool = typer.Option(False, "--debug", help=shell.say("help_debug")),
        version: bool = typer.Option(
            False, "--version", help=shell.say("help_version"), is_eager=True, callback=_print_version
        ),
    ) -> None:
        # --lang and --debug may stand anywhere on the line and are taken off it before this is reached.
        pass

    wanted = [group for group, commands in COMMAND_GROUPS.items() if command in commands]
    for group in wanted or COMMAND_GROUPS:
        import_module(f"output.cli.{group}").register(app, shell)
    return app


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"gongkai {metadata.version('gongkai')}")
        raise typer.Exit


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and leave with an exit code of the contract."""
    try:
        rest, lang, debug = take_common_options(list(sys.argv[1:] if arguments is None else arguments))
    except CommandError as error:
        print(error, file=sys.stderr)
        sys.exit(EXIT_WRONG_USE)
    shell = make_shell(lang, debug)
    if not debug:
        sys.excepthook = _short_report(shell)
    # Not app(): that would put a hook of its own in place of the short report.
    _start(shell, get_command(build_app(shell, rest[0] if rest else None)), rest)


def _start(shell: Shell, command: Any, rest: list[str]) -> None:
    """Run a command line; what the option parser has against it is said in Chinese too."""
    if shell.lang == "en":
        command.main(rest, prog_name=PROGRAM)
        return
    try:
        sys.exit(command.main(rest, prog_name=PROGRAM, standalone_mode=False) or EXIT_OK)
    except _USAGE_ERROR as error:
        if type(error).__name__ != "NoArgsIsHelpError":  # that one has shown the help
            _say_usage(shell, error)
        sys.exit(error.exit_code)


def _say_usage(shell: Shell, error: Any) -> None:
    if error.ctx is not None:
        shell.remark(shell.say("usage", usage=error.ctx.get_usage().partition(": ")[2]))
        shell.remark(shell.say("usage_help", command=error.ctx.command_path), "dim")
    shell.remark(usage_text(error.format_message()), "red")


def _short_report(
    shell: Shell,
) -> Callable[[type[BaseException], BaseException, TracebackType | None], None]:
    """Return an exception hook that says one line; Python itself then ends with exit code 1."""
    assert EXIT_BUG == 1

    def report(kind: type[BaseException], error: BaseException, _trace: TracebackType | None) -> None:
        shell.remark(shell.say("bug", error=printable(f"{kind.__name__}: {error}", 500)), "red")

    return report


def take_common_options(arguments: list[str]) -> tuple[list[str], str | None, bool]:
    """Split --lang and --debug, wherever they stand, from the rest of the line."""
    rest: list[str] = []
    lang: str | None = None
    debug = False
    remaining = iter(arguments)
    for argument in remaining:
        if argument == "--":
            rest += [argument, *remaining]
        elif argument == "--debug":
            debug = True
        elif argument == "--lang" or argument.startswith("--lang="):
            lang = argument.partition("=")[2] if "=" in argument else next(remaining, "")
            if lang not in ("zh", "en"):
                raise CommandError(message("bad_lang", locale_language(os.environ), given=printable(lang)))
        else:
            rest.append(argument)
    return rest, lang, debug
