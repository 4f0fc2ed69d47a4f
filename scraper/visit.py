"""One address, asked politely until it has an outcome: robots, turn, attempts, redirects, verdict."""

import random
from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import urlsplit, urlunsplit

from parsers.decode import DecodeError, decode
from scraper.addresses import host_of, is_home, origin_of, resolve_link, site_of
from scraper.fetch import Exchange, Fetcher
from scraper.likeness import is_same, signature
from scraper.network import Network, Step, Visit, header_charset, header_text
from scraper.outcomes import TRANSIENT, Expected, HostMemory, Verdict, classify, file_kind, is_report
from scraper.politeness import HostGate, retry_after_seconds
from scraper.portals import Portal
from scraper.robots import MAX_AGE_SECONDS, Robots, parse_robots, robots_from

MAX_HOPS = 8
MISSING_PATH = "/gongkai-no-such-page-7d1f0c.html"
FENCE_WORDS = frozenset({"waf_block", "gone", "timeout", "http_error", "connection_error"})
FENCE_REQUESTS = 5
MOST_CONNECTIONS = 6
"""Hosts a connection is held open to: pages and files of a portal may lead to any number of hosts."""
_REDIRECTS = frozenset({301, 302, 303, 307, 308})


class Visitor:
    """Visits addresses for one portal; `record` keeps visits nobody asked for (robots, home)."""

    def __init__(self, portal: Portal, network: Network, record: Callable[[Visit, str], None]) -> None:
        self._portal, self._network, self._record = portal, network, record
        self.connections: dict[str, Fetcher] = {}
        """By host, the one opened last at the end."""

    def close(self) -> None:
        """Close all connections."""
        for fetcher in self.connections.values():
            fetcher.close()
        self.connections.clear()

    def visit(
        self,
        url: str,
        expected: Expected,
        *,
        headers: dict[str, str] | None = None,
        method: str = "GET",
        content: bytes | None = None,
        etag: str | None = None,
        last_modified: str | None = None,
    ) -> Visit:
        """Ask for an address; raises `HostStoppedError` when its host is left alone for this run."""
        sent = dict(headers or {})
        if etag:
            sent["If-None-Match"] = etag
        if last_modified:
            sent["If-Modified-Since"] = last_modified
        visit = self._follow(url, expected, sent, method, content, is_conditional=bool(etag or last_modified))
        other = self._other_scheme(visit)
        if other is not None:
            again = self._follow(
                other, expected, sent, method, content, is_conditional=bool(etag or last_modified)
            )
            visit = again._replace(url=url, steps=visit.steps + again.steps)
        if visit.outcome == "ok" and expected == "page" and visit.page and not is_report(visit.page):
            visit = self._compare_with_home(visit)
        if expected in ("list", "data", "page", "file"):
            self._watch_for_fence(visit)
        return visit

    def _follow(
        self, url: str, expected: Expected, headers: dict[str, str], method: str, content: bytes | None,
        *, is_conditional: bool,
    ) -> Visit:  # fmt: skip
        steps: list[Step] = []
        current, seen = url, {url: 1}
        while True:
            denied = None if expected == "robots" else self._robots(current).verdict(current)
            if denied is not None:
                step, page = Step(current, None, denied.outcome, denied.detail, 0), ""
            else:
                step, page = self._ask(current, expected, headers, method, content, is_conditional)
            target = step.redirected_to
            if target is None:
                break
            step, follow = self._judge_redirect(step, url, expected, seen, len(steps))
            if not follow:
                break
            if step.redirected_to:  # a page that only sets a cookie and sends back to itself is no hop
                steps.append(step)
            current = target
            seen[current] = seen.get(current, 0) + 1
            method, content = (
                ("GET", None) if step.exchange and step.exchange.status == 303 else (method, content)
            )
        steps.append(step)
        body = step.exchange.body if step.exchange else b""
        return Visit(url, tuple(steps), step.outcome, step.detail, current, body, page)

    def _judge_redirect(
        self, step: Step, first: str, expected: Expected, seen: dict[str, int], hops: int
    ) -> tuple[Step, bool]:
        """Return the step as it is to be recorded and whether its redirect is followed."""
        target = step.redirected_to or ""
        sets_cookie = step.exchange is not None and step.exchange.header("set-cookie") is not None
        leads_home = is_home(target) and site_of(target) == site_of(first) and not is_home(first)
        if expected == "page" and leads_home and target != step.url:
            return step._replace(outcome="soft_404", detail="redirect_home"), False
        if seen.get(target, 0) >= (2 if sets_cookie else 1):
            word = "cookie_bounce" if sets_cookie or target == step.url else "http_error"
            return step._replace(outcome=word, detail="loop"), False
        if hops >= MAX_HOPS:
            return step._replace(outcome="http_error", detail=f"more than {MAX_HOPS} redirects"), False
        return step, True

    def _ask(
        self, url: str, expected: Expected, headers: dict[str, str], method: str, content: bytes | None,
        is_conditional: bool,
    ) -> tuple[Step, str]:  # fmt: skip
        host = host_of(url)
        gate, memory = self._network.gate(host, self._portal.delay_seconds), self._network.memory(host)
        fetcher = self._fetcher(host)
        attempts = 0
        while True:
            attempts += 1
            gate.enter()
            exchange: Exchange | None = None
            try:
                if gate.delay:  # the gap left time for it: a power cut repeats no more than this request
                    self._network.store.wait_flushed()
                exchange = fetcher(url, method=method, headers=headers, content=content)
            finally:
                gate.leave(exchange.seconds if exchange else 0.0)
            location = exchange.header("location")
            if exchange.failure is None and exchange.status in _REDIRECTS and location:
                memory.has_answered = True
                target = resolve_link(url, header_text(location))
                if target is not None:
                    return Step(url, exchange, "redirected", f"http_{exchange.status}", attempts, target), ""
                refused = Step(url, exchange, "refused_address", f"redirect to {location[:200]}", attempts)
                return refused, ""
            page = self._text(exchange)
            verdict = classify(exchange, page, expected, memory, is_conditional=is_conditional)
            if not self._again(verdict, exchange, gate, memory, expected, url, attempts):
                return Step(url, exchange, verdict.outcome, verdict.detail, attempts), page

    def _again(
        self, verdict: Verdict, exchange: Exchange, gate: HostGate, memory: HostMemory, expected: Expected,
        url: str, attempts: int,
    ) -> bool:  # fmt: skip
        """Draw the consequences of a verdict for the host; returns whether to ask once more."""
        word, detail = verdict
        waits = self._network.pace.retry_waits
        retry_after = retry_after_seconds(
            exchange.header("retry-after"), datetime.fromtimestamp(self._network.timer(), UTC)
        )
        memory.challenges = memory.challenges + 1 if (word, detail) == ("js_challenge", "rs") else 0
        if word in TRANSIENT and attempts <= len(waits):
            gate.pause(
                min(retry_after, self._network.pace.longest_retry_after)
                if retry_after is not None
                else random.uniform(*waits[attempts - 1])
            )
            return True
        if exchange.failure is not None and word not in ("too_large", "bad_body", "refused_address"):
            if not memory.has_answered:
                gate.stopped = gate.stopped or f"not reachable: {word}"
            return False
        memory.has_answered = True
        if word == "js_challenge":
            if memory.challenges >= 3:
                gate.stopped = gate.stopped or "script challenges"
            if detail == "jsl" and attempts == 1:
                gate.pause(1.0)
                return True
        if exchange.status == 429 or (
            exchange.status == 403 and not url.endswith("/") and expected != "robots"
        ):
            may_repeat = gate.refused(retry_after)
            return word == "rate_limited" and may_repeat
        if word in ("ok", "not_modified") and expected in ("list", "data", "page", "file"):
            memory.ok_sections += 1
        if word == "soft_404" and detail == "home":
            gate.slow_down()
        return False

    def _robots(self, url: str) -> Robots:
        origin = origin_of(url)
        network = self._network
        known = network.robots.get(origin)
        if known is None:
            known = self._stored_robots(origin) or self._fetch_robots(origin)
            with network.lock:
                network.robots[origin] = known
        if known.delay:
            network.gate(host_of(url), self._portal.delay_seconds).raise_delay(known.delay)
        return known

    def _stored_robots(self, origin: str) -> Robots | None:
        row = self._network.store.ledger.one("SELECT * FROM robots WHERE origin = ?", (origin,))
        if row is None:
            return None
        age = (self._network.clock() - datetime.fromisoformat(row["fetched_at"])).total_seconds()
        return parse_robots(row["text"]) if 0 <= age < MAX_AGE_SECONDS else None

    def _fetch_robots(self, origin: str) -> Robots:
        url = resolve_link(origin, "/robots.txt") or origin
        visit = self._follow(url, "robots", {}, "GET", None, is_conditional=False)
        status = visit.exchange.status if visit.exchange else 0
        robots, text = robots_from(visit.outcome, visit.detail, status, visit.body)
        self._record(visit, "robots")
        if text is not None:
            ledger = self._network.store.ledger
            with ledger.transaction():
                ledger.execute(
                    "INSERT OR REPLACE INTO robots VALUES (?, ?, ?)",
                    (origin, self._network.clock().isoformat(), text),
                )
        return robots

    def _compare_with_home(self, visit: Visit) -> Visit:
        """See whether a page without the words of a report is the home page or the answer to anything."""
        memory = self._network.memory(host_of(visit.final_url))
        self._learn(visit.final_url, "home", "/")
        self._learn(visit.final_url, "missing", MISSING_PATH)
        own = signature(visit.page)
        for name, known in memory.signatures.items():
            if is_same(own, known):
                if name == "home":
                    host = host_of(visit.final_url)
                    self._network.gate(host, self._portal.delay_seconds).slow_down()
                return visit.judged("soft_404", "home" if name == "home" else "missing_page")
        return visit

    def _learn(self, url: str, name: str, path: str) -> None:
        """Ask once per host and run for a page that others are compared with."""
        memory = self._network.memory(host_of(url))
        if name in memory.asked:
            return
        memory.asked.add(name)
        other = self._follow(resolve_link(url, path) or url, "home", {}, "GET", None, is_conditional=False)
        self._record(other, name)
        if other.outcome == "ok" and other.page:
            memory.signatures[name] = signature(other.page)

    def _watch_for_fence(self, visit: Visit) -> None:
        """Stop at a host whose home page answers while all its sections fail alike."""
        host = host_of(visit.final_url)
        memory = self._network.memory(host)
        if visit.outcome not in FENCE_WORDS:
            memory.alike = ("", 0)
            return
        word, count = memory.alike
        memory.alike = (visit.outcome, count + 1 if word == visit.outcome else 1)
        if memory.ok_sections:
            return
        gate = self._network.gate(host, self._portal.delay_seconds)
        if gate.stopped is None:
            self._learn(visit.final_url, "home", "/")
        is_refused = gate.refusals >= self._network.pace.refusals
        if "home" in memory.signatures and (memory.alike[1] >= FENCE_REQUESTS or is_refused):
            memory.fence_suspected = True
            gate.stopped = gate.stopped or "fence suspected"

    def _other_scheme(self, visit: Visit) -> str | None:
        """Return the address under the scheme of `start` when its own scheme does not answer."""
        parts = urlsplit(visit.final_url)
        wanted = urlsplit(self._portal.start[0]).scheme
        is_dead = visit.outcome == "tls_error" or (visit.outcome, visit.detail) == (
            "connection_error",
            "refused",
        )
        if not is_dead or parts.port is not None or parts.scheme == wanted:
            return None
        return urlunsplit((wanted, *parts[1:]))

    def _fetcher(self, host: str) -> Fetcher:
        if host not in self.connections:
            network = self._network
            while len(self.connections) >= MOST_CONNECTIONS:
                self.connections.pop(self._least_needed()).close()
            self.connections[host] = Fetcher(
                self._portal,
                network.policy,
                agent=network.agent,
                limits=network.limits,
                transport=network.transport,
            )
        return self.connections[host]

    def _least_needed(self) -> str:
        """Return the host whose connection was opened first, those of the lists left out."""
        own = {host_of(url) for url in self._portal.start}
        return next((host for host in self.connections if host not in own), next(iter(self.connections)))

    def _text(self, exchange: Exchange) -> str:
        """Return the body as text, empty for files; a page nothing can decode is left to its bytes."""
        if not exchange.body or file_kind(exchange.body):
            return ""
        try:
            return decode(exchange.body, self._portal.charset or header_charset(exchange)).text
        except DecodeError:
            return exchange.body.decode("latin-1")
