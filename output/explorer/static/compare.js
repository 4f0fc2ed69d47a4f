// The comparison of a static folder: the figures were formatted when the folder was written, here they are only laid out.
"use strict";
(async () => {
  const { search, load, member, base, agencyAddress } = window.gongkai;
  const { groups, measures, charts, words, sizes, notes, missing } = await load(`${document.body.dataset.lang}/measures`);
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
    for (const key of ["m", "from", "to", "area"]) { const value = more[key] ?? asked.get(key); if (value) query.set(key, value); }
    return `compare.html?${query}`;
  };

  const code = asked.get("m") in measures ? asked.get("m") : "disclosure_rate";
  const measure = { breaks: [], show: "number", ...measures[code] };
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

  const loaded = await Promise.allSettled(slugs.map((slug) => member("agency", slug)));
  const agencies = loaded.map((one) => one.value?.figures).filter(Boolean);
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
    return { value, text: text ?? value.toLocaleString("en-US", { maximumFractionDigits: 20 }), parts, marks: marks || "", report, late };
  };
  const breaks = measure.breaks.filter(([after]) => after >= first && after < last);
  const lines = agencies.map((agency) => ({ agency, figures: years.map((year) => figureOf(agency, year)) }));

  // Chosen agencies
  const chips = document.getElementById("chips");
  chips.append(...agencies.map((agency, place) => element("li", {},
    element("span", { class: `swatch c${place < drawn ? place : "none"}` }),
    element("a", { href: agencyAddress(agency.slug) }, element("bdi", {}, agency.name)), " ",
    element("a", { class: "remove", "aria-label": fill(words.remove, { agency: agency.name }), href: address(slugs.filter((one) => one !== agency.slug)) }, "×"))));
  const more = agencies[0].neighbours.filter((slug) => !slugs.includes(slug)).slice(0, most - slugs.length);
  if (more.length) chips.append(element("li", { class: "more" }, element("a", { href: address([...slugs, ...more]) }, `+ ${words.neighbours}`)));

  // Table
  const table = document.querySelector("table.comparison");
  table.tHead.rows[0].append(...years.map((year) => element("th", { scope: "col" }, String(year))));
  table.tBodies[0].append(...lines.map(({ agency, figures }, place) => element("tr", {},
    element("th", { scope: "row" }, element("span", { class: `swatch c${place < drawn ? place : "none"}` }), element("a", { href: agencyAddress(agency.slug) }, element("bdi", {}, agency.name))),
    ...figures.map((one, index) => {
      const cell = element("td", { class: breaks.some(([after]) => after === years[index]) ? "break" : "" });
      if (one.text === undefined) cell.append(element("span", { class: "missing" }, "–", element("small", {}, one.reason)));
      else cell.append(element("a", { href: `${base}evidence.html?id=${one.report}#${measure.cell || code}` }, one.text), one.marks, ...(one.parts ? [element("small", {}, one.parts)] : []));
      if (one.late > 0) cell.append(element("small", { class: "late" }, fill(words.late, { days: one.late })));
      return cell;
    }))));

  // Sentences: never across a change of meaning; a rate on a small base moves by chance, so none is built on it
  const firm = (one) => one.text !== undefined && !one.marks.includes("*");
  const said = (one) => (one.parts ? `${one.text} (${one.parts})` : `${one.text} ${measure.unit || ""}`.trim());
  const single = (agency, end) => (end.parts ? fill(words.sentence_rate, { agency, value: end.text, base: end.parts, year: end.year }) : fill(words.sentence_single, { agency, value: said(end), year: end.year }));
  const sentence = ({ agency, figures }) => {
    const shown = figures.map((one, place) => ({ ...one, year: years[place] })).filter(firm);
    if (!shown.length) return null;
    const end = shown.at(-1);
    if (shown.length === 1) return single(agency.name, end);
    const border = Math.max(-1, ...breaks.map(([after]) => after).filter((after) => after < end.year && after >= shown[0].year));
    const begin = shown.find((one) => one.year > border);
    const broken = border < 0 ? "" : words.gap + fill(words.sentence_broken, { before: border, after: border + 1 });
    if (begin.year === end.year) return single(agency.name, end) + broken;
    const key = begin.value === end.value ? "sentence_same" : end.value > begin.value ? "sentence_rise" : "sentence_fall";
    // How far it went beyond both its ends, so that these do not hide it
    const since = shown.filter((one) => one.year > border);
    const high = since.reduce((best, one) => (one.value > best.value ? one : best));
    const low = since.reduce((best, one) => (one.value < best.value ? one : best));
    const [above, below] = [high.value - Math.max(begin.value, end.value), Math.min(begin.value, end.value) - low.value];
    const [turn, at] = above >= below ? ["sentence_peak", high] : ["sentence_trough", low];
    const turned = Math.max(above, below) > 0 ? words.gap + fill(words[turn], { year: at.year, value: said(at) }) : "";
    return fill(words[key], { agency: agency.name, old: said(begin), new: said(end), first: begin.year, last: end.year }) + turned + broken;
  };
  const scopes = [...new Set(agencies.map((one) => one.about[2]))];
  const extremes = () => {
    if (scopes.length > 1 || measure.show === "number") return null;
    const place = years.findLastIndex((year, index) => lines.filter((line) => firm(line.figures[index])).length >= 2);
    if (place < 0) return null;
    const found = lines.filter((line) => firm(line.figures[place])).map((line) => ({ name: line.agency.name, ...line.figures[place] }));
    const high = found.reduce((best, one) => (one.value > best.value ? one : best));
    const low = found.reduce((best, one) => (one.value < best.value ? one : best));
    return high.value === low.value ? null : fill(words.sentence_highest, { year: years[place], count: found.length, high: high.name, high_value: said(high), low: low.name, low_value: said(low) });
  };
  const every = lines.flatMap((line) => line.figures);
  const known = every.filter((one) => one.text !== undefined);
  const weak = known.filter((one) => !firm(one)).length;
  const caveats = [
    weak ? fill(words.sentence_small, { count: weak, all: known.length, base: measure.base }) : null,
    known.length && every.length > known.length ? fill(words.sentence_missing, { count: every.length - known.length, all: every.length }) : null,
  ];
  document.getElementById("sentence").textContent = [...lines.slice(0, 2).map(sentence), extremes(), ...caveats].filter(Boolean).join(words.gap) || words.sentence_nothing;

  // Notes
  const listed = [
    measure.formula && measure.show !== "number" ? `${notes.formula}: ${measure.formula}. ${notes.judgement} ${notes.rate_note}` : null,
    measure.note,
    every.some((one) => one.marks?.includes("*")) ? fill(notes.small_base, { base: measure.base }) : null,
    every.some((one) => one.marks?.includes("!")) ? notes.error_finding : null,
    ...breaks.map(([after, size]) => fill(notes.border, { before: after, after: after + 1, size: notes.sizes?.[size] ?? sizes[size] })),
    scopes.length > 1 ? fill(notes.scopes, { scopes: scopes.map((one) => one ?? "?").sort().map((one) => words.scopes[one] ?? one).join(", ") }) : null,
  ].filter(Boolean);
  document.getElementById("note-list").append(...listed.map((one) => element("li", {}, one)));

  // Peers of the first agency in the last year it has the figure; counts are not ranked
  const shownAs = (value) => {
    const places = measure.show === "percent" ? 1 : 2;
    const text = new Intl.NumberFormat("en-US", { minimumFractionDigits: places, maximumFractionDigits: places, useGrouping: false, roundingMode: "halfEven" });
    return measure.show === "percent" ? `${text.format(value * 100)}%` : text.format(value);
  };
  const showPeers = async () => {
    const place = document.getElementById("peers");
    place.hidden = false;
    if (measure.show === "number") { place.append(element("p", { class: "small" }, words.peers_counts)); return; }
    const year = years.findLast((one, index) => lines[0].figures[index].text !== undefined);
    if (year === undefined) { place.hidden = true; return; }
    const [{ agencies: everyone, regions }, { groups: kinds, years: peers }, { scale, years: rates }] = await Promise.all([load("agencies"), load("peers"), load(`rate-${code}`)]);
    const [kind, level, scope, areas] = agencies[0].about;
    const area = asked.get("area") === "all" ? "" : areas.includes(asked.get("area")) ? asked.get("area") : areas[0];
    const fits = kinds.map(([one, two, three, region]) => one === kind && two === level && three === scope && region.startsWith(area));
    const { n, d, small, missing: lacking } = rates[year];
    const [who, group] = peers[year];
    const among = (places) => places.filter((one) => fits[group[one]]).length;
    const left = new Set([...small, ...lacking]);
    const ranked = n.map((top, one) => ({ one, value: scale * top / d[one] })).filter(({ one }) => fits[group[one]] && !left.has(one)).sort((a, b) => b.value - a.value || a.one - b.one);
    const marked = new Set(slugs);
    const isMarked = ({ one }) => marked.has(everyone[who[one]][0]);
    const near = ranked.flatMap((one, index) => (isMarked(one) ? [index] : []));
    const wanted = (index) => ranked.length <= 24 || index < 5 || index >= ranked.length - 5 || near.some((one) => Math.abs(one - index) <= 3);
    const name = (one) => regions[one] || words.area_all;
    const called = (kindOf, one) => words[kindOf][one] ?? one ?? words.none;
    const text = element("p", { class: "small" },
      fill(words.peers_text, { agency: agencies[0].name, kind: called("kinds", kind), level: called("levels", level), scope: called("scopes", scope), area: name(area) }), " ",
      fill(words.peers_ranked, { ranked: ranked.length, all: group.filter((one) => fits[one]).length, small: among(small), base: measure.base, missing: among(lacking) }));
    if (areas.length > 1) text.append(element("br"), `${words.area}: `, ...areas.flatMap((one, index) => [index ? " · " : "", one === area ? element("b", {}, name(one)) : element("a", { href: address(slugs, { area: one || "all" }) }, name(one))]));
    place.append(element("h2", {}, fill(words.peers, { year })), text);
    if (!ranked.length) { place.append(element("p", {}, words.peers_few)); return; }
    const body = document.querySelector("table.ranking").tBodies[0];
    let [rank, last, before] = [0, null, -1];
    ranked.forEach(({ one, value }, index) => {
      if (value !== last) [rank, last] = [index + 1, value];
      if (!wanted(index)) return;
      if (index - before > 1) body.append(element("tr", { class: "gap" }, element("td"), element("td", { colspan: 3, class: "text small" }, fill(words.peers_gap, { count: index - before - 1 }))));
      before = index;
      const [slug, agency] = everyone[who[one]];
      body.append(element("tr", marked.has(slug) ? { class: "chosen" } : {},
        element("td", {}, `${rank} / ${ranked.length}`), element("td", { class: "text" }, element("a", { href: agencyAddress(slug) }, element("bdi", {}, agency))),
        element("td", {}, shownAs(value)), element("td", {}, `${n[one].toLocaleString("en-US")} / ${d[one].toLocaleString("en-US")}`)));
    });
    const table = document.querySelector("table.ranking").closest(".wide");
    place.append(table);
    table.hidden = false;
  };
  await showPeers();

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
  const frame = charts[measure.show];
  const height = frame.height;
  const span = ticks.at(-1) - ticks[0];
  const ends = lines.slice(0, drawn).flatMap((line, place) => { const end = line.figures.findLast((one) => one.text !== undefined); return end ? [{ place, name: line.agency.name, value: end.value }] : []; })
    .sort((a, b) => b.value - a.value);
  let above = -Infinity;
  let heights = ends.map((one) => (above = Math.max((height * (ticks.at(-1) - one.value)) / span, above + 17)));
  let limit = height;
  heights = heights.reverse().map((one) => { const placed = Math.min(one, limit); limit = placed - 17; return placed; }).reverse();
  const names = ends.map((one, index) => ({ name: one.name.length > 13 ? `${one.name.slice(0, 12)}…` : one.name, place: one.place, value: ticks.at(-1) - (heights[index] / height) * span, year: last + 0.3 }));
  const rules = breaks.map(([after, size]) => ({ year: after + 0.5, size: sizes[size] }));
  const layers = frame.layer.map((one) => (one.name === "breaks" ? { ...one, data: { values: rules } } : one));
  const filled = { $name: measure.name, $unit: measure.unit || null };
  window.gongkaiChart(document.querySelector("figure.chart"), { ...frame, layer: layers, usermeta: { years, ticks, known: filled, data: { points, names } } });
})();
