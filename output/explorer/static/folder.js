// The pages of a folder without a server: unpacks what is shown, looks up what a server would have said.
"use strict";
(async () => {
  const { search, load, member, base, dress, agencyAddress } = window.gongkai;
  const page = document.body.dataset;
  const asked = new URLSearchParams(location.search);
  const main = document.getElementById("content");
  const element = (name, attributes = {}, ...children) => {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...children);
    return made;
  };
  const fill = (text, values) => text.replace(/\{(\w+)(?::[^}]*)?\}/g, (whole, key) => (key in values ? values[key] : whole));

  // Agencies, reports, evidence: the text of the page as the templates made it, escaped there
  const unpack = async () => {
    const waiting = document.getElementById("waiting");
    const id = asked.get("id") || "";
    const known = { agency: /^a[0-9a-f]{12}$/, report: /^r[0-9a-f]{16}$/ }[page.page === "agency" ? "agency" : "report"].test(id);
    try {
      const found = known && await member(page.page === "agency" ? "agency" : "report", id);
      if (!found) { waiting.textContent = waiting.dataset.missing; return false; }
      main.innerHTML = found.pageOf(page.page);
    } catch {
      waiting.textContent = window.DecompressionStream ? waiting.dataset.missing : waiting.dataset.old;
      return false;
    }
    document.title = `${main.querySelector("h1").textContent} · gongkai`;
    dress(main);
    if (window.gongkaiCharts) window.gongkaiCharts(main);
    return true;
  };

  // The figure asked for: what a server would have said beside the table
  const showCell = async () => {
    const cell = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    document.querySelector("td.marked")?.classList.remove("marked");
    if (!cell?.dataset.place) { cell?.scrollIntoView(); return; }
    const { words, measures } = await load(`${page.lang}/measures`);
    const measure = measures[cell.id] || {};
    const [table, row, column] = cell.dataset.place.split(" ").map(Number);
    const entry = (name, ...parts) => element("div", {}, element("dt", {}, name), element("dd", {}, ...parts));
    const big = (text) => { const made = element("bdi", { class: "big n" }, text); return made; };
    const box = element("dl", { class: "facts" },
      entry(words.cell, measure.name || cell.id, element("br"), element("code", {}, cell.id)),
      entry(words.raw, big(cell.textContent.trim() || words.none)),
      ...(cell.dataset.read ? [entry(words.read_as, big(`${cell.dataset.read} ${measure.unit || ""}`))] : []),
      entry(words.status, words.status_short[cell.dataset.status || "reported"]),
      entry(words.place, fill(words.place_text, { table: table + 1, row: row + 1, column: column + 1 }), element("br"), element("small", {}, fill(words.place_codes, { table, row, column }))));
    const touching = document.getElementById("touching");
    let any = false;
    for (const one of touching?.querySelectorAll(".finding") || []) { one.hidden = !one.dataset.cells.split(" ").includes(cell.id); any ||= !one.hidden; }
    if (touching) touching.hidden = !any;
    const old = document.querySelector(".chosen-cell .choose, .chosen-cell dl");
    old.replaceWith(box);
    cell.classList.add("marked");
    cell.scrollIntoView({ block: "center", inline: "center" });
  };

  // Findings by several filters at once: what they are filtered by is one file, their text comes by the hundred
  const showFindings = async () => {
    const form = document.querySelector("form.controls");
    const list = document.getElementById("found");
    const keys = { severity: "severity", rule: "rule", region: "region_code", year: "fiscal_year" };
    const chosen = Object.keys(keys).map((key) => [key, asked.get(key) || ""]).filter(([, value]) => value);
    for (const [key, value] of chosen) form.elements[key].value = value;
    const index = await load("findings");
    const holds = chosen.map(([key, value]) => {
      const { values, places } = index[keys[key]];
      const fits = values.map((one) => (key === "region" ? String(one).startsWith(value) : String(one) === value));
      return (place) => fits[places[place]];
    });
    const all = index.rule.places.length;
    const hits = [];
    for (let place = 0; place < all; place += 1) if (holds.every((one) => one(place))) hits.push(place);
    const size = Number(list.dataset.size);
    const pages = Math.max(1, Math.ceil(hits.length / size));
    const current = Math.min(Math.max(Number.parseInt(asked.get("page"), 10) || 1, 1), pages);
    const each = Number(page.findings);
    const shown = hits.slice((current - 1) * size, current * size);
    const texts = await Promise.all(shown.map(async (place) => (await load(`${page.lang}/findings-${Math.floor(place / each)}`))[place % each]));
    list.innerHTML = texts.join("");
    document.getElementById("none").hidden = shown.length > 0;
    const count = document.getElementById("count");
    count.textContent = fill(count.dataset.text, { count: hits.length.toLocaleString("en-US") });
    const address = (number) => `findings.html?${new URLSearchParams([...chosen, ["page", number]])}`;
    const nav = document.getElementById("pages");
    nav.setAttribute("aria-label", fill(nav.dataset.text, { page: current, pages }));
    nav.replaceChildren(
      ...(current > 1 ? [element("a", { rel: "prev", href: address(current - 1) }, nav.dataset.previous)] : []),
      element("span", {}, fill(nav.dataset.text, { page: current, pages })),
      ...(current < pages ? [element("a", { rel: "next", href: address(current + 1) }, nav.dataset.next)] : []));
    list.dataset.ready = "yes";
  };

  const showSearch = async () => {
    const text = asked.get("q") || "";
    document.getElementById("search").value = text;
    const found = await search(text);
    document.getElementById("results").replaceChildren(...found.map((one) => element("li", {},
      element("a", { href: agencyAddress(one.slug) }, element("bdi", {}, one.name.slice(0, 90))), " ", element("span", { class: "small" }, one.region.slice(0, 40)))));
  };

  if (page.page === "findings") await showFindings();
  if (page.page === "search") await showSearch();
  if (["agency", "report", "evidence"].includes(page.page) && await unpack()) {
    const go = page.page === "evidence" ? showCell : () => document.getElementById(decodeURIComponent(location.hash.slice(1)))?.scrollIntoView();
    addEventListener("hashchange", go);
    main.addEventListener("click", (event) => { const cell = event.target.closest(".printed td[id]"); if (cell) location.hash = cell.id; });
    await go();
    main.dataset.ready = "yes";
  }
})();
