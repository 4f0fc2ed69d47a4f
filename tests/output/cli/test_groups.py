"""Only what a command needs is imported, and the list of commands by module is the truth."""

import subprocess
import sys
from pathlib import Path

import pytest

from output.cli.app import COMMAND_GROUPS, build_app
from output.cli.shell import make_shell

PAGE = next(Path("fixtures/pages/text-padded-2024").glob("input.*")).resolve()
HEAVY = {"pandas", "pyarrow", "httpx", "pypinyin", "fontTools", "fixtures", "scraper.crawl"}
PROGRAM = """
import sys
from output.cli import main
try:
    main(sys.argv[1:])
finally:
    print(*sorted(set(sys.modules) & {modules!r}), file=sys.stderr)
"""


@pytest.mark.parametrize("group", COMMAND_GROUPS)
def test_a_group_registers_the_commands_it_is_listed_with(group: str) -> None:
    app = build_app(make_shell("en", False), COMMAND_GROUPS[group][0])
    commands = {command.name for command in app.registered_commands}
    assert commands | {typer.name for typer in app.registered_groups} == set(COMMAND_GROUPS[group])


def test_all_commands_are_there_where_none_is_named() -> None:
    app = build_app(make_shell("en", False), "--help")
    registered = len(app.registered_commands) + len(app.registered_groups)
    assert registered == sum(map(len, COMMAND_GROUPS.values()))


def test_parsing_waits_for_no_library_it_does_not_need() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(modules=HEAVY), "parse", str(PAGE), "--format", "json"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in (0, 3), done.stderr
    assert '"facts"' in done.stdout
    assert done.stderr.splitlines()[-1] == ""
