"""Build `parsers/data/regions.csv` from the data files of three published packages.

Usage, with the unpacked wheels of GB2260 0.4.1, cpca 0.5.5 and jionlp 1.5.31 in one folder:

    python -m pip download --no-deps -d wheels GB2260==0.4.1 cpca==0.5.5 jionlp==1.5.31
    for wheel in wheels/*.whl; do unzip -qo "$wheel" -d unpacked; done
    python tools/build_regions.py unpacked parsers/data/regions.csv

It needs pypinyin (0.55 was used) for the spellings of names in addresses.

A state of the code list is taken from each source; a code lives from the first state that has it to the last.
Where the states are years apart, the dated list of changes narrows the limits; others are marked with ~.
"""

import ast
import csv
import io
import re
import sys
import zipfile
from itertools import product
from pathlib import Path
from typing import NamedTuple, TypeAlias

from pypinyin import Style, pinyin

State: TypeAlias = dict[str, str]
"""Code -> name."""

# Years at whose end the undated sources hold: GB2260's latest set still has districts merged in 2015; cpca
# has a city made in January 2016 and none made in 2017; jionlp has districts of April 2021 and none of 2023.
_GB2260_LATEST, _CPCA, _JIONLP = 2014, 2016, 2022
_MOST_READINGS = 24
_SOURCES = {_GB2260_LATEST: "GB2260", _CPCA: "cpca", _JIONLP: "jionlp"}
# Moves the list of changes does not date. 莱芜市 became part of 济南市 in January 2019.
_KNOWN_STARTS = {"370116": 2019, "370117": 2019}
_KNOWN_ENDS = {"371200": 2018, "371202": 2018, "371203": 2018}
_PLACEHOLDERS = re.compile(r"^(?:市辖区|县|市|省直辖.*|自治区直辖.*|市直辖.*|.*直辖县级行政.*)$")
_ZONE_CODE = re.compile(r"^\d{4}7\d$")
_PEOPLE = re.compile(
    "(?:"
    "柯尔克孜族|维吾尔族|哈萨克族|达斡尔族|塔吉克族|鄂温克族|鄂伦春族|柯尔克孜|蒙古族|布依族|朝鲜族|土家族"
    "|哈尼族|傈僳族|拉祜族|东乡族|纳西族|景颇族|仫佬族|布朗族|撒拉族|毛南族|仡佬族|锡伯族"
    "|普米族|裕固族|保安族|独龙族|哈萨克|维吾尔|塔吉克|回族|藏族|苗族|彝族|壮族"
    "|满族|侗族|瑶族|白族|傣族|黎族|佤族|畲族|水族|土族|羌族|怒族"
    "|各族|蒙古|锡伯"
    ")+$"
)
_SUFFIX = re.compile(r"(?:特别行政区|自治区|自治州|自治县|自治旗|地区|林区|特区|省|市|区|县|旗|盟)$")
_KEPT = {"自治州": "州", "自治县": "县", "自治旗": "旗"}


class Row(NamedTuple):
    """One line of the file: a code under one name, with the years at whose end it was valid."""

    code: str
    name: str
    short: str
    pinyin: str
    level: str
    parent: str
    valid_from: str
    valid_to: str
    source: str


def main(folder: Path, target: Path) -> None:
    """Read the sources in `folder` and write `target`."""
    states = read_states(folder)
    starts, ends = read_changes(folder)
    rows = build(states, starts, ends)
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(Row._fields)
        writer.writerows(rows)
    sys.stdout.write(f"{len(rows)} rows\n")


def read_states(folder: Path) -> dict[int, State]:
    """Return the code lists by the year at whose end they hold."""
    states: dict[int, State] = {}
    for year, codes in _gb2260(folder).items():
        states[year] = _clean({str(code): name for code, name in codes.items()})
    with (folder / "cpca/resources/adcodes.csv").open(encoding="utf-8", newline="") as file:
        states[_CPCA] = _clean({row["adcode"][:6]: row["name"] for row in csv.DictReader(file)})
    states[_JIONLP] = _clean(_jionlp(folder))
    return dict(sorted(states.items()))


def _gb2260(folder: Path) -> dict[int, dict[int, str]]:
    module = ast.parse((folder / "gb2260/data.py").read_text(encoding="utf-8"))
    revisions = ast.literal_eval(next(node.value for node in module.body if isinstance(node, ast.Assign)))
    found = {year: codes for year, codes in revisions.items() if isinstance(year, int) and year < 10_000}
    return {**found, _GB2260_LATEST: revisions[None]}


def _jionlp(folder: Path) -> State:
    with zipfile.ZipFile(folder / "jionlp/dictionary/china_location.zip") as archive:
        text = archive.read("china_location.txt").decode("utf-8")
    state: State = {}
    for line in io.StringIO(text):
        name, *rest = line.strip().split("\t")
        if len(line) - len(line.lstrip("\t")) <= 2 and rest and rest[0] not in state:
            state[rest[0]] = name
    return state


