"""The commands that show a dataset in a browser: `serve` and `site`."""

from pathlib import Path
from typing import cast

import typer
from rich.text import Text

from output.cli.crawling import existing_folder
from output.cli.progress import site_progress
from output.cli.shell import EXIT_INTERRUPTED, EXIT_OK, Lang, Shell
from output.explorer.index import ensure_index
from output.explorer.server import DEFAULT_HOST, DEFAULT_PORT, server
from output.explorer.site import SiteFolderInUseError, write_site
from output.explorer.words import LANGUAGES
from output.terminal import printable


def register(app: typer.Typer, shell: Shell) -> None:
    """Add the commands of this module to the application."""
    _register_serve(app, shell)
    _register_site(app, shell)


def _register_serve(app: typer.Typer, shell: Shell) -> None:
    @app.command(
        "serve", help=shell.say("help_serve"), epilog=shell.example("gongkai serve --data gongkai-demo")
    )
    @shell.command
    def serve_command(
        data: Path = typer.Option(..., "--data", metavar="DIR", help=shell.say("help_data")),
        port: int = typer.Option(DEFAULT_PORT, "--port", min=0, max=65535, help=shell.say("help_port")),
        host: str = typer.Option(DEFAULT_HOST, "--host", help=shell.say("help_host")),
    ) -> int:
        folder = existing_folder(shell, data)
        _index(shell, folder)
        with server(folder, host=host, port=port, lang=shell.lang) as (address, serve):
            try:
                shell.out.print(Text(shell.say("serving", address=address)), soft_wrap=True)
                serve()
            except KeyboardInterrupt:  # the way it is meant to end, and Ctrl-C is 130 in every command
                shell.remark(shell.say("serving_ended"), "dim")
                return EXIT_INTERRUPTED
        return EXIT_OK


def _register_site(app: typer.Typer, shell: Shell) -> None:
    example = shell.example("gongkai site --data gongkai-demo -o gongkai-site")

    @app.command("site", help=shell.say("help_site"), epilog=example)
    @shell.command
    def site_command(
        data: Path = typer.Option(..., "--data", metavar="DIR", help=shell.say("help_data")),
        output: Path = typer.Option(
            ..., "-o", "--output", metavar="FOLDER", help=shell.say("help_site_folder")
        ),
        languages: str = typer.Option(
            ",".join(LANGUAGES), "--languages", help=shell.say("help_site_languages")
        ),
    ) -> int:
        folder = existing_folder(shell, data)
        _index(shell, folder)
        try:
            with site_progress(shell) as progress:
                written = write_site(folder, output, _languages(shell, languages), progress=progress)
        except SiteFolderInUseError as error:
            raise shell.fail("site_folder_in_use", folder=printable(str(error.folder))) from None
        size = f"{written.bytes / 1e6:.1f}"
        shell.out.print(
            Text(shell.say("site_written", folder=printable(str(output)), pages=written.pages, size=size)),
            soft_wrap=True,
        )
        return EXIT_OK


def _index(shell: Shell, folder: Path) -> None:
    ensure_index(folder, lambda stage: shell.remark(shell.say("indexing", stage=stage), "dim"))


def _languages(shell: Shell, text: str) -> tuple[Lang, ...]:
    names = tuple(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))
    if not names or not set(names) <= set(LANGUAGES):
        raise shell.fail("bad_languages", given=printable(text))
    return cast(tuple[Lang, ...], names)
