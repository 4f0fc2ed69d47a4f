// Draws the charts of a page with Vega-Lite; expressions are interpreted, never compiled, so that no eval is needed.
"use strict";
(() => {
  const styles = () => getComputedStyle(document.documentElement);
  const token = (name) => styles().getPropertyValue(name).trim();
  const palette = () => Array.from({ length: 8 }, (_, place) => token(`--c${place}`));
  const printPalette = ["#1b4f8a", "#b3471b", "#2f7d4f", "#7a3b8f", "#8a6d1b", "#a3264f", "#2f6f7a", "#555555"];
  const font = 'system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", gongkai-sc, sans-serif';

  // Fill in what only the page knows: colours, width, whether names fit beside the lines.
  const prepare = (spec, colours, wide, title) => {
    const { years, ticks, data } = spec.usermeta;
    const known = {
      $palette: colours.palette, $page: colours.page, $years: years, $ticks: ticks, $points: data.points, $names: data.names, ...spec.usermeta.known,
      $span: [years[0] - 0.3, years[years.length - 1] + 0.3], $range: [ticks[0], ticks[ticks.length - 1]],
    };
    const filled = JSON.parse(JSON.stringify({ ...spec, usermeta: undefined }), (key, value) => (Object.hasOwn(known, value) ? known[value] : value));
    filled.layer = filled.layer.filter((layer) => layer.name !== "breaks"
      || (layer.data.values = layer.data.values.filter((one) => one.year > years[0] && one.year < years[years.length - 1])).length);
    if (!wide) filled.layer = filled.layer.filter((layer) => layer.name !== "names");
    if (!title) delete filled.title;
    filled.padding = { left: 4, top: 8, bottom: 4, right: 12 };
    filled.autosize = { type: "fit-x", contains: "padding" };
    filled.background = title ? colours.page : null;
    filled.config = {
      font,
      view: { stroke: null },
      axis: { labelColor: colours.soft, titleColor: colours.soft, domainColor: colours.ink, tickColor: colours.ink, gridColor: colours.line, labelFontSize: 12, titleFontWeight: "normal" },
      axisY: { domain: false, ticks: false, titleAngle: 0, titleAlign: "left", titleAnchor: "end", titleX: -28, titleY: -8 },
      title: { anchor: "start", color: colours.ink, subtitleColor: colours.soft, fontSize: 17, offset: 14 },
      style: { break: { stroke: colours.bad }, "break-text": { fill: colours.bad, fontSize: 11 } },
    };
    return filled;
  };
  const view = (spec, options) => new vega.View(
    vega.parse(vegaLite.compile(spec).spec, null, { ast: true }),
    { expr: vega.expressionInterpreter, renderer: "svg", logLevel: vega.Error, ...options },
  );
  const screenColours = () => ({ palette: palette(), page: token("--page"), ink: token("--ink"), soft: token("--soft"), line: token("--line"), bad: token("--error") });
  const paperColours = { palette: printPalette, page: "#ffffff", ink: "#111111", soft: "#555555", line: "#dddddd", bad: "#a4262c" };

  // Tooltips of our own: those of the library write style elements, which the policy forbids.
  const tooltip = (handler, event, item, value) => {
    document.getElementById("vg-tooltip")?.remove();
    if (!value) return;
    const box = document.createElement("div");
    box.id = "vg-tooltip";
    box.textContent = String(value);
    document.body.append(box);
    box.style.left = `${Math.min(event.clientX + 12, innerWidth - box.offsetWidth - 8)}px`;
    box.style.top = `${event.clientY + 14}px`;
  };

  const paper = async (spec) => {
    const found = view({ ...prepare(spec, paperColours, true, true), width: 900 }, {}).initialize();
    await found.runAsync();
    return found;
  };
  const hand = (blob, name) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  };
  const picture = async (spec) => {
    const canvas = await (await paper(spec)).toCanvas(2);
    return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
  };
  const save = async (kind, spec, button) => {
    const name = (spec.usermeta.known?.$name || spec.title.text || "chart").replace(/[^\p{L}\p{N}]+/gu, "-").slice(0, 60);
    if (kind === "svg") hand(new Blob([await (await paper(spec)).toSVG()], { type: "image/svg+xml" }), `${name}.svg`);
    if (kind === "png") hand(await picture(spec), `${name}.png`);
    if (kind === "copy") {
      await navigator.clipboard.write([new ClipboardItem({ "image/png": picture(spec) })]);
      button.textContent = button.dataset.done;
    }
  };

  const draw = async (figure, spec) => {
    const place = figure.querySelector(".drawing");
    const wide = place.clientWidth > 620;
    place.replaceChildren();
    const filled = { ...prepare(spec, screenColours(), wide, false), width: place.clientWidth };
    await view(filled, { container: place, hover: true, tooltip }).runAsync();
    const svg = place.querySelector("svg");
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", place.dataset.title || spec.usermeta.known?.$name || spec.title.text);
    figure.dataset.drawn = "yes";
  };
  const start = (figure, spec) => {
    if (!window.vega || !window.vegaLite) return; // the drawing made without script stays
    draw(figure, spec);
    let width = figure.clientWidth;
    addEventListener("resize", () => { if (figure.clientWidth !== width) { width = figure.clientWidth; draw(figure, spec); } });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => draw(figure, spec));
    const buttons = figure.querySelector(".chart-buttons");
    if (!buttons) return;
    buttons.hidden = false;
    for (const button of buttons.querySelectorAll("button")) {
      if (button.dataset.save === "copy" && !navigator.clipboard?.write) button.remove();
      else button.onclick = () => save(button.dataset.save, spec, button);
    }
  };
  window.gongkaiChart = start;
  window.gongkaiCharts = (content) => {
    for (const figure of content.querySelectorAll("figure.chart")) {
      const place = figure.querySelector(".drawing[data-spec]");
      if (place) start(figure, JSON.parse(place.dataset.spec));
    }
  };
  window.gongkaiCharts(document);
})();
