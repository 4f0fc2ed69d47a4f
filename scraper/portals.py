"""The portals file: who publishes and where, checked before anything is fetched."""

import re
import tomllib
from datetime import date
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from scraper.errors import PortalsFileError, Problem
from scraper.families import FAMILIES

AUTO = "auto"
"""The family that is recognised from the page."""
Alarm = Literal["layout", "shrink", "body", "quiet", "fetch"]
LARGEST_FILE_BYTES = 10 * 2**20

_EXPECTED = {
    "portal.id": "letters, digits, . _ - are expected, 64 at most, the first a letter or digit",
    "portal.region_code": "6, 9 or 12 digits are expected",
    "network.contact": "an e-mail or web address is expected, without spaces and brackets",
}
"""What a value should have been, for keys with a pattern."""
_HEADER = re.compile(r"^\s*(\[\[?)\s*([A-Za-z0-9_.\-\"']+)\s*\]\]?\s*(?:#.*)?$")
_ENTRY = re.compile(r"^\s*([A-Za-z0-9_\-]+|\"[^\"]*\"|'[^']*')\s*=")
_AT_LINE = re.compile(r"\(at line (\d+), column \d+\)")


def _http_url(text: str) -> str:
    """Accept an absolute http(s) address without credentials."""
    try:
        parts = urlsplit(text)
        port_is_valid = parts.port is None or parts.port > 0
    except ValueError as error:
        raise ValueError(f"not an address: {error}") from error
    if parts.scheme not in ("http", "https") or not parts.hostname or not port_is_valid:
        raise ValueError("an http:// or https:// address is expected")
    if parts.username or parts.password:
        raise ValueError("an address must not hold a user name or password")
    if re.search(r"[\s\x00-\x1f\x7f]", text):
        raise ValueError("an address must not hold white space")
    return text


def _host_and_port(text: str) -> str:
    """Accept host:port, the host a name or an address (IPv6 in brackets)."""
    host, _, port = text.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not host or not port.isdigit() or not 0 < int(port) < 65536:
        raise ValueError('host:port is expected, such as "127.0.0.1:8080"')
    if ":" in host:
        ip_address(host)
    return text


def _family(text: str) -> str:
    """Accept the name of a family, or `auto`."""
    if text not in FAMILIES and text != AUTO:
        raise ValueError(f"is none of: {', '.join([*FAMILIES, AUTO])}")
    return text


HttpUrl = Annotated[str, AfterValidator(_http_url)]


class Network(BaseModel):
    """Settings for all portals.

    `allow_private_hosts` holds host:port pairs exempt from the address check; `contact` is an address or
    page that the User-Agent names, so that a portal's operator can reach whoever runs the crawl.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)
    allow_private_hosts: list[Annotated[str, AfterValidator(_host_and_port)]] = []
    contact: Annotated[str, Field(pattern=r"^[!-'*-~]{3,100}$")] | None = None


class Silence(BaseModel):
    """An alarm the operator knows about and does not want to hear until a day has passed."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)
    alarm: Alarm
    until: date
    reason: Annotated[str, Field(min_length=3, max_length=200)]


class Tolerance(BaseModel):
    """How far the counts of a portal may stray before an alarm rings.

    `rows` and `rows_share` (of the median of five runs) may be missing from its lists; `body_share` may be
    added to its usual share of pages without text; `failed_share` of its answers may fail; `fetch` and
    `quiet` ring when they hold in `runs_in_a_row` runs (1 or 2).
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)
    rows: Annotated[int, Field(ge=0)] = 2
    rows_share: Annotated[float, Field(ge=0, le=1)] = 0.05
    body_share: Annotated[float, Field(ge=0, le=1)] = 0.10
    failed_share: Annotated[float, Field(ge=0, le=1)] = 0.20
    runs_in_a_row: Literal[1, 2] = 2


class Portal(BaseModel):
    """One site: where its lists start and how they are read."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)
    id: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.\-]{0,63}$")]
    name: Annotated[str, Field(min_length=1, max_length=200)]
    region_code: Annotated[str, Field(pattern=r"^[0-9]{6}([0-9]{3}|[0-9]{6})?$")] | None = None
    family: Annotated[str, AfterValidator(_family)] = AUTO
    start: Annotated[list[HttpUrl], Field(min_length=1)]
    delay_seconds: Annotated[float, Field(ge=0, le=3600)] = 1.0
    tls: Literal["standard", "legacy"] = "standard"
    extra_ca: str | None = None
    charset: str | None = None
    notes: str | None = None
    silence: list[Silence] = []
    tolerance: Tolerance = Tolerance()


