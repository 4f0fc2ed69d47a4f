"""`gongkai check`: findings only, of files on disk or of a dataset."""

import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from rich.text import Text

from output.cli.shell import EXIT_OK, EXIT_SOME_FAILED, Shell
from output.dataset import open_table
from output.report_json import finding_as_json
from output.terminal import printable
from parsers.records import Report

SEVERITY_STYLE = {"error": "bold red", "warning": "yellow", "info": "cyan"}
