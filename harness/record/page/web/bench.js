// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// A run of sklab bench: how rows compare, then all of them with everything that is known of each.

const ROW_STATES = {ok: "good", failed: "bad", skipped: "plain"};

function tableOf(name) {
  return name.slice(0, Math.max(name.indexOf("/"), 0));
}

// Tables whose names differ in the protocol only have the same rows, and share a scale.
function scaleOf(table) {
  return table.replace(/^(udp|tcp)[46]/, "").replace(/^_dual$/, "");
}

function isScaling(table) {
  return table.endsWith("_programs") || table.endsWith("_sockets");
}

function measured(rows) {
  return rows.filter((row) => row.status === "ok" && isNumber(row.latency_ns.value));
}

// From 0, or logarithmic where the greatest value would leave nothing to see of the others.
function trackScale(rows) {
  const values = rows.flatMap((row) => [row.batch_latency_ns.p1, row.latency_ns.value, row.batch_latency_ns.p99])
    .filter((value) => isNumber(value) && value > 0);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const logarithmic = high > 12 * low;
  const to = logarithmic
    ? (value) => (Math.log(value) - Math.log(low * 0.9)) / (Math.log(high * 1.05) - Math.log(low * 0.9))
    : (value) => value / (high * 1.03);
  return {logarithmic, at: (value) => `${(100 * clamp(to(Math.max(value, low * 0.5)), 0, 1)).toFixed(2)}%`};
}

function track(row, scale, reference) {
  const d = row.batch_latency_ns;
  const place = (name, value) => h("span", {class: name, style: `left:${scale.at(value)}`});
  const span = (name, from, to) =>
    h("span", {class: name, style: `left:${scale.at(from)};right:calc(100% - ${scale.at(to)})`});
  return h("div", {class: "track", "aria-hidden": "true"},
    reference ? place("reference", reference.latency_ns.value) : null,
    span("most", d.p1, d.p99), span("half", d.p25, d.p75), place("dot", row.latency_ns.value));
}

// One table's rows from the same start, so that lengths can be compared.
function comparison(table, rows, scale, byName) {
  const lines = rows.map((row) => {
    const reference = row.difference && byName.get(row.difference.reference);
    const difference = row.difference ? signed(row.difference.latency_ns.value) : "";
    return h("tr", {}, h("th", {scope: "row", title: row.title}, breakable(row.name.slice(table.length + 1))),
      h("td", {class: "tracks"}, track(row, scale, reference)),
      h("td", {class: "number"}, quantity(row.latency_ns.value)),
      h("td", {class: "number soft"}, difference));
  });
  return h("table", {class: "comparison"},
    h("caption", {}, table, scale.logarithmic ? h("span", {class: "soft"}, " logarithmic") : null),
    h("thead", {}, h("tr", {}, h("th", {scope: "col"}, "row"), h("td", {}),
      h("th", {scope: "col", class: "number"}, "ns"), h("th", {scope: "col", class: "number"}, "adds"))),
    h("tbody", {}, ...lines));
}

function comparisons(run) {
  const rows = measured(run.rows).filter((row) => !isScaling(tableOf(row.name)));
  const byName = new Map(run.rows.map((row) => [row.name, row]));
  const tables = [...new Set(rows.map((row) => tableOf(row.name)))];
  return tables.map((table) => {
    const sharing = rows.filter((row) => scaleOf(tableOf(row.name)) === scaleOf(table));
    return comparison(table, rows.filter((row) => tableOf(row.name) === table), trackScale(sharing), byName);
  });
}

function comparisonSection(run, suffix) {
  const tables = comparisons(run);
  if (tables.length === 0) return null;
  return section(`comparison${suffix}`, "What a lookup costs",
    h("p", {class: "lead"}, "Nanoseconds per lookup. The dot is the median of all batches, the thick line holds half of " +
      "them, the thin line 98 %. The upright mark is the row that this one adds to: a median of differences within " +
      "rounds, so drift of the machine is not in it. Tables of the same rows share a scale."),
    h("div", {class: "multiples tables"}, ...tables));
}

function samplesChart(row) {
  const points = row.samples_ns.map((value, index) => ({x: index + 1, y: {value, low: null, high: null}}));
  return lineChart({title: `Batches of ${row.name} in the order they ran`, x_title: "batch", y_title: "ns/lookup",
                    x_scale: "linear", y_scale: "linear", baseline: [], series: [{name: row.name, points}]});
}

