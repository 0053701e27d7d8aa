// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Each row's median over many runs. Where it moved to another level was decided by
// harness/record/page/steps.cc.

function stepText(step) {
  return signedPercent(step.after_ns / step.before_ns - 1);
}

function runText(run) {
  return `${time(run.started_utc)}, kernel ${run.kernel_release || ABSENT}, sklab ${run.sklab_version || ABSENT}`;
}

// Runs are numbered from 1; a step lies between two.
function placeText(x, runs) {
  return Number.isInteger(x) ? `run ${x}, ${runText(runs[x - 1])}` : `between runs ${Math.floor(x)} and ${Math.ceil(x)}`;
}

function trendChart(row, runs) {
  return lineChart({
    title: row.name, x_title: "run, the oldest first", y_title: "ns/lookup", x_scale: "linear", y_scale: "linear",
    baseline: [], label: (x) => placeText(x, runs),
    series: [{name: row.name, points: row.points.map((point) => ({x: point.run + 1, y: point.latency_ns}))}],
    steps: row.steps.map((step) => ({x: step.run + 0.5, text: stepText(step)})),
  });
}

function stepTable(trends) {
  const steps = trends.rows.flatMap((row) => row.steps.map((step) => ({row, step, run: trends.runs[step.run]})));
  if (steps.length === 0) return h("p", {}, "No row has a step.");
  return dataTable("Steps", [
    {title: "row", value: ({row}) => row.name},
    {title: "change", number: true, value: ({step}) => step.after_ns / step.before_ns - 1, cell: ({step}) => stepText(step)},
    {title: "before, ns", number: true, value: ({step}) => step.before_ns, cell: ({step}) => quantity(step.before_ns)},
    {title: "after, ns", number: true, value: ({step}) => step.after_ns, cell: ({step}) => quantity(step.after_ns)},
    {title: "first run after", number: true, value: ({step}) => step.run, cell: ({step}) => count(step.run + 1)},
    {title: "started", value: ({run}) => run.started_utc, cell: ({run}) => time(run.started_utc)},
    {title: "what else changed", value: ({step}) => step.changed.map((name) => name.replaceAll("_", " ")).join(", "),
     cell: ({step}) => step.changed.map((name) => name.replaceAll("_", " ")).join(", ") || "nothing known", class: "reason"},
  ], steps, {filter: steps.length > 12 ? "Filter steps" : null});
}

function runTable(trends) {
  return dataTable("Runs", [
    {title: "run", number: true, value: (run) => run.number, cell: (run) => count(run.number)},
    {title: "started", value: (run) => run.started_utc, cell: (run) => time(run.started_utc)},
    {title: "kernel", value: (run) => run.kernel_release},
    {title: "sklab", value: (run) => run.sklab_version},
    {title: "CPU", value: (run) => run.cpu_model},
    {title: "name", value: (run) => run.run_id},
  ], trends.runs.map((run, index) => ({...run, number: index + 1})));
}

function multiplesOf(rows, runs) {
  return h("div", {class: "multiples"}, ...rows.map((row) => trendChart(row, runs)));
}

function trendSection(trends) {
  if (trends.rows.length === 0) return null;
  const stepped = trends.rows.filter((row) => row.steps.length > 0);
  const level = trends.rows.filter((row) => row.steps.length === 0);
  const tables = [...new Set(level.map((row) => tableOf(row.name)))];
  return section("trends", "Trends",
    h("p", {class: "lead"}, `Medians of ${plural(trends.runs.length, "run")}, with their 95 % intervals. A step is ` +
      `marked between two runs if the up to nine on either side, five at least, tell two levels: the 95 % intervals of ` +
      `their medians do not overlap, and the medians differ by more than 1 %. Single runs that are off are no step.`),
    stepTable(trends),
    stepped.length > 0 ? multiplesOf(stepped, trends.runs) : null,
    ...tables.map((table) => {
      const rows = level.filter((row) => tableOf(row.name) === table);
      return disclosure(`${table || "others"}: ${plural(rows.length, "row")} without a step`,
        () => multiplesOf(rows, trends.runs));
    }),
    disclosure("All runs", () => runTable(trends)));
}
