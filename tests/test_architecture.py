"""The shape of the code: imports go one way, no cycles, no drawers, one broad except."""

import ast
import importlib
import re
import sys
import tomllib
from collections.abc import Container
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("parsers", "scraper", "output")
ALLOWED = {
    "parsers": {"parsers"},
    "scraper": {"parsers", "scraper"},
    "output": {"parsers", "scraper", "output", "fixtures"},
}
DISTRIBUTIONS = {
    "bs4": "beautifulsoup4",
    "charset_normalizer": "charset-normalizer",
    "fontTools": "fonttools",
    "pypdfium2_raw": "pypdfium2",
}
"""Import name -> distribution, where they differ."""
# The one place where an unexpected failure of the parser becomes a recorded outcome.
BROAD_EXCEPT = {"parsers/report.py": 1}


def modules() -> dict[str, Path]:
    found = {}
    for package in (*PACKAGES, "fixtures/farm"):
        for path in sorted((ROOT / package).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imports(path: Path, known: Container[str] = ()) -> set[str]:
    """Return the modules a file imports anywhere; `from package import module` counts as the module alone."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: relative import"
            inner = {f"{node.module}.{alias.name}" for alias in node.names}
            modules_of = {name for name in inner if name in known}
            found |= modules_of if modules_of == inner else {*modules_of, node.module or ""}
    return found


def test_there_is_something_to_test() -> None:
    assert {"parsers.report", "scraper.crawl", "output.cli", "fixtures.farm"} <= set(modules())


@pytest.mark.parametrize("package", PACKAGES)
def test_imports_go_one_way(package: str) -> None:
    ours = {*PACKAGES, "fixtures", "tests", "benchmarks"}
    for name, path in modules().items():
        if name.split(".")[0] == package:
            tops = {imported.split(".")[0] for imported in imports(path)} & ours
            assert tops <= ALLOWED[package], f"{path} imports {tops - ALLOWED[package]}"


def test_only_the_demo_knows_the_farm() -> None:
    users = [
        n
        for n, p in modules().items()
        if n.split(".")[0] == "output" and any(i.startswith("fixtures") for i in imports(p))
    ]
    assert users == ["output.demo"]


def test_no_import_cycles() -> None:
    known = modules()
    graph = {
        name: {i for i in imports(path, known) if i in known and i != name} for name, path in known.items()
    }
    # Only edges between different files that come back are cycles; an __init__ may gather its modules.
    done: set[str] = set()

    def visit(name: str, trail: tuple[str, ...]) -> None:
        assert name not in trail, "import cycle: " + " -> ".join((*trail[trail.index(name) :], name))
        if name in done:
            return
        for target in sorted(graph[name]):
            visit(target, (*trail, name))
        done.add(name)

    for name in sorted(graph):
        visit(name, ())


def test_every_library_used_is_declared() -> None:
    """What the packages import outside the standard library stands in the dependencies, and no more."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = [*project["dependencies"], *project["optional-dependencies"]["documents"]]
    declared = {re.split(r"[<>=!~\[; ]", line)[0].lower() for line in lines}
    ours = {*PACKAGES, "fixtures", "tests"}
    used = {imported.split(".")[0] for path in modules().values() for imported in imports(path)}
    outside = {name for name in used if name and name not in sys.stdlib_module_names and name not in ours}
    assert {DISTRIBUTIONS.get(name, name) for name in outside} == declared


def test_no_drawers() -> None:
    for name in modules():
        assert not {"utils", "util", "common", "helpers", "misc"} & set(name.split(".")), name


def test_one_broad_except() -> None:
    """Handlers that undo and raise again swallow nothing and are not counted."""
    found: dict[str, int] = {}
    for path in modules().values():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ExceptHandler) and is_broad(node) and not raises_again(node):
                key = path.relative_to(ROOT).as_posix()
                found[key] = found.get(key, 0) + 1
    assert found == BROAD_EXCEPT


def is_broad(node: ast.ExceptHandler) -> bool:
    return node.type is None or ast.unparse(node.type) in {"Exception", "BaseException"}


def raises_again(node: ast.ExceptHandler) -> bool:
    last = node.body[-1]
    return isinstance(last, ast.Raise) and last.exc is None


def test_the_code_names_no_chinese_label_of_the_forms() -> None:
    """Labels are data: a label of a form inside parsers' code would be a second place to maintain."""
    labels = ("规章", "行政许可", "行政处罚", "本年制发件数", "自然人", "结果维持", "新收政府信息")
    for name, path in modules().items():
        if name.split(".")[0] != "parsers":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Constant)
                and isinstance(node.value, str)
                and not _is_docstring(node, path)
            ):
                assert not any(node.value == label for label in labels), f"{path}:{node.lineno}: {node.value}"


def _is_docstring(node: ast.Constant, path: Path) -> bool:
    return "\n" in str(node.value)


@pytest.mark.parametrize("path", sorted((ROOT / "benchmarks").glob("*.py")), ids=lambda path: path.stem)
def test_benchmarks_can_be_started(path: Path) -> None:
    """What they need of the packages is still there; what they measure is for whoever runs them."""
    importlib.import_module(f"benchmarks.{path.stem}")