def _clean(state: State) -> State:
    return {code: name for code, name in state.items() if not _PLACEHOLDERS.match(name) and code.isdigit()}


def read_changes(folder: Path) -> tuple[dict[tuple[str, str], int], dict[tuple[str, str], int]]:
    """Return the year in which (prefecture, county name) began and the year in which one ended."""
    starts: dict[tuple[str, str], int] = {}
    ends: dict[tuple[str, str], int] = {}
    text = (folder / "jionlp/dictionary/china_location_change.txt").read_text(encoding="utf-8")
    for line in text.splitlines():
        before, after = line.split("=>")
        day, _, _, _, *old = before.split("\t")
        new = after.split("\t")[1:]
        year = int(day[:4])
        starts.setdefault((new[0], new[-1]), year)
        if len(old) >= 3:
            ends.setdefault((old[0], old[2]), year)
    return starts, ends


def build(
    states: dict[int, State], starts: dict[tuple[str, str], int], ends: dict[tuple[str, str], int]
) -> list[Row]:
    """Return one row per run of states in which a code has a name."""
    years = list(states)
    rows: list[Row] = []
    for code in sorted({code for state in states.values() for code in state}):
        names = dict.fromkeys(states[year][code] for year in years if code in states[year])
        for name in names:
            present = [year for year in years if states[year].get(code) == name]
            rows.append(_row(code, name, present, years, states, starts, ends))
    return sorted(rows)


def _row(
    code: str,
    name: str,
    present: list[int],
    years: list[int],
    states: dict[int, State],
    starts: dict[tuple[str, str], int],
    ends: dict[tuple[str, str], int],
) -> Row:
    first, last = present[0], present[-1]
    place = (states[first].get(code[:4] + "00", ""), name)
    began, marks = _begin(code, first, years, starts.get(place))
    ended, end_mark = _end(code, last, years, ends.get((states[last].get(code[:4] + "00", ""), name)))
    source = f"{_source(first)}..{_source(last)}" if first != last else _source(first)
    return Row(
        code,
        name,
        _short(name),
        _pinyin(name),
        _level(code),
        _parent(code, states[last]),
        began,
        ended,
        source + marks + end_mark,
    )


def _begin(code: str, first: int, years: list[int], dated: int | None) -> tuple[str, str]:
    if first == years[0]:
        return "", ""
    before = years[years.index(first) - 1]
    if code in _KNOWN_STARTS:
        return str(_KNOWN_STARTS[code]), ""
    if dated and before < dated <= first:
        return str(dated), ""
    return (str(first), "") if first - before == 1 else (str((before + first + 1) // 2), " from~")


def _end(code: str, last: int, years: list[int], dated: int | None) -> tuple[str, str]:
    if code in _KNOWN_ENDS:
        return str(_KNOWN_ENDS[code]), ""
    if last == years[-1]:
        # The list of changes is ahead of its state: it knows 2023, and counties that moved to another city,
        # so to another code, which it does not give.
        return (str(dated - 1), "") if dated else ("", "")
    after = years[years.index(last) + 1]
    if dated and last < dated <= after:
        return str(dated - 1), ""
    return (str(last), "") if after - last == 1 else (str((last + after + 1) // 2 - 1), " to~")


def _source(year: int) -> str:
    return _SOURCES.get(year, f"GB2260-{year}")


def _level(code: str) -> str:
    if _ZONE_CODE.match(code):
        return "zone"
    if code.endswith("0000"):
        return "province"
    return "prefecture" if code.endswith("00") else "county"


def _parent(code: str, state: State) -> str:
    if code.endswith("0000"):
        return ""
    prefecture = code[:4] + "00"
    return prefecture if code != prefecture and prefecture in state else code[:2] + "0000"


def _short(name: str) -> str:
    """Return the short names in use, separated by |: 恩施州|恩施 for 恩施土家族苗族自治州."""
    match = _SUFFIX.search(name)
    if match is None or _ZONE_NAME.search(name):
        return ""
    stem = name[: match.start()]
    plain = _PEOPLE.sub("", stem) if match.group() in {"自治区", *_KEPT} else stem
    plain = plain if len(plain) >= 2 else stem
    plain = "内蒙古" if name == "内蒙古自治区" else plain
    kept = plain + _KEPT[match.group()] if match.group() in _KEPT else ""
    return "|".join(short for short in (kept, plain) if len(short) >= 2 and short != name)


def _pinyin(name: str) -> str:
    """Return the spellings of a name without its suffix, with every reading of its characters."""
    plain = _short(name).rpartition("|")[2] or name
    readings = [sorted(set(syllables)) for syllables in pinyin(plain, style=Style.NORMAL, heteronym=True)]
    spelled = sorted({"".join(syllables) for syllables in product(*readings)})
    return "|".join(spelled) if len(spelled) <= _MOST_READINGS else ""


_ZONE_NAME = re.compile(r"开发区|高新|工业园|产业园|示范区|管理区|新城|风景|管委会|实验区|园区")

if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
