"""What can go wrong on the way to an answer, as outcome and detail."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import httpcore
import httpx

from scraper.guard import RefusedAddressError, TooLargeError, UnknownHostError

_CERTIFICATE_WORDS: Final = {
    2: "unknown_root", 18: "self_signed", 19: "unknown_root", 20: "unknown_root", 21: "unknown_root",
    9: "not_yet_valid", 10: "expired", 62: "hostname", 64: "hostname",
}  # fmt: skip
"""By OpenSSL's number: who signed is not known here (or an intermediate is missing), when, for whom."""
_PROTOCOL_WORDS: Final = ("VERSION", "PROTOCOL", "NO_CIPHERS", "HANDSHAKE_FAILURE", "NO_SHARED_CIPHER")


@contextmanager
def failures() -> Iterator[list[tuple[str, str]]]:
    """Turn what can go wrong on the way into (outcome, detail)."""
    caught: list[tuple[str, str]] = []
    try:
        yield caught
    except RefusedAddressError as error:
        caught.append(("refused_address", str(error)))
    except (httpx.InvalidURL, httpx.UnsupportedProtocol, UnicodeError, httpcore.UnsupportedProtocol) as error:
        caught.append(("refused_address", f"not an http address: {error}"))
    except UnknownHostError as error:
        caught.append(("dns_error", str(error)))
    except TooLargeError as error:
        caught.append(("too_large", str(error)))
    except (httpcore.TimeoutException, httpx.TimeoutException) as error:
        caught.append(("timeout", _timeout_word(error)))
    except (
        httpcore.ConnectError,
        httpcore.NetworkError,
        httpcore.ProtocolError,
        httpx.TransportError,
    ) as error:
        caught.append(_transport_failure(error))


def _timeout_word(error: Exception) -> str:
    if "total" in str(error):
        return "total"
    return "connect" if "Connect" in type(error).__name__ else "read"


def _transport_failure(error: Exception) -> tuple[str, str]:
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, ssl.SSLError):
        cause = cause.__cause__ or cause.__context__
    if cause is None:
        text = str(error)
        if isinstance(error, httpcore.ProtocolError | httpx.ProtocolError):
            return (
                "connection_error",
                "short_body" if "without sending complete" in text else f"protocol: {text}",
            )
        refused = isinstance(error, httpcore.ConnectError) and "refused" in text
        return ("connection_error", "refused" if refused else text or type(error).__name__)
    if isinstance(cause, ssl.SSLCertVerificationError):
        return ("tls_error", _CERTIFICATE_WORDS.get(cause.verify_code, f"other: {cause.verify_message}"))
    reason = cause.reason or ""
    if "LEGACY_RENEGOTIATION" in reason:
        return ("tls_error", "renegotiation")
    if any(word in reason for word in _PROTOCOL_WORDS):
        return ("tls_error", "protocol")
    if isinstance(cause, ssl.SSLEOFError | ssl.SSLZeroReturnError) or not reason:
        return ("tls_error", "other: connection closed during the handshake")
    return ("tls_error", f"other: {reason}")
