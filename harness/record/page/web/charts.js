// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Line charts with intervals, drawn by uPlot: a figure with a legend, the chart, what is under the
// pointer, and the same numbers as a table.
//
// A chart is what harness/record/page/page_section.h says. Besides, `steps` are places on the x axis
// that are marked, and `label(x)` says what an x is.

const SCALES = {
  linear: {to: (value) => value, from: (value) => value},
  time: {to: (value) => value, from: (value) => value},
  log2: {to: Math.log2, from: (value) => 2 ** value},
  log10: {to: Math.log10, from: (value) => 10 ** value},
};
const DASHES = [[], [6, 3], [2, 3], [8, 3, 2, 3], [12, 4], [4, 2]];
const MARKS = ["circle", "square", "triangle", "diamond", "cross", "circle"];
const CHART_HEIGHT = 240;
const drawnCharts = new Set();

function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

function drawMark(context, kind, x, y, size) {
  context.beginPath();
  if (kind === "circle") context.arc(x, y, size, 0, 2 * Math.PI);
  if (kind === "square") context.rect(x - size * 0.9, y - size * 0.9, size * 1.8, size * 1.8);
  const corners = {
    triangle: [[0, -1.2], [1.1, 0.9], [-1.1, 0.9]],
    diamond: [[0, -1.3], [1.3, 0], [0, 1.3], [-1.3, 0]],
    cross: [[-1, -0.4], [-0.4, -0.4], [-0.4, -1], [0.4, -1], [0.4, -0.4], [1, -0.4], [1, 0.4], [0.4, 0.4], [0.4, 1],
            [-0.4, 1], [-0.4, 0.4], [-1, 0.4]],
  }[kind] || [];
  corners.forEach(([dx, dy], index) => context[index ? "lineTo" : "moveTo"](x + dx * size, y + dy * size));
  context.closePath();
  context.fill();
}

// All x in order, and of each series what it has there.
function alignedData(chart, xScale, yScale) {
  const xs = [...new Set(chart.series.flatMap((series) => series.points.map((point) => point.x)))].sort((a, b) => a - b);
  const columns = chart.series.map((series) => {
    const points = new Map(series.points.map((point) => [point.x, point]));
    return xs.map((x) => points.get(x) || null);
  });
  const y = (point) => point && isNumber(point.y.value) ? yScale.to(point.y.value) : null;
  return {xs, columns, data: [xs.map(xScale.to), ...columns.map((column) => column.map(y))]};
}

// 1, 2 and 5 of every power of ten within the range, or only 1 where that is too many.
function logarithmicTicks(low, high) {
  const ticks = [];
  for (let power = Math.floor(low) - 1; power <= high; power += 1) {
    for (const digit of high - low > 2 ? [1] : high - low > 0.6 ? [1, 2, 5] : [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 7, 8, 9]) {
      const at = Math.log10(digit) + power;
      if (at >= low && at <= high) ticks.push(at);
    }
  }
  return ticks;
}

// Noise must not fill the chart: the range is at least a tenth of the value.
function yRange(chart, scale) {
  const values = [...chart.series, ...chart.baseline].flatMap((series) => series.points)
    .flatMap((point) => [point.y.value, point.y.low, point.y.high]).filter((value) => isNumber(value));
  const usable = chart.y_scale === "log10" ? values.filter((value) => value > 0) : values;
  if (usable.length === 0) return [0, 1];
  let [low, high] = [Math.min(...usable), Math.max(...usable)].map(scale.to);
  if (chart.y_scale === "log10") return [low - 0.08, high + 0.08];
  const least = 0.1 * Math.max(Math.abs(low + high) / 2, 1e-9);
  const missing = Math.max(least - (high - low), 0) / 2 + 0.08 * Math.max(high - low, least);
  [low, high] = [low - missing, high + missing];
  // Steps have their size written above the line.
  if ((chart.steps || []).length > 0) high += 0.15 * (high - low);
  return [Math.min(...usable) >= 0 ? Math.max(low, 0) : low, high];
}

