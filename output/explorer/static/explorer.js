// Small helps on every page: keys, suggestions while searching, meanings on hover. Pages work without it.
"use strict";
(() => {
  const page = document.body.dataset;
  const isStatic = page.static === "yes";
  const base = `${page.root}${page.lang}/`;
  const suffix = isStatic ? ".html" : "";

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
  for (const term of document.querySelectorAll(".term[data-tip]")) term.setAttribute("aria-description", term.dataset.tip);

  // Suggestions
  const loadScript = (address) => new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = address;
    script.onload = resolve;
    script.onerror = reject;
    document.head.append(script);
  });
  let names = null;
  const localSearch = async (text) => {
    if (!names) {
      await loadScript(`${page.root}data/agencies.js`);
      names = window.gongkaiAgencies;
    }
    const words = text.toLowerCase().split(/\s+/).filter(Boolean);
    const initials = words.join("");
    const rank = (one) => (one[1].startsWith(words[0]) || one[2].startsWith(initials) ? 0 : 1);
    return names.filter((one) => words.every((word) => one[1].toLowerCase().includes(word)) || one[2].includes(initials))
      .sort((a, b) => rank(a) - rank(b) || a[1].length - b[1].length).slice(0, 50)
      .map(([slug, name, , region]) => ({ slug, name, region }));
  };
  const search = async (text) => {
    if (!text.trim()) return [];
    if (isStatic) return localSearch(text);
    const answer = await fetch(`${base}suggest?q=${encodeURIComponent(text)}`);
    return answer.ok ? answer.json() : [];
  };
  window.gongkai = { search, loadScript, base, suffix, isStatic };

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
      item.dataset.address = `${base}agency/${one.slug}${suffix}`;
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

  // The search page of a static folder
  const results = document.getElementById("results");
  if (isStatic && results) {
    const asked = new URLSearchParams(location.search).get("q") || "";
    field.value = asked;
    search(asked).then((found) => results.replaceChildren(...found.map((one) => {
      const item = document.createElement("li");
      const link = document.createElement("a");
      link.href = `${base}agency/${one.slug}.html`;
      link.textContent = one.name.slice(0, 90);
      item.append(link, ` ${one.region.slice(0, 40)}`);
      return item;
    })));
  }

  // "Download what I see" in a static folder: the tables of the page, made safe for spreadsheets
  const cellText = (cell) => {
    const lines = [];
    for (const node of cell.childNodes) lines.push(node.textContent.trim());
    const text = lines.filter(Boolean).join(" ").replace(/\s+/g, " ");
    const safe = /^['\s]*[=+\-@＝＋－＠﹣﹢﹦﹫']/.test(text) && !/^-?[\d,.]+%?$/.test(text) ? `'${text}` : text;
    return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  const download = document.querySelector("a.button[download][href$='.csv']");
  if (isStatic && download && !download.href.includes("/dataset/")) {
    download.addEventListener("click", (event) => {
      event.preventDefault();
      const tables = [...document.querySelectorAll("main table")];
      const listed = [...document.querySelectorAll("main .finding")].map((one) => [...one.children].map(cellText).join(","));
      const rows = tables.length ? tables.flatMap((table) => [...table.rows].map((row) => [...row.cells].map(cellText).join(","))) : listed;
      const link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob([`\ufeff${rows.join("\r\n")}\r\n`], { type: "text/csv" }));
      link.download = `gongkai-${page.page}.csv`;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    });
  }

  // The figure asked for, in a static folder: what a server would have said beside the table
  const showCell = () => {
    const cell = isStatic && page.page === "evidence" && location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const choose = document.querySelector(".choose");
    if (cell && choose) choose.textContent = `${cell.id}: ${cell.textContent.trim()}`;
  };
  addEventListener("hashchange", showCell);
  if (isStatic) document.addEventListener("click", (event) => { const cell = event.target.closest?.(".printed td[id]"); if (cell) location.hash = cell.id; });
  showCell();
})();
