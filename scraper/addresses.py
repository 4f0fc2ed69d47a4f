"""Addresses: what is asked for, and the key under which two addresses are one."""

import re
from functools import lru_cache
from urllib.parse import parse_qsl, quote, unquote, urlencode, urljoin, urlsplit, urlunsplit

_BLANKS = re.compile(r"[\x00-\x20\x7f]+")
_DEFAULT_PORTS = {"http": 80, "https": 443}
_TRACKING = re.compile(r"^(?:utm_\w+|spm|from|_|jsessionid|timestamp|tdsourcetag)$", re.IGNORECASE)
_SESSION = re.compile(r";jsessionid=[^/?#]*", re.IGNORECASE)
_NO_ADDRESS = re.compile(r"(?:javascript|mailto|tel|data|about):", re.IGNORECASE)
_TWIN = re.compile(r"^(?:www|m|wap)\.")  # the same site for browsers with and without a keyboard
_SHARED = frozenset({"ac", "com", "edu", "gov", "net", "org"})  # what many owners share below .cn
_KEPT = "/%:@!$&'()*+,;=-._~"
_FILE = re.compile(r"\.(pdf|docx?|xlsx?|rtf|zip|rar|wps|et|ofd|7z)$", re.IGNORECASE)


def resolve_link(base: str, link: str) -> str | None:
    """Return a link as an absolute http(s) address without fragment; None when it is none.

    A line may break inside a link, with what indents the next one; other blanks inside it belong to it.
    """
    text = link.strip()
    if "\n" in text or "\t" in text or "\r" in text:
        text = _BLANKS.sub(_without_breaks, text)
    if not text or text.startswith("#") or _NO_ADDRESS.match(text):
        return None
    if not text.isascii():
        text = text.encode("utf-8", "replace").decode()
    # Menus are the same on every page of a folder; only a bare query or parameter needs the page's own name.
    return _resolved(base if text[0] in "?;" else _folder_address(base), text)


def _without_breaks(blanks: re.Match[str]) -> str:
    return "" if set(blanks.group()) & set("\t\r\n") else blanks.group()


@lru_cache(maxsize=1024)
def _folder_address(url: str) -> str:
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc, parts.path.rpartition("/")[0] + "/", "", ""))


@lru_cache(maxsize=4096)
def _resolved(base: str, text: str) -> str | None:
    try:
        parts = urlsplit(urljoin(base, text))
        if parts.scheme not in ("http", "https") or not parts.hostname:
            return None
        port = parts.port
    except ValueError:
        return None
    host = parts.hostname if ":" not in parts.hostname else f"[{parts.hostname}]"
    netloc = host if port in (None, _DEFAULT_PORTS[parts.scheme]) else f"{host}:{port}"
    path = quote(_SESSION.sub("", parts.path) or "/", safe=_KEPT)
    return urlunsplit((parts.scheme, netloc, path, quote(parts.query, safe=_KEPT + "?[]"), ""))


@lru_cache(maxsize=1024)
def address_key(url: str) -> str:
    """Return the form that is compared, without scheme, www, default port and tracking parameters.

    What is no address (a link of a row that is skipped for it) is its own key.
    """
    try:
        parts, site = urlsplit(url), site_of(url)
    except ValueError:
        return url
    query = [(k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True) if not _TRACKING.match(k)]
    return f"{site}{unquote(parts.path) or '/'}" + (f"?{urlencode(query)}" if query else "")


@lru_cache(maxsize=1024)
def site_of(url: str) -> str:
    """Return host and port without www, m and default ports: two addresses of one site have the same."""
    parts = urlsplit(url)
    host = _TWIN.sub("", parts.hostname or "")
    return host if parts.port in (None, 80, 443) else f"{host}:{parts.port}"


def domain_of(url: str) -> str:
    """Return what one owner has of a host name: its last two parts, three below gov.cn and the like."""
    host = urlsplit(url).hostname or ""
    labels = host.split(".")
    if labels[-1].isdigit() or ":" in host:
        return host
    is_shared = labels[-1] == "cn" and len(labels) > 1 and labels[-2] in _SHARED
    return ".".join(labels[-3:] if is_shared else labels[-2:])


@lru_cache(maxsize=1024)
def host_of(url: str) -> str:
    """Return host:port, the unit of politeness; the port is always named."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    host = f"[{host}]" if ":" in host else host
    return f"{host}:{parts.port or _DEFAULT_PORTS.get(parts.scheme, 0)}"


@lru_cache(maxsize=1024)
def origin_of(url: str) -> str:
    """Return scheme://host:port, the unit of robots.txt."""
    return f"{urlsplit(url).scheme}://{host_of(url)}"


def folder_of(url: str) -> str:
    """Return the path of an address up to its last slash."""
    return urlsplit(url).path.rpartition("/")[0] + "/"


def on_site_of(url: str, own: str) -> str:
    """Return the address of the same path and query on the host of another address."""
    parts, host = urlsplit(url), urlsplit(own)
    return urlunsplit((host.scheme, host.netloc, parts.path, parts.query, ""))


def is_file(url: str) -> bool:
    """Return whether an address names a document file by its ending."""
    return bool(_FILE.search(urlsplit(url).path))


def is_home(url: str) -> bool:
    """Return whether an address is the root or an index page of the root."""
    parts = urlsplit(url)
    return not parts.query and bool(re.fullmatch(r"/?(?:(?:index|default|home)\.\w{2,5})?", parts.path))