function xRange(data) {
  const [low, high] = [data[0][0], data[0][data[0].length - 1]];
  const pad = low === high ? 1 : 0.04 * (high - low);
  return [low - pad, high + pad];
}

function axis(title, size, extra) {
  return {
    label: title, labelSize: 20, labelGap: 2, labelFont: "12px system-ui, sans-serif", font: "12px system-ui, sans-serif",
    stroke: colour("ink-soft"), size, gap: 4,
    grid: {stroke: colour("grid"), width: 1}, ticks: {stroke: colour("grid"), width: 1, size: 4}, ...extra,
  };
}

// Days, or hours and minutes where the ticks are closer than that.
function timeTicks(splits) {
  const close = splits.length > 1 && splits[1] - splits[0] < 86400;
  return splits.map((seconds) => {
    const date = new Date(1000 * seconds);
    const day = date.toLocaleDateString("en-GB", {day: "numeric", month: "short", timeZone: "UTC"});
    const midnight = seconds % 86400 === 0;
    return close && !midnight ? date.toISOString().slice(11, 16) : day;
  });
}

// Charts of the page's own have none.
function xNames(chart) {
  return chart.x_names || [];
}

function axes(chart, data, xs) {
  const x = {linear: {}, time: {}, log10: {}, log2: {}}[chart.x_scale];
  if (chart.x_scale.startsWith("log")) {
    x.splits = () => data[0];
    x.values = () => xs.map((value) => count(value));
  } else if (xNames(chart).length > 0) {
    x.splits = () => xNames(chart).map((name, index) => index);
    x.values = () => xNames(chart);
  } else if (chart.x_scale === "linear") {
    x.values = (plot, splits) => splits.map((value) => Number.isInteger(value) ? count(value) : quantity(value));
    if (xs.every(Number.isInteger)) x.incrs = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9];
  } else if (chart.x_scale === "time") {
    x.values = (plot, splits) => timeTicks(splits);
  }
  const y = {values: (plot, splits) => splits.map((value) => quantity(value))};
  if (chart.y_scale === "log10") {
    y.splits = (plot) => logarithmicTicks(plot.scales.y.min, plot.scales.y.max);
    y.values = (plot, splits) => splits.map((value) => value < 0 ? quantity(10 ** value) : count(10 ** value));
  }
  const width = (plot, values) => 16 + 7 * Math.max(...(values || [""]).map((value) => value.length));
  return [axis(chart.x_title, 26, x), axis(chart.y_title, width, y)];
}

function drawIntervals(plot, column, yScale, index) {
  const {ctx: context} = plot;
  const unit = devicePixelRatio;
  context.save();
  context.setLineDash([]);
  context.strokeStyle = context.fillStyle = colour(`series-${index + 1}`);
  context.lineWidth = 1.2 * unit;
  const many = column.length > 60;
  column.forEach((point, i) => {
    if (!point || !isNumber(point.y.value)) return;
    const x = plot.valToPos(plot.data[0][i], "x", true);
    const y = (value) => plot.valToPos(yScale.to(value), "y", true) + unit / 2;
    if (isNumber(point.y.low) && isNumber(point.y.high)) {
      context.beginPath();
      for (const [from, to] of [[[x, y(point.y.low)], [x, y(point.y.high)]],
                                [[x - 4 * unit, y(point.y.low)], [x + 4 * unit, y(point.y.low)]],
                                [[x - 4 * unit, y(point.y.high)], [x + 4 * unit, y(point.y.high)]]]) {
        context.moveTo(...from);
        context.lineTo(...to);
      }
      context.stroke();
    }
    if (!many) drawMark(context, MARKS[index % MARKS.length], x, y(point.y.value), 3.6 * unit);
  });
  context.restore();
}

