// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// What a gate decided about a change, row by row.

const VERDICTS = {
  failed: {state: "bad", word: "failed"},
  regression: {state: "bad", word: "regression"},
  inconclusive: {state: "doubt", word: "inconclusive"},
  improvement: {state: "good", word: "improvement"},
  no_change: {state: "good", word: "no change"},
  skipped: {state: "plain", word: "skipped"},
};

function verdictBadge(verdict) {
  return badge(VERDICTS[verdict].state, VERDICTS[verdict].word);
}

function verdictCounts(rows) {
  return Object.keys(VERDICTS).map((verdict) => [verdict, rows.filter((row) => row.verdict === verdict).length])
    .filter(([, number]) => number > 0);
}

function gateReach(rows) {
  const ends = rows.flatMap((row) => [row.change.low, row.change.high, 1.5 * row.threshold]).filter(isNumber).map(Math.abs);
  const wanted = Math.max(...ends, 0.01);
  return [0.01, 0.02, 0.05, 0.1, 0.2, 0.5].find((reach) => reach >= wanted) || 1;
}

function gateSamples(row) {
  const points = (samples) => samples.map((value, index) => ({x: index + 1, y: {value, low: null, high: null}}));
  return lineChart({
    title: `Processes of ${row.name} in the order they ran`, x_title: "process", y_title: row.quantity.replaceAll("_", " "),
    x_scale: "linear", y_scale: "linear", baseline: [],
    series: [{name: "base", points: points(row.base_samples)}, {name: "candidate", points: points(row.candidate_samples)}],
  });
}

function gateDetails(row) {
  if (row.samples === 0) return h("div", {class: "details"}, definitions([["what", row.title], ["why", row.reason]]));
  return h("div", {class: "details"},
    definitions([
      ["what", row.title],
      ["base", interval(row.base)], ["candidate", interval(row.candidate)],
      ["change", `${interval(row.change, signedPercent)} at ${percent(row.confidence, 2)} confidence`],
      ["p value", `${quantity(row.p_value)}, ${quantity(row.p_adjusted)} over all rows`],
      ["what counts as no change", `less than ${percent(row.threshold, 2)} or ${quantity(row.absolute_floor)}; the base ` +
        `against itself showed ${percent(row.noise_floor, 2)}`],
      ["processes", `${count(row.samples)} of each side` +
        (row.further_samples === null ? "" : `; ${count(row.further_samples)} more would decide`)],
    ]),
    row.base_samples.length > 0 ? gateSamples(row) : null);
}

function gateColumns(reach) {
  const decided = (row) => isNumber(row.change.value) && row.samples > 0;
  const number = (title, value, write) =>
    ({title, number: true, value: (row) => decided(row) ? value(row) : null, cell: (row) => decided(row) ? write(value(row)) : ""});
  return [
    {title: "row", value: (row) => row.name, cell: (row) => breakable(row.name)},
    {title: "verdict", value: (row) => Object.keys(VERDICTS).indexOf(row.verdict), cell: (row) => verdictBadge(row.verdict)},
    {title: "quantity", value: (row) => row.quantity.replaceAll("_", " ")},
    number("base", (row) => row.base.value, quantity),
    number("candidate", (row) => row.candidate.value, quantity),
    number("change", (row) => row.change.value, signedPercent),
    {title: `change, \u00b1 ${percent(reach, 0)}`, unsorted: true, class: "picture",
     cell: (row) => decided(row) ? changePicture(row, reach) : ""},
    number("p, adjusted", (row) => row.p_adjusted, quantity),
    {title: "why", value: (row) => row.reason, class: "reason"},
  ];
}

function gateSection(gate, suffix) {
  const reach = gateReach(gate.rows.filter((row) => row.samples > 0));
  return section(`gate${suffix}`, "Gate",
    h("p", {class: "lead"}, "Verdict: ", verdictBadge(gate.verdict), ". Rows: ",
      verdictCounts(gate.rows).map(([verdict, number]) => `${count(number)} ${VERDICTS[verdict].word}`).join(", ") + ". ",
      `The shaded part of a picture is what counts as no change; the line is the interval that the verdict rests on.`),
    definitions([
      ["base", gate.base.description], ["candidate", gate.candidate.description],
      ["kind", gate.kind.replaceAll("_", " ")], ["mode", gate.mode], ["started", time(gate.started_utc)],
      ["took", duration(gate.duration_s)], ["seed", gate.seed], ["command", commandLine(gate.command_line)],
    ]),
    dataTable(`Rows of gate ${gate.run_id}`, gateColumns(reach), gate.rows,
      {filter: "Filter rows of the gate", more: (row) => () => gateDetails(row),
       searched: (row) => `${row.title} ${row.verdict}`}));
}