class PortalsFile(BaseModel):
    """Everything a portals file says, with the place it came from."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)
    network: Network = Network()
    portal: Annotated[list[Portal], Field(min_length=1)]
    path: Path = Path()

    @property
    def portals(self) -> list[Portal]:
        """The portals in the order of the file."""
        return self.portal


def load_portals(path: Path | str) -> PortalsFile:
    """Read and check a portals file; raises `PortalsFileError` with all its problems, each with line and key.

    A relative `extra_ca` counts from the folder of the file.
    """
    path = Path(path)
    text = _read_text(path)
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise PortalsFileError(path, [_toml_problem(text, error)]) from error
    lines = _lines_of_keys(text)
    problems: list[Problem] = []
    loaded: PortalsFile | None = None
    if "path" in data:
        problems.append(Problem(_line(lines, ("path",)), "path", "unknown key"))
        del data["path"]
    try:
        loaded = PortalsFile.model_validate(data)
    except ValidationError as error:
        problems += [_problem(lines, entry) for entry in error.errors(include_url=False)]
    problems += _cross_problems(data, lines, path.parent)
    if problems or loaded is None:
        raise PortalsFileError(path, sorted(problems, key=lambda problem: problem.line or 0))
    resolved = [
        portal.model_copy(update={"extra_ca": str(path.parent / portal.extra_ca)})
        if portal.extra_ca
        else portal
        for portal in loaded.portal
    ]
    return loaded.model_copy(update={"path": path, "portal": resolved})


def _read_text(path: Path) -> str:
    try:
        if path.stat().st_size > LARGEST_FILE_BYTES:
            raise PortalsFileError(path, [Problem(None, None, "the file is too large to be a portals file")])
        return path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise PortalsFileError(path, [Problem(line, None, "not UTF-8 text")]) from error
    except OSError as error:
        raise PortalsFileError(path, [Problem(None, None, f"cannot be read: {error.strerror}")]) from error


def _toml_problem(text: str, error: tomllib.TOMLDecodeError) -> Problem:
    place = _AT_LINE.search(str(error))
    line = int(place.group(1)) if place else text.count("\n") + 1
    printed = text.split("\n")[line - 1] if line <= text.count("\n") + 1 else ""
    entry = _ENTRY.match(printed)
    return Problem(
        line, entry.group(1) if entry else None, f"not valid TOML: {_AT_LINE.sub('', str(error)).strip()}"
    )


def _lines_of_keys(text: str) -> dict[tuple[str | int, ...], int]:
    """Return the 1-based line of every table header and key, by path such as ("portal", 0, "start")."""
    lines: dict[tuple[str | int, ...], int] = {}
    counts: dict[str, int] = {}
    table: tuple[str | int, ...] = ()
    quote: str | None = None  # inside a multi-line string nothing is a key
    for number, line in enumerate(text.split("\n"), start=1):
        if quote is None:
            if header := _HEADER.match(line):
                name = header.group(2).strip("\"'")
                table = (name,)
                if header.group(1) == "[[":
                    table = (name, counts.get(name, 0))
                    counts[name] = counts.get(name, 0) + 1
                lines.setdefault(table, number)
            elif entry := _ENTRY.match(line):
                lines.setdefault((*table, entry.group(1).strip("\"'")), number)
        for mark in ('"""', "'''"):
            if quote in (None, mark) and line.count(mark) % 2:
                quote = mark if quote is None else None
    return lines


def _line(lines: dict[tuple[str | int, ...], int], where: tuple[str | int, ...]) -> int | None:
    """Return the line of the longest known beginning of a path."""
    for length in range(len(where), 0, -1):
        if where[:length] in lines:
            return lines[where[:length]]
    return None


def _key(where: tuple[str | int, ...]) -> str:
    return ".".join(str(part) for part in where if not isinstance(part, int)) or "portal"


def _message(entry: Any, key: str) -> str:
    """Return what is wrong in words of the file, not of the library that found it."""
    match entry["type"]:
        case "extra_forbidden":
            return "unknown key"
        case "string_pattern_mismatch":
            return _EXPECTED.get(key, str(entry["msg"]))
        case "model_type" | "model_attributes_type" | "dict_type":
            return "a table is expected"
        case "string_type":
            return "text in quotation marks is expected"
        case "list_type":
            return "a list in [ ] is expected"
        case "too_short":
            return "at least one is needed"
        case "missing":
            return "missing"
        case _:
            return str(entry["msg"]).removeprefix("Value error, ")


def _problem(lines: dict[tuple[str | int, ...], int], entry: Any) -> Problem:
    where = tuple(
        part for part in entry["loc"] if not str(part).startswith(("literal", "constrained", "function"))
    )
    if where and where[-1] == "str" and len(where) > 1:
        where = where[:-1]
    key = _key(where)
    return Problem(_line(lines, where) or 1, key, _message(entry, key))


def _cross_problems(
    data: dict[str, Any], lines: dict[tuple[str | int, ...], int], folder: Path
) -> list[Problem]:
    """Return what no single field shows: an id used twice, a file or charset that does not exist."""
    problems = []
    seen: dict[str, int] = {}
    entries = data.get("portal")
    for index, portal in enumerate(entries if isinstance(entries, list) else []):
        if not isinstance(portal, dict):
            continue
        identifier = portal.get("id")
        if isinstance(identifier, str):
            line = _line(lines, ("portal", index, "id"))
            if identifier.casefold() in seen:
                first = seen[identifier.casefold()]
                problems.append(Problem(line, "portal.id", f'"{identifier}" is used before, in line {first}'))
            seen.setdefault(identifier.casefold(), line or 1)
        problems += _field_problems(portal, index, lines, folder)
    return problems


def _field_problems(
    portal: dict[str, Any], index: int, lines: dict[tuple[str | int, ...], int], folder: Path
) -> list[Problem]:
    problems = []
    extra_ca, charset = portal.get("extra_ca"), portal.get("charset")
    if isinstance(extra_ca, str) and not (folder / extra_ca).is_file():
        line = _line(lines, ("portal", index, "extra_ca"))
        problems.append(Problem(line, "portal.extra_ca", f"no such file: {folder / extra_ca}"))
    if isinstance(charset, str):
        try:
            "".encode(charset)
        except (LookupError, ValueError):
            line = _line(lines, ("portal", index, "charset"))
            problems.append(Problem(line, "portal.charset", f'unknown charset "{charset}"'))
    return problems