function drawDashed(context, dash, [fromX, fromY], [toX, toY]) {
  context.setLineDash(dash);
  context.beginPath();
  context.moveTo(fromX, fromY);
  context.lineTo(toX, toY);
  context.stroke();
}

// Readable also where lines run behind it.
function drawText(context, text, x, y, unit) {
  context.save();
  context.setLineDash([]);
  context.lineWidth = 4 * unit;
  context.strokeStyle = colour("ground");
  context.strokeText(text, x, y);
  context.restore();
  context.fillText(text, x, y);
}

function drawBaselines(plot, chart, yScale, unit) {
  const {ctx: context, bbox} = plot;
  const right = bbox.left + bbox.width;
  context.fillStyle = context.strokeStyle = colour("ink-soft");
  context.textAlign = "right";
  for (const level of chart.baseline) {
    const value = level.points[0].y.value;
    const y = plot.valToPos(yScale.to(value), "y", true);
    drawDashed(context, [3 * unit, 3 * unit], [bbox.left, y], [right, y]);
    drawText(context, `${level.name}: ${quantity(value)}`, right - 4 * unit, y - 5 * unit, unit);
  }
}

function drawSteps(plot, chart, xScale, unit) {
  const {ctx: context, bbox} = plot;
  context.fillStyle = context.strokeStyle = colour("bad");
  for (const step of chart.steps || []) {
    const x = plot.valToPos(xScale.to(step.x), "x", true);
    const atRight = x > bbox.left + bbox.width * 0.7;
    drawDashed(context, [5 * unit, 3 * unit], [x, bbox.top], [x, bbox.top + bbox.height]);
    context.textAlign = atRight ? "right" : "left";
    drawText(context, step.text, x + (atRight ? -4 : 4) * unit, bbox.top + 12 * unit, unit);
  }
}

function drawMarks(plot, chart, xScale, yScale) {
  const unit = devicePixelRatio;
  plot.ctx.save();
  plot.ctx.lineWidth = unit;
  plot.ctx.font = `${12 * unit}px system-ui, sans-serif`;
  drawBaselines(plot, chart, yScale, unit);
  drawSteps(plot, chart, xScale, unit);
  plot.ctx.restore();
}

function xText(chart, x) {
  if (chart.label) return chart.label(x);
  if (xNames(chart).length > 0) return xNames(chart)[x];
  if (chart.x_scale === "time") return time(new Date(1000 * x).toISOString());
  return `${isNumber(x) && Number.isInteger(x) ? count(x) : quantity(x)} ${chart.x_title}`;
}

function pointText(point) {
  return isNumber(point.y.low) ? interval(point.y) : quantity(point.y.value);
}

function readout(chart, aligned, index) {
  if (index === null || index === undefined) return "\u00a0";
  const values = aligned.columns.map((column, i) => column[index] && `${chart.series[i].name} ${pointText(column[index])}`);
  return `${xText(chart, aligned.xs[index])}: ${values.filter(Boolean).join("; ")}`;
}

function plotInto(holder, output, chart) {
  const xScale = SCALES[chart.x_scale];
  const yScale = SCALES[chart.y_scale];
  const aligned = alignedData(chart, xScale, yScale);
  const series = chart.series.map((one, index) => ({
    label: one.name, stroke: colour(`series-${index % 6 + 1}`), width: 1.6, dash: DASHES[index % DASHES.length],
    spanGaps: true, points: {show: false},
  }));
  const options = {
    width: Math.max(holder.clientWidth, 200), height: CHART_HEIGHT, series: [{}, ...series],
    scales: {x: {time: chart.x_scale === "time", range: () => xRange(aligned.data)}, y: {range: () => yRange(chart, yScale)}},
    axes: axes(chart, aligned.data, aligned.xs), legend: {show: false},
    cursor: {y: false, drag: {x: false, y: false}, points: {size: 9}},
    tzDate: (seconds) => uPlot.tzDate(new Date(1000 * seconds), "Etc/UTC"),
    hooks: {
      drawSeries: [(plot, index) => drawIntervals(plot, aligned.columns[index - 1], yScale, (index - 1) % 6)],
      draw: [(plot) => drawMarks(plot, chart, xScale, yScale)],
      setCursor: [(plot) => { output.textContent = readout(chart, aligned, plot.cursor.idx); }],
    },
  };
  return new uPlot(options, aligned.data, holder);
}

