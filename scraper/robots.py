"""robots.txt as RFC 9309 has it: 4xx allows everything, 5xx and silence forbid everything."""

from typing import NamedTuple

from protego import Protego

from scraper.outcomes import Verdict

PRODUCT = "gongkai"
LARGEST_BYTES = 500 * 1024
MAX_AGE_SECONDS = 24 * 3600
_OWN_WORDS = frozenset(
    {"dns_error", "tls_error", "timeout", "connection_error", "refused_address", "js_challenge",
     "cookie_bounce", "bad_body", "rate_limited", "maintenance"}
)  # fmt: skip


class Robots(NamedTuple):
    """Rules of one origin; `denial` is set where nothing may be fetched at all."""

    rules: Protego | None
    denial: Verdict | None = None

    def verdict(self, url: str) -> Verdict | None:
        """Return why an address must not be fetched, None when it may."""
        if self.denial is not None:
            return self.denial
        if self.rules is None or self.rules.can_fetch(url, PRODUCT):
            return None
        return Verdict("robots_denied", "disallow")

    @property
    def delay(self) -> float:
        """The gap the host asks for, in seconds."""
        delay = self.rules.crawl_delay(PRODUCT) if self.rules is not None else None
        return float(delay or 0)


def parse_robots(text: str) -> Robots:
    """Read rules; lines that are none (an HTML page, say) are ignored."""
    return Robots(Protego.parse(text))


def robots_text(body: bytes) -> str:
    """Return the part of a robots.txt that counts, as text."""
    return body[:LARGEST_BYTES].decode("utf-8-sig", errors="replace")


def robots_from(outcome: str, detail: str | None, status: int, body: bytes) -> tuple[Robots, str | None]:
    """Return the rules an answer stands for, and the text to keep, None when the answer must not be kept.

    A host that cannot be reached or answers with a challenge keeps its own word (timeout, tls_error,
    js_challenge …), so that the cause is seen.
    """
    if outcome in _OWN_WORDS:
        return Robots(None, Verdict(outcome, detail)), None
    if status >= 500:
        return Robots(None, Verdict("robots_denied", f"robots.txt unreachable: {detail}")), None
    if status == 200 and outcome in ("ok", "too_large"):
        text = robots_text(body)
        return parse_robots(text), text
    return parse_robots(""), ""
