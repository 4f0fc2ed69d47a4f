import threading
from datetime import UTC, datetime
from itertools import pairwise

import pytest

from scraper.politeness import HostGate, HostStoppedError, InterruptedCrawlError, Pace, retry_after_seconds
from scraper.robots import parse_robots, robots_from, robots_text


class FakeTime:
    """Real time replaced: sleeping moves the clock."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def gate(time: FakeTime, delay: float = 1.0, pace: Pace | None = None, next_at: float = 0.0) -> HostGate:
    return HostGate(
        "portal:80",
        delay,
        pace=pace or Pace(),
        timer=time,
        sleep=time.sleep,
        stop=threading.Event(),
        next_at=next_at,
    )


def starts(time: FakeTime, host: HostGate, count: int, seconds: float = 0.0) -> list[float]:
    found = []
    for _ in range(count):
        host.enter()
        found.append(time.now)
        time.now += seconds
        host.leave(seconds)
    return found


def test_the_gap_between_starts_is_the_delay_and_up_to_30_percent_more() -> None:
    time = FakeTime()
    found = starts(time, gate(time), 40)
    gaps = [later - earlier for earlier, later in pairwise(found)]
    assert min(gaps) >= 1.0
    assert max(gaps) <= 1.3
    assert max(gaps) - min(gaps) > 0.05


def test_the_gap_holds_across_runs_but_a_broken_clock_does_not_stop_the_crawl() -> None:
    time = FakeTime()
    assert starts(time, gate(time, next_at=1004.0), 1) == [1004.0]
    assert starts(time, gate(time, next_at=9e9), 1)[0] <= 1004.0 + 600.0


def test_a_clock_that_is_set_back_costs_one_gap_and_no_day() -> None:
    time = FakeTime()
    host = gate(time, delay=1.0)
    starts(time, host, 2)
    time.now -= 86_400
    assert max(b - a for a, b in pairwise(starts(time, host, 5))) <= 1.3
    assert max(time.slept) <= 1.3


def test_a_slow_host_gets_rest() -> None:
    time = FakeTime()
    first, second = starts(time, gate(time), 2, seconds=8.0)
    assert second - first >= 16.0


def test_robots_may_raise_the_gap_and_never_lower_it() -> None:
    time = FakeTime()
    host = gate(time)
    host.raise_delay(5.0)
    host.raise_delay(0.5)
    first, second = starts(time, host, 2)
    assert second - first >= 5.0


def test_the_second_refusal_pauses_and_the_third_stops_the_host() -> None:
    time = FakeTime()
    host = gate(time)
    assert host.refused(None)
    assert host.next_at < time.now
    assert host.refused(None)
    assert 30.0 <= host.next_at - time.now <= 60.0
    assert not host.refused(None)
    with pytest.raises(HostStoppedError, match="3 refusals"):
        host.enter()


def test_retry_after_is_obeyed_up_to_ten_minutes() -> None:
    time = FakeTime()
    host = gate(time)
    host.refused(120.0)
    assert host.next_at == time.now + 120.0
    host.refused(86400.0)
    assert host.next_at == time.now + 600.0


def test_retry_after_is_read_as_seconds_or_date() -> None:
    now = datetime(2026, 1, 5, tzinfo=UTC)
    assert retry_after_seconds("120", now) == 120.0
    assert retry_after_seconds("Mon, 05 Jan 2026 00:01:00 GMT", now) == 60.0
    assert retry_after_seconds("Mon, 05 Jan 2025 00:01:00 GMT", now) == 0.0
    for nothing in (None, "", "soon", "-5"):
        assert retry_after_seconds(nothing, now) is None


def test_the_budget_ends_a_host_for_the_run() -> None:
    time = FakeTime()
    host = gate(time, pace=Pace(budget_requests=3))
    starts(time, host, 3)
    with pytest.raises(HostStoppedError, match="3 requests"):
        host.enter()
    late = gate(time, pace=Pace(budget_seconds=10.0))
    time.now += 11
    with pytest.raises(HostStoppedError, match="10 seconds"):
        late.enter()


def test_an_interrupt_is_heard_before_and_after_waiting() -> None:
    time, stop = FakeTime(), threading.Event()

    def sleep(seconds: float) -> None:
        stop.set()

    host = HostGate("h", 1.0, pace=Pace(), timer=time, sleep=sleep, stop=stop, next_at=1005.0)
    with pytest.raises(InterruptedCrawlError):
        host.enter()
    with pytest.raises(InterruptedCrawlError):  # the gate is free again, not locked
        host.enter()


@pytest.mark.parametrize(
    ("text", "path", "allowed"),
    [
        ("User-agent: *\nDisallow: /", "/a", False),
        ("User-agent: *\nDisallow: /*.do?", "/list.do?p=1", False),
        ("User-agent: *\nDisallow: /*.do?", "/list.html", True),
        ("User-agent: gongkai\nDisallow: /x\n\nUser-agent: *\nDisallow: /", "/a", True),
        ("User-agent: *\nDisallow: /a\nAllow: /a/b", "/a/b", True),
        ("<html><body>User-agent</body></html>", "/a", True),
        ("", "/a", True),
    ],
)
def test_robots_rules(text: str, path: str, allowed: bool) -> None:
    verdict = parse_robots(text).verdict(f"http://portal.example{path}")
    assert (verdict is None) == allowed


def test_what_an_answer_for_robots_txt_stands_for() -> None:
    url = "http://portal.example/a"
    assert robots_from("gone", "http_404", 404, b"x")[0].verdict(url) is None
    assert robots_from("waf_block", "http_403", 403, b"x")[0].verdict(url) is None
    down, text = robots_from("server_error", "http_500", 500, b"")
    assert down.verdict(url) == ("robots_denied", "robots.txt unreachable: http_500")
    assert text is None
    silent, text = robots_from("timeout", "connect", 0, b"")
    assert silent.verdict(url) == ("timeout", "connect")
    assert text is None
    for word, detail, status in (("js_challenge", "rs", 412), ("cookie_bounce", "script", 200)):
        challenged, text = robots_from(word, detail, status, b"<script></script>")
        assert (challenged.verdict(url), text) == ((word, detail), None)


def test_robots_of_half_a_megabyte_and_with_a_byte_order_mark() -> None:
    rules = "\ufeffUser-agent: *\nDisallow: /no\n" + "#" * 600_000 + "\nDisallow: /late\n"
    robots = parse_robots(robots_text(rules.encode()))
    assert robots.verdict("http://p.example/no") is not None
    assert robots.verdict("http://p.example/late") is None
    assert parse_robots("User-agent: *\nCrawl-delay: 7").delay == 7.0