function legend(chart) {
  return h("ul", {class: "legend"}, ...chart.series.map((series, index) => {
    const swatch = h("canvas", {width: 56, height: 20, "aria-hidden": "true"});
    drawSwatch(swatch, index);
    drawnCharts.add({redraw: () => drawSwatch(swatch, index), element: swatch});
    return h("li", {}, swatch, series.name);
  }));
}

function drawSwatch(canvas, index) {
  const context = canvas.getContext("2d");
  context.clearRect(0, 0, canvas.width, canvas.height);
  context.strokeStyle = context.fillStyle = colour(`series-${index % 6 + 1}`);
  context.lineWidth = 3;
  context.setLineDash(DASHES[index % DASHES.length].map((length) => 2 * length));
  context.beginPath();
  context.moveTo(0, 10);
  context.lineTo(56, 10);
  context.stroke();
  drawMark(context, MARKS[index % MARKS.length], 28, 10, 7);
}

function chartTable(chart) {
  const rows = [...chart.baseline, ...chart.series].flatMap((series) =>
    series.points.map((point) => ({name: series.name, point})));
  return dataTable(`${chart.title}: the numbers`, [
    {title: "series", value: (row) => row.name},
    {title: chart.x_title, value: (row) => row.point.x, cell: (row) => xText(chart, row.point.x), number: true},
    {title: chart.y_title, value: (row) => row.point.y.value, cell: (row) => quantity(row.point.y.value), number: true},
    {title: "low", value: (row) => row.point.y.low, cell: (row) => quantity(row.point.y.low), number: true},
    {title: "high", value: (row) => row.point.y.high, cell: (row) => quantity(row.point.y.high), number: true},
  ], rows);
}

function chartText(chart) {
  const ends = chart.series.filter((series) => series.points.length > 0).map((series) => {
    const [first, last] = [series.points[0], series.points[series.points.length - 1]];
    return `${series.name}: ${quantity(first.y.value)} at ${xText(chart, first.x)}, ` +
      `${quantity(last.y.value)} at ${xText(chart, last.x)}`;
  });
  const steps = (chart.steps || []).map((step) => `step of ${step.text} at ${xText(chart, step.x)}`);
  return `Line chart of ${chart.y_title} by ${chart.x_title}. ${[...ends, ...steps].join("; ")}.`;
}

function lineChart(chart) {
  const holder = h("div", {class: "chart", role: "img", "aria-label": chartText(chart)});
  const output = h("p", {class: "readout", "aria-hidden": "true"}, "\u00a0");
  const figure = h("figure", {}, h("figcaption", {}, chart.title),
    chart.series.length > 1 ? legend(chart) : null, holder, output,
    disclosure("The numbers", () => chartTable(chart)));
  let plot = null;
  const draw = () => {
    if (!holder.isConnected || holder.clientWidth === 0) return;
    if (plot) plot.destroy();
    plot = plotInto(holder, output, chart);
  };
  let width = 0;
  new ResizeObserver(() => {
    if (holder.clientWidth === width) return;
    width = holder.clientWidth;
    draw();
  }).observe(holder);
  drawnCharts.add({redraw: draw, element: holder});
  return figure;
}

// Canvases do not follow the colours of the page by themselves.
function redrawCharts() {
  for (const chart of drawnCharts) {
    if (chart.element.isConnected) chart.redraw();
  }
}