function rowDetails(row) {
  if (row.status !== "ok") {
    return h("div", {class: "details"}, h("p", {}, row.title), h("pre", {}, row.definition || "no definition"));
  }
  const quantiles = Object.entries(row.batch_latency_ns).map(([name, value]) => `${name} ${quantity(value)}`).join("  ");
  return h("div", {class: "details"},
    definitions([
      ["what", row.title],
      ["batches", `${count(row.batches)} of ${plural(row.lookups_per_batch, "lookup")} on ${plural(row.cpus, "CPU")}`],
      ["quantiles", quantiles],
      ["overhead taken off", `${quantity(row.overhead_ns)} ns`],
      ["checked", `${plural(row.verified_lookups, "lookup")} besides those timed`],
      ["selected", row.selected_socket || "no socket"],
      ["program runs", row.program_runs.map(count).join(", ")],
      ["counters", Object.entries(row.counters).map(([name, value]) => counterText(name, value)).join(", ")],
    ]),
    samplesChart(row), h("pre", {}, row.definition));
}

function latencyCell(row) {
  return row.status === "ok" ? quantity(row.latency_ns.value) : badge(ROW_STATES[row.status], row.status);
}

function rowColumns(reach) {
  const ok = (row) => row.status === "ok";
  const number = (title, value, write = quantity) =>
    ({title, number: true, value: (row) => ok(row) ? value(row) : null, cell: (row) => ok(row) ? write(value(row), row) : ""});
  return [
    {title: "row", value: (row) => row.name, cell: (row) => breakable(row.name)},
    {title: "ns/lookup", number: true, value: (row) => ok(row) ? row.latency_ns.value : null, cell: latencyCell},
    number("\u00b1", (row) => halfWidth(row.latency_ns)),
    {title: `batches, median \u00b1 ${percent(reach, 0)}`, unsorted: true, class: "picture",
     cell: (row) => ok(row) ? distributionPicture(row, reach) : h("span", {class: "reason"}, row.reason)},
    number("p1", (row) => row.batch_latency_ns.p1),
    number("p99", (row) => row.batch_latency_ns.p99),
    number("difference", (row) => row.difference ? row.difference.latency_ns.value : null,
      (value, row) => row.difference ? `${signed(value)} \u00b1 ${quantity(halfWidth(row.difference.latency_ns))}` : ""),
    {title: "to", value: (row) => row.difference ? row.difference.reference : ""},
    {title: "path", value: (row) => row.path},
  ];
}

function rowsSection(run, suffix) {
  const reach = reachOf(measured(run.rows));
  return section(`rows${suffix}`, "All rows",
    h("p", {class: "lead"}, `Medians with half of their 95 % intervals. The picture has every batch of a row around ` +
      `the median; batches further off than ${percent(reach, 0)} are counted at its ends. A batch averages thousands of ` +
      `lookups: this is not how single lookups are distributed.`),
    dataTable(`Rows of run ${run.run_id}`, rowColumns(reach), run.rows,
      {filter: "Filter rows", more: (row) => () => rowDetails(row),
       searched: (row) => `${row.title} ${row.status} ${row.reason}`}));
}

function selfChecks(run) {
  return run.self_checks.length === 0 ? null : dataTable("Checks of the measurement itself", [
    {title: "check", value: (check) => check.name.replaceAll("_", " ")},
    {title: "row", value: (check) => check.row},
    {title: "result", value: (check) => check.passed ? "passed" : "failed",
     cell: (check) => badge(check.passed ? "good" : "bad", check.passed ? "passed" : "failed")},
    {title: "value", number: true, value: (check) => check.value.value,
     cell: (check) => `${interval(check.value)} ${check.unit}`},
    {title: "expected", value: (check) => check.expectation},
  ], run.self_checks);
}

function runSection(run, suffix) {
  return section(`run${suffix}`, "How it was measured",
    definitions([
      ["run", run.run_id], ["started", time(run.started_utc)], ["took", duration(run.duration_s)], ["mode", run.mode],
      ["seed", run.seed], ["command", commandLine(run.command_line)],
    ]), selfChecks(run));
}

