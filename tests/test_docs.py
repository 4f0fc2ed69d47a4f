"""README and --help cannot drift: their commands are run, every command is documented with an example."""

import re
import shlex
from pathlib import Path

import pytest

from tests.conftest import Run

ROOT = Path(__file__).parent.parent
COMMANDS = (
    "demo",
    "parse",
    "check",
    "crawl",
    "build",
    "run",
    "status",
    "compare",
    "explain",
    "serve",
    "site",
    "export",
    "portals list",
    "portals check",
)


def shell_blocks(text: str, kind: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def readme() -> str:
    return (ROOT / "README.md").read_text(encoding="utf-8")


def test_readme_begins_with_the_two_commands() -> None:
    first_screen = "\n".join(readme().splitlines()[:40])
    (demo,) = shell_blocks(first_screen, "sh demo")
    (test,) = shell_blocks(first_screen, "sh test")
    assert demo.strip().endswith("gongkai demo")
    assert "pytest" in test
    assert "facts.parquet" in first_screen


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_command_has_help_with_an_example(gongkai: Run, command: str, lang: str) -> None:
    done = gongkai(*command.split(), "--help", "--lang", lang)
    assert done.returncode == 0
    assert f"gongkai {command}" in done.stdout.split("Example" if lang == "en" else "示例")[1]


def test_every_command_is_in_the_readme_or_the_manual(gongkai: Run) -> None:
    text = readme() + "".join(path.read_text(encoding="utf-8") for path in (ROOT / "docs").rglob("*.md"))
    listed = re.findall(r"^│ (\w+)  ", gongkai("--help").stdout, re.MULTILINE)
    assert {command.split()[0] for command in COMMANDS} <= set(listed)
    for command in listed:
        assert f"gongkai {command}" in text, command


def examples(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip().startswith("gongkai ")]


def test_the_readmes_examples_run(gongkai: Run, demo: Path) -> None:
    commands = [c for block in shell_blocks(readme(), "sh") for c in examples(block)]
    assert commands
    for command in commands:
        done = gongkai(*shlex.split(command, comments=True)[1:], cwd=demo.parent)
        assert done.returncode == 0, (command, done.stderr)


@pytest.mark.parametrize("command", ["check", "compare", "status", "build"])
def test_the_helps_examples_run(gongkai: Run, demo: Path, command: str, tmp_path: Path) -> None:
    shown = gongkai(command, "--help").stdout
    runnable = [e for e in examples(shown) if "gongkai-demo" in e]
    for example in runnable:
        done = gongkai(*shlex.split(example)[1:], cwd=demo.parent)
        assert done.returncode == 0, (example, done.stderr)


def test_links_between_pages_lead_somewhere() -> None:
    for page in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page}: {target}"


def test_nothing_names_the_workshop() -> None:
    """No path of a builder's machine, no registry host."""
    forbidden = re.compile(r"/work/|/root/|\.\./shared|pypi\.org|files\.pythonhosted|registry\.npmjs")
    suffixes = {".py", ".md", ".toml", ".csv", ".txt", ".html", ".sql", ""}
    for path in ROOT.rglob("*"):
        parts = set(path.relative_to(ROOT).parts)
        if (
            path.is_file()
            and path.suffix in suffixes
            and not parts
            & {".git", ".venv", "__pycache__", ".mypy_cache", ".ruff_cache", ".hypothesis", ".pytest_cache"}
        ):
            if path == Path(__file__):
                continue
            text = path.read_text(encoding="utf-8", errors="replace")
            assert not forbidden.search(text), f"{path}: {forbidden.search(text)}"
