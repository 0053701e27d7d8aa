// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Small pictures in tables: what they show stands beside them as numbers, too.

function clamp(value, low, high) {
  return Math.min(Math.max(value, low), high);
}

// Samples as a histogram around their median, from -reach to +reach of it, so that rows of any
// latency can be compared. What lies beyond is counted in the outermost bars.
function distributionPicture(row, reach) {
  const width = 168;
  const height = 26;
  const bins = 42;
  const median = row.latency_ns.value;
  const at = (value) => clamp((value / median - 1) / (2 * reach) + 0.5, 0, 1) * width;
  const counts = new Array(bins).fill(0);
  const samples = row.samples_ns.filter(isNumber);
  for (const sample of samples) counts[Math.min(Math.floor(at(sample) / width * bins), bins - 1)] += 1;
  const most = Math.max(...counts, 1);
  const bars = counts.map((number, bin) => number === 0 ? null : s("rect", {
    x: bin * width / bins + 0.5, width: width / bins - 0.8,
    y: height - 3 - Math.max(number / most * (height - 5), 1.2), height: Math.max(number / most * (height - 5), 1.2),
    class: bin === 0 || bin === bins - 1 ? "beyond" : "bar",
  }));
  const d = row.batch_latency_ns;
  const label = `Batches from ${quantity(d.min)} to ${quantity(d.max)} ns, half of them between ${quantity(d.p25)} ` +
    `and ${quantity(d.p75)}`;
  return s("svg", {class: "distribution", viewBox: `0 0 ${width} ${height}`, width, height, role: "img",
                   "aria-label": label},
    ...bars,
    s("line", {x1: 0, x2: width, y1: height - 2.5, y2: height - 2.5, class: "ground"}),
    s("line", {x1: at(d.p25), x2: at(d.p75), y1: height - 2.5, y2: height - 2.5, class: "half"}),
    s("line", {x1: width / 2, x2: width / 2, y1: 0, y2: height, class: "middle"}));
}

// The greatest deviation that most rows stay within, as a round number.
function reachOf(rows) {
  const deviations = rows.map((row) => Math.max(row.batch_latency_ns.p95 / row.latency_ns.value - 1,
                                                1 - row.batch_latency_ns.p5 / row.latency_ns.value))
    .filter(isNumber).sort((a, b) => a - b);
  const wanted = deviations.length ? deviations[Math.floor(0.9 * (deviations.length - 1))] : 0;
  return [0.02, 0.05, 0.1, 0.15, 0.25, 0.5].find((reach) => reach >= wanted) || 1;
}

// A change with its interval beside zero, and what counts as none in between the two bounds.
function changePicture(row, reach) {
  const width = 168;
  const height = 20;
  const at = (value) => clamp(value / (2 * reach) + 0.5, 0, 1) * width;
  if (!isNumber(row.change.value) || !isNumber(row.change.low) || !isNumber(row.change.high)) return ABSENT;
  return s("svg", {class: "change", viewBox: `0 0 ${width} ${height}`, width, height, role: "img",
                   "aria-label": `Change ${interval(row.change, signedPercent)}, threshold ${percent(row.threshold, 2)}`},
    s("rect", {x: at(-row.threshold), width: Math.max(at(row.threshold) - at(-row.threshold), 1), y: 0, height,
               class: "margin"}),
    s("line", {x1: width / 2, x2: width / 2, y1: 0, y2: height, class: "ground"}),
    s("line", {x1: at(row.change.low), x2: at(row.change.high), y1: height / 2, y2: height / 2,
               class: `span ${VERDICTS[row.verdict].state}`}),
    s("circle", {cx: at(row.change.value), cy: height / 2, r: 3.5, class: `dot ${VERDICTS[row.verdict].state}`}));
}

// Parts of a whole, in their order: [{state, number}].
function sharePicture(parts) {
  const width = 120;
  const height = 10;
  const whole = parts.reduce((sum, part) => sum + part.number, 0);
  let x = 0;
  const rects = parts.filter((part) => part.number > 0).map((part) => {
    const size = part.number / whole * width;
    const rect = s("rect", {x, width: Math.max(size - 0.6, 0.6), y: 0, height, class: part.state});
    x += size;
    return rect;
  });
  return s("svg", {class: "share", viewBox: `0 0 ${width} ${height}`, width, height, "aria-hidden": "true"}, ...rects);
}
