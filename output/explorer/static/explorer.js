// Small helps on every page: keys, suggestions while searching, meanings on hover. Pages work without it.
"use strict";
(() => {
  const page = document.body.dataset;
  const isStatic = page.static === "yes";
  const base = `${page.root}${page.lang}/`;

  // Keys
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, textarea")) return;
    if (event.key === "/") {
      event.preventDefault();
      document.getElementById("search").focus();
    } else if (event.key === "?") {
      const keys = document.querySelector(".keys");
      keys.hidden = !keys.hidden;
      keys.scrollIntoView();
    } else {
      const link = [...document.querySelectorAll("nav a[data-key]")].find((one) => one.dataset.key === event.key);
      if (link) link.click();
    }
  });

  // Meanings: one box for the whole page, so that tables that scroll do not cut it off
  let tip = null;
  const hideTip = () => { tip?.remove(); tip = null; };
  const showTip = (term) => {
    hideTip();
    tip = document.createElement("div");
    tip.id = "tip";
    tip.textContent = term.dataset.tip;
    document.body.append(tip);
    const box = term.getBoundingClientRect();
    tip.style.left = `${Math.max(8, Math.min(box.left, innerWidth - tip.offsetWidth - 8))}px`;
    const below = box.bottom + 6;
    tip.style.top = `${below + tip.offsetHeight < innerHeight ? below : box.top - tip.offsetHeight - 6}px`;
  };
  for (const [shown, hidden] of [["mouseover", "mouseout"], ["focusin", "focusout"]]) {
    document.addEventListener(shown, (event) => { const term = event.target.closest?.(".term[data-tip]"); if (term) showTip(term); });
    document.addEventListener(hidden, hideTip);
  }
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") hideTip(); });

  // Data files of a folder: each hands over JSON, compressed
  const packed = {};
  window.gongkaiPack = (name, data) => { packed[name] = data; };
  const loadScript = (address) => new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = address;
    script.onload = resolve;
    script.onerror = () => reject(new Error(address));
    document.head.append(script);
  });
  const unpacked = {};
  const load = (name) => (unpacked[name] ??= (async () => {
    await loadScript(`${page.root}data/${name}.js`);
    const bytes = Uint8Array.from(atob(packed[name]), (one) => one.charCodeAt(0));
    delete packed[name];
    return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"))).json();
  })());
  // An agency or report by its name: which bundle it is in follows from the name
  const member = async (kind, name) => {
    const [reports, agencies] = page.bundles.split(" ").map(Number);
    const number = parseInt(name.slice(1, 9), 16) % (kind === "agency" ? agencies : reports);
    const { names, pages, figures } = await load(`${page.lang}/${kind}-${number}`);
    const place = names.indexOf(name);
    // Lines of pages that are packed together alternate, so that what they have in common weighs once
    const pageOf = (which) => pages[which].filter((line, at) => at % names.length === place && line !== null).join("\n").replaceAll("\u001d", name);
    return place < 0 ? null : { pageOf, figures: figures[place] };
  };

  // Search: names and initials; where nothing holds the words as they stand, letters may be left out
  const within = (text, word) => { let at = -1; return [...word].every((one) => (at = text.indexOf(one, at + 1)) >= 0); };
  const localSearch = async (text) => {
    const { agencies, regions } = await load("agencies");
    const words = text.toLowerCase().split(/\s+/).filter(Boolean).slice(0, 8);
    const initials = words.join("");
    const matching = (holds) => agencies.filter(([, name, letters]) => words.every((word) => holds(name.toLowerCase(), word)) || letters.split(" ").some((one) => holds(one, initials)));
    let found = matching((whole, part) => whole.includes(part));
    if (!found.length && initials.length <= 12) found = matching(within);
    const rank = ([, name, letters]) => (name.startsWith(words[0]) ? 0 : letters.startsWith(initials) ? 1 : 2);
    const trimmed = (code) => { let short = code; while (short.length > 2 && short.endsWith("00")) short = short.slice(0, -2); return short; };
    return found.sort((a, b) => rank(a) - rank(b) || a[1].length - b[1].length).slice(0, 50)
      .map(([slug, name, , code]) => ({ slug, name, region: regions[trimmed(code)] ?? code }));
  };
  const search = async (text) => {
    if (!text.trim()) return [];
    if (isStatic) return localSearch(text);
    const answer = await fetch(`${base}suggest?q=${encodeURIComponent(text)}`);
    return answer.ok ? answer.json() : [];
  };
  const agencyAddress = (slug) => (isStatic ? `${base}agency.html?id=${slug}` : `${base}agency/${slug}`);

  // What has to be done with content once it is on the page
  const dress = (content) => {
    for (const term of content.querySelectorAll(".term[data-tip]")) term.setAttribute("aria-description", term.dataset.tip);
    for (const button of content.querySelectorAll("button.csv")) button.hidden = false;
  };
  dress(document);
  window.gongkai = { search, load, member, base, dress, agencyAddress };

  const field = document.getElementById("search");
  const list = document.getElementById("suggestions");
  let active = -1;
  let asked = 0;
  const close = () => { list.hidden = true; field.setAttribute("aria-expanded", "false"); field.removeAttribute("aria-activedescendant"); active = -1; };
  const pick = (place) => {
    const items = [...list.children];
    if (!items.length) return;
    active = (place + items.length) % items.length;
    items.forEach((item, index) => item.setAttribute("aria-selected", String(index === active)));
    field.setAttribute("aria-activedescendant", items[active].id);
    items[active].scrollIntoView({ block: "nearest" });
  };
  field.addEventListener("input", async () => {
    const turn = ++asked;
    const found = (await search(field.value)).slice(0, 12);
    if (turn !== asked) return;
    list.replaceChildren(...found.map((one, index) => {
      const item = document.createElement("li");
      item.id = `suggestion-${index}`;
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", "false");
      const name = document.createElement("bdi");
      name.textContent = one.name.slice(0, 90);
      const region = document.createElement("small");
      region.textContent = one.region.slice(0, 40);
      item.append(name, region);
      item.dataset.address = agencyAddress(one.slug);
      return item;
    }));
    list.hidden = !found.length;
    field.setAttribute("aria-expanded", String(!list.hidden));
    active = -1;
  });
  field.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") { event.preventDefault(); pick(active + (event.key === "ArrowDown" ? 1 : -1)); }
    if (event.key === "Enter" && active >= 0) { event.preventDefault(); location.href = list.children[active].dataset.address; }
    if (event.key === "Escape") close();
  });
  list.addEventListener("mousedown", (event) => {
    const item = event.target.closest("li");
    if (item) location.href = item.dataset.address;
  });
  field.addEventListener("blur", () => setTimeout(close, 150));

  // Names while adding an agency to a comparison
  const add = document.querySelector("input[name=add]");
  add?.addEventListener("input", async () => {
    const found = (await search(add.value)).slice(0, 12);
    document.getElementById("agency-names").replaceChildren(...found.map((one) => {
      const option = document.createElement("option");
      option.value = one.name;
      return option;
    }));
  });

  // "Download what I see" in a folder: the tables of the page, made safe for spreadsheets
  const cellText = (cell) => {
    const lines = [];
    for (const node of cell.childNodes) lines.push(node.textContent.trim());
    const text = lines.filter(Boolean).join(" ").replace(/\s+/g, " ");
    const safe = /^['\s]*[=+\-@＝＋－＠﹣﹢﹦﹫']/.test(text) && !/^-?[\d,.]+%?$/.test(text) ? `'${text}` : text;
    return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  document.addEventListener("click", (event) => {
    if (!event.target.closest?.("button.csv")) return;
    const tables = [...document.querySelectorAll("main table")];
    const listed = [...document.querySelectorAll("main .finding")].map((one) => [...one.children].map(cellText).join(","));
    const rows = tables.length ? tables.flatMap((table) => [...table.rows].map((row) => [...row.cells].map(cellText).join(","))) : listed;
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([`\ufeff${rows.join("\r\n")}\r\n`], { type: "text/csv" }));
    link.download = `gongkai-${page.page}.csv`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  });

  // The other language keeps what is shown
  document.querySelector("a.language").addEventListener("click", (event) => { if (isStatic) event.currentTarget.href = event.currentTarget.getAttribute("href").split(/[?#]/)[0] + location.search + location.hash; });
})();
