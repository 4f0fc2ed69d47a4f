"""ASP.NET: lists paged by a parameter of the address, or by sending the form of the page back."""

import re
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from scraper.addresses import resolve_link, site_of
from scraper.families.base import ListEnd, ListPage, ListRequest, RowPage, Start, not_opened
from scraper.families.printed import PrintedList, page_total
from scraper.families.rows import leads_on, next_link
from scraper.families.tree import base_of, links_of, shown, tree_of

ARTICLE = re.compile(r"(?!)")
"""No address is that of an article by its shape alone: lists and menus end in .aspx too."""

_POSTBACK = re.compile(r"__doPostBack\(\s*['\"]([^'\"]+)['\"]\s*,\s*['\"]([^'\"]*)['\"]")
_ARGUMENT = re.compile(r"(?:Page\$)?(\d{1,4})")
_NUMBER = re.compile(r"[0-9]{1,6}")
_PAGE_FIELD = re.compile(
    r"^(?:p|pn|page|curpage|currpage|currentpage|page_?(?:index|no|num|number))$", re.IGNORECASE
)
_FORM = "application/x-www-form-urlencoded"
_LAST_TEXTS = ("末页", "尾页", "最后一页", "最末页")
_SENT_TYPES = ("hidden", "text", "")


class Postback(NamedTuple):
    """One call of __doPostBack in a page, and the page it leads to where the argument says so."""

    target: str
    argument: str
    number: int | None
    leads_on: bool


def walk(start: Start) -> Iterator[RowPage | ListEnd]:
    """Read a list page by page; a list paged by its form strictly in order, each form sent back once.

    The first page is always asked for afresh there: the state of a stored one is no longer good.
    """
    page = start.ask(ListRequest(start.url))
    if page.outcome == "not_modified" and _postbacks(page):
        page = start.ask(ListRequest(start.url, is_fresh=True))
    if not page.is_ok:
        yield not_opened(start.url, page)
        return
    yield from PrintedList(ARTICLE, onward, total, is_undated=True).follow(start, start.url, page)


def onward(page: ListPage, number: int, announced: int | None) -> ListRequest | None:
    """Return the request for the next page: its numbered or 下一页 link, else the form with its number."""
    numbered = _numbered_links(page)
    if number + 1 in numbered:
        return ListRequest(numbered[number + 1])
    if (printed := next_link(page)) is not None:
        return ListRequest(printed)
    if numbered and number < max(numbered):  # a pager that shows few numbers and the last one
        return ListRequest(_with_number(numbered[max(numbered)], max(numbered), number + 1))
    calls = _postbacks(page)
    call = next((call for call in calls if call.number == number + 1), None)
    if call is None and announced is not None and number < announced:
        pager = next((call for call in calls if call.number is not None), None)
        call = pager._replace(argument=str(number + 1), number=number + 1) if pager else None
    call = call or next((call for call in calls if call.leads_on and call.number is None), None)
    return _send_back(page, call) if call else None


def total(page: ListPage, number: int) -> int | None:
    """Return how many pages a list has: as printed in words, else the number behind 末页."""
    printed = page_total(page, number)
    if printed is not None:
        return printed
    for anchor in tree_of(page.text).iter("a"):
        link = anchor.get("href")
        if link is None or shown(anchor, "") not in _LAST_TEXTS:
            continue
        call = _POSTBACK.search(link)
        argument = _ARGUMENT.fullmatch(call.group(2)) if call else None
        query = _query(resolve_link(page.url, link) or "")
        field = _page_field(query)
        last = int(argument.group(1)) if argument else int(query[field]) if field else 0
        return last if last >= number else None
    return None


def _numbered_links(page: ListPage) -> dict[int, str]:
    """Return the addresses of pages by number: links to this address whose page parameter says a number."""
    own = _query(page.url)
    found: dict[int, str] = {}
    for _, target in links_of(tree_of(page.text), page.url):
        if site_of(target) != site_of(page.url):
            continue
        if urlsplit(target).path.casefold() != urlsplit(page.url).path.casefold():
            continue
        query = _query(target)
        field = _page_field(query)
        if field is None or any(
            query.get(name, value) != value for name, value in own.items() if name != field
        ):
            continue
        found.setdefault(int(query[field]), target)
    return found


def _query(url: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(url).query, keep_blank_values=True))


def _page_field(query: dict[str, str]) -> str | None:
    """Return the name of the parameter that says the number of a page."""
    fields = (name for name, value in query.items() if _PAGE_FIELD.match(name) and _NUMBER.fullmatch(value))
    return next(fields, None)


def _with_number(url: str, old: int, new: int) -> str:
    pairs = [
        (name, str(new) if _PAGE_FIELD.match(name) and value == str(old) else value)
        for name, value in parse_qsl(urlsplit(url).query, keep_blank_values=True)
    ]
    return urlunsplit((*urlsplit(url)[:3], urlencode(pairs), ""))


def _postbacks(page: ListPage) -> list[Postback]:
    """Return the calls of a page that may turn to another page of its list.

    A pager prints the numbers it sends; a calendar, which sends numbers too, does not.
    """
    if "__doPostBack" not in page.text:
        return []
    found: list[Postback] = []
    pagers: set[str] = set()
    for tag in tree_of(page.text).iter("a"):
        call = _POSTBACK.search(f"{tag.get('href') or ''} {tag.get('onclick') or ''}")
        if call is None:
            continue
        target, argument = call.groups()
        number = _ARGUMENT.fullmatch(argument)
        leads = leads_on(tag)
        if leads or (number and shown(tag, "") == number.group(1)):
            pagers.add(target)
        found.append(Postback(target, argument, int(number.group(1)) if number else None, leads))
    return [call for call in found if call.target in pagers and (call.leads_on or call.number is not None)]


def _send_back(page: ListPage, call: Postback) -> ListRequest | None:
    """Return the form of a page as its script would send it; its hidden fields are good for one request."""
    root = tree_of(page.text)
    state = root.find(".//input[@name='__VIEWSTATE']")
    form = next(state.iterancestors("form"), None) if state is not None else root.find(".//form")
    if form is None:
        return None
    fields = {
        name: field.get("value") or ""
        for field in form.iter("input")
        if (name := field.get("name")) and (field.get("type") or "").casefold() in _SENT_TYPES
    }
    for choice in form.iter("select"):
        option = choice.find(".//option[@selected]")
        option = choice.find(".//option") if option is None else option
        if option is not None and (name := choice.get("name")):
            fields[name] = option.get("value") or shown(option, "")
    fields |= {"__EVENTTARGET": call.target, "__EVENTARGUMENT": call.argument}
    if f"{call.target}_input" in fields and call.number is not None:
        fields[f"{call.target}_input"] = str(call.number)
    url = resolve_link(base_of(root, page.url), form.get("action") or "") or page.url
    if site_of(url) != site_of(page.url):
        return None
    headers = (("Content-Type", _FORM), ("Referer", page.url))
    return ListRequest(url, "POST", urlencode(fields).encode(), headers)
