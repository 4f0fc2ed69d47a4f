// The comparison of a static folder: the figures were formatted when the folder was written, here they are only laid out.
"use strict";
(async () => {
  const { groups, measures, words, notes, missing } = window.gongkaiMeasures;
  const { search, loadScript, base } = window.gongkai;
  const root = document.body.dataset.root;
  const asked = new URLSearchParams(location.search);
  const most = 12;
  const drawn = 8;
  const fill = (text, values) => text.replace(/\{(\w+)(?::[^}]*)?\}/g, (whole, key) => (key in values ? values[key] : whole));
  const element = (name, attributes = {}, ...children) => {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...children);
    return made;
  };
  const address = (slugs, more = {}) => {
    const query = new URLSearchParams(slugs.map((slug) => ["a", slug]));
    for (const key of ["m", "from", "to"]) { const value = more[key] ?? asked.get(key); if (value) query.set(key, value); }
    return `compare.html?${query}`;
  };

  const code = asked.get("m") in measures ? asked.get("m") : "disclosure_rate";
  const measure = measures[code];
  let slugs = [...new Set(asked.getAll("a"))].filter((slug) => /^a[0-9a-f]{12}$/.test(slug));
  const wanted = (asked.get("add") || "").trim();
  if (wanted) {
    const found = await search(wanted);
    const exact = found.filter((one) => one.name === wanted);
    if (exact.length === 1 || found.length === 1) slugs.push((exact[0] || found[0]).slug);
    else document.getElementById("chips").after(element("ul", { class: "chips notice" }, ...found.slice(0, 12).map((one) =>
      element("li", {}, element("a", { href: address([...slugs, one.slug]) }, one.name)))));
  }
  slugs = [...new Set(slugs)].slice(0, most);

  // Controls
  const form = document.getElementById("controls");
  for (const [heading, codes] of groups) {
    form.m.append(element("optgroup", { label: heading }, ...codes.map((one) => element("option", { value: one, ...(one === code ? { selected: "" } : {}) }, measures[one].name))));
  }
  for (const key of ["from", "to"]) form[key].value = asked.get(key) || "";
  form.prepend(...slugs.map((slug) => element("input", { type: "hidden", name: "a", value: slug })));
  document.getElementById("heading").textContent = measure.name;
  document.title = `${measure.name} · gongkai`;
  if (!slugs.length) return;

  await Promise.allSettled(slugs.map((slug) => loadScript(`${root}data/${document.body.dataset.lang}/${slug}.js`)));
  const agencies = slugs.map((slug) => window.gongkaiShards?.[slug]).filter(Boolean);
  if (!agencies.length) return;
  document.getElementById("starts").hidden = true;
  document.getElementById("result").hidden = false;

  // Years, figures
  const all = agencies.flatMap((one) => one.years.map(([year]) => year));
  const bound = (key, other) => (/^\d{4}$/.test(asked.get(key) || "") ? Number(asked.get(key)) : other);
  const first = bound("from", Math.min(...all));
  const last = Math.max(first, Math.min(bound("to", Math.max(...all)), first + 99));
  const years = Array.from({ length: last - first + 1 }, (_, place) => first + place);
  const figureOf = (agency, year) => {
    const place = agency.years.findIndex(([one]) => one === year);
    if (place < 0) return { reason: missing };
    const [, report, late] = agency.years[place];
    const found = agency.series[code]?.[place];
    if (!Array.isArray(found)) return { reason: agency.reasons[found] ?? missing, report, late };
    const [value, text, parts, marks] = found;
    return { value, text, parts, marks, report, late };
  };
  const breaks = measure.breaks.filter(([after]) => after >= first && after < last);
  const lines = agencies.map((agency) => ({ agency, figures: years.map((year) => figureOf(agency, year)) }));

  // Chosen agencies
  const chips = document.getElementById("chips");
  chips.append(...agencies.map((agency, place) => element("li", {},
    element("span", { class: `swatch c${place < drawn ? place : "none"}` }),
    element("a", { href: `${base}agency/${agency.slug}.html` }, element("bdi", {}, agency.name)), " ",
    element("a", { class: "remove", "aria-label": fill(words.remove, { agency: agency.name }), href: address(slugs.filter((one) => one !== agency.slug)) }, "×"))));
  const more = agencies[0].neighbours.filter((slug) => !slugs.includes(slug)).slice(0, most - slugs.length);
  if (more.length) chips.append(element("li", { class: "more" }, element("a", { href: address([...slugs, ...more]) }, `+ ${words.neighbours}`)));

  // Table
  const table = document.querySelector("table.comparison");
  table.tHead.rows[0].append(...years.map((year) => element("th", { scope: "col" }, String(year))));
  table.tBodies[0].append(...lines.map(({ agency, figures }, place) => element("tr", {},
    element("th", { scope: "row" }, element("span", { class: `swatch c${place < drawn ? place : "none"}` }), element("a", { href: `${base}agency/${agency.slug}.html` }, element("bdi", {}, agency.name))),
    ...figures.map((one, index) => {
      const cell = element("td", { class: breaks.some(([after]) => after === years[index]) ? "break" : "" });
      if (one.text === undefined) cell.append(element("span", { class: "missing" }, "–", element("small", {}, one.reason)));
      else cell.append(element("a", { href: `${base}evidence/${one.report}.html#${measure.cell}` }, one.text), one.marks, ...(one.parts ? [element("small", {}, one.parts)] : []));
      if (one.late > 0) cell.append(element("small", { class: "late" }, fill(words.late, { days: one.late })));
      return cell;
    }))));

  // Sentences: never across a change of meaning
  const sentence = ({ agency, figures }) => {
    // A rate on a small base moves by chance: no sentence is built on it.
    const shown = figures.map((one, place) => ({ ...one, year: years[place] })).filter((one) => one.text !== undefined && !one.marks.includes("*"));
    if (!shown.length) return null;
    const end = shown.at(-1);
    const border = Math.max(-1, ...breaks.map(([after]) => after).filter((after) => after < end.year && after >= shown[0].year));
    const begin = shown.find((one) => one.year > border);
    const text = (one) => (one.parts ? `${one.text} (${one.parts})` : `${one.text} ${measure.unit || ""}`.trim());
    const broken = border < 0 ? "" : words.gap + fill(words.sentence_broken, { before: border, after: border + 1 });
    if (begin.year === end.year) return fill(words.sentence_single, { agency: agency.name, value: text(end), year: end.year }) + broken;
    const key = begin.value === end.value ? "sentence_same" : end.value > begin.value ? "sentence_rise" : "sentence_fall";
    return fill(words[key], { agency: agency.name, old: text(begin), new: text(end), first: begin.year, last: end.year }) + broken;
  };
  document.getElementById("sentence").textContent = lines.slice(0, 2).map(sentence).filter(Boolean).join(words.gap) || words.sentence_nothing;

  // Notes
  const every = lines.flatMap((line) => line.figures);
  const scopes = [...new Set(agencies.map((one) => one.scope))];
  const said = [
    measure.formula && measure.show !== "number" ? measure.formula : null,
    measure.note,
    every.some((one) => one.marks?.includes("*")) ? fill(notes.small_base, { base: measure.base }) : null,
    every.some((one) => one.marks?.includes("!")) ? notes.error_finding : null,
    ...breaks.map(([after, size]) => fill(notes.border, { before: after, after: after + 1, size })),
    scopes.length > 1 ? fill(notes.scopes, { scopes: scopes.join(", ") }) : null,
  ].filter(Boolean);
  document.getElementById("note-list").append(...said.map((one) => element("li", {}, one)));

  // Chart: points of one run may be joined; axis from zero
  const points = lines.slice(0, drawn).flatMap(({ agency, figures }, place) => {
    let run = 0;
    return figures.flatMap((one, index) => {
      if (one.text === undefined) { run += 1; return []; }
      const point = { year: years[index], value: one.value, place, run: `${place}-${run}`, small: one.marks.includes("*"), tip: `${agency.name} ${years[index]}: ${one.text}${one.parts ? ` (${one.parts})` : ""}` };
      if (breaks.some(([after]) => after === years[index])) run += 1;
      return [point];
    });
  });
  if (!points.length) { document.querySelector("figure.chart").hidden = true; return; }
  if (points.some((one) => one.small)) document.getElementById("hollow").textContent = fill(words.hollow, { base: measure.base });
  const values = points.map((one) => one.value);
  const [low, high] = [Math.min(0, ...values), Math.max(...values)];
  const rough = ((high - low) || 1) / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((one) => one >= rough);
  const ticks = [];
  for (let place = Math.floor(low / step); place <= Math.max(Math.ceil(high / step), 1); place += 1) ticks.push(Number((place * step).toPrecision(12)));
  const height = measure.chart.height;
  const span = ticks.at(-1) - ticks[0];
  const ends = lines.slice(0, drawn).flatMap((line, place) => { const end = line.figures.findLast((one) => one.text !== undefined); return end ? [{ place, name: line.agency.name, value: end.value }] : []; })
    .sort((a, b) => b.value - a.value);
  let above = -Infinity;
  let heights = ends.map((one) => (above = Math.max((height * (ticks.at(-1) - one.value)) / span, above + 17)));
  let limit = height;
  heights = heights.reverse().map((one) => { const placed = Math.min(one, limit); limit = placed - 17; return placed; }).reverse();
  const names = ends.map((one, index) => ({ name: one.name.length > 13 ? `${one.name.slice(0, 12)}…` : one.name, place: one.place, value: ticks.at(-1) - (heights[index] / height) * span, year: last + 0.3 }));
  window.gongkaiChart(document.querySelector("figure.chart"), { ...measure.chart, usermeta: { years, ticks, data: { points, names } } });
})();
