"""Serves the explorer to this machine: one thread per request, no further dependency."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from output.errors import OutputError
from output.explorer.app import Application
from output.measures import Lang

DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 8420
_LOOPBACK = ("127.0.0.1", "localhost")


class PortInUseError(OutputError):
    """Raised when the port cannot be listened on."""


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _QuietHandler(WSGIRequestHandler):
    timeout = 30

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: what is looked at is nobody's business, and stdout is for results."""


@contextmanager
def server(
    data_dir: Path, *, host: str = DEFAULT_HOST, port: int = DEFAULT_PORT, lang: Lang = "en"
) -> Iterator[tuple[str, Callable[[], None]]]:
    """Give the address and the function that serves until it is interrupted; port 0 takes a free one.

    Raises PortInUseError, NoDatasetError.
    """
    application = Application(data_dir, own_names_only=host in _LOOPBACK, lang=lang)
    try:
        running = _Server((host, port), _QuietHandler)
    except OSError as problem:
        raise PortInUseError(f"cannot listen on {host}:{port}: {problem.strerror or problem}") from problem
    with running:
        running.set_app(application)
        yield f"http://{host}:{running.server_port}/", running.serve_forever
