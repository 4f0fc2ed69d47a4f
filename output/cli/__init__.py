"""The `gongkai` command."""

from output.cli.app import main

__all__ = ["main"]
