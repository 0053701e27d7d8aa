// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// A fuzz campaign: what each target did, and what was found. Of several runs, also how they went on.

const ENDS = {
  time: "its time was over", interrupted: "it was interrupted", first_finding: "it found something",
  no_target: "no target can run here", failure: "it failed",
};

function targetState(target) {
  if (target.failed) return badge("bad", "failed");
  return target.skipped ? badge("plain", "skipped") : badge("good", "ran");
}

function targetTable(campaign) {
  const number = (title, value, write = count) => ({title, number: true, value, cell: (row) => write(value(row))});
  const share = (row) => row.run.seconds > 0 ? row.run.kernel_ns / 1e9 / row.run.seconds : null;
  return dataTable(`Targets of run ${campaign.run} in ${campaign.folder}`, [
    {title: "target", value: (row) => row.name},
    {title: "state", value: (row) => row.failed ? 0 : row.skipped ? 1 : 2, cell: targetState},
    number("seconds", (row) => row.run.seconds, quantity),
    number("inputs/s", (row) => row.run.executions_per_s),
    number("checked", (row) => row.run.checked),
    number("checked/s", (row) => row.run.checked_per_s),
    number("in the kernel", share, (value) => percent(value, 0)),
    number("corpus", (row) => row.corpus_inputs),
    number("coverage", (row) => row.coverage),
    number("features", (row) => row.features),
    number("checked, all runs", (row) => row.all_runs.checked),
    {title: "why", value: (row) => row.failed || row.skipped, class: "reason"},
  ], campaign.targets);
}

function findingTable(campaign) {
  return dataTable(`Findings in ${campaign.folder}`, [
    {title: "finding", value: (one) => one.signature, class: "reason"},
    {title: "target", value: (one) => one.target},
    {title: "when", value: (one) => one.new ? 0 : 1, cell: (one) => one.new ? badge("bad", "in this run") : badge("doubt", "before")},
    {title: "folder", value: (one) => one.folder, cell: (one) => h("code", {}, one.folder)},
  ], campaign.findings);
}

function campaignNotes(campaign) {
  const notes = [...campaign.notes];
  if (campaign.failure) notes.unshift(campaign.failure);
  if (campaign.continues_killed_run) notes.push("The run before was killed; this one went on with all it had.");
  if (campaign.corrupt_inputs > 0) notes.push(`${plural(campaign.corrupt_inputs, "damaged input")} moved out of the corpora.`);
  if (campaign.other_version_inputs > 0) {
    notes.push(`${plural(campaign.other_version_inputs, "input")} of other versions or targets skipped.`);
  }
  return notes.length > 0 ? h("ul", {class: "notes"}, ...notes.map((note) => h("li", {}, note))) : null;
}

// One chart a quantity, a line a target, over the runs that are known.
function campaignCharts(campaigns) {
  const runs = [...campaigns].sort((a, b) => compareValues(a.started_utc, b.started_utc))
    .filter((run) => isNumber(Date.parse(run.started_utc)));
  const names = [...new Set(runs.flatMap((run) => run.targets.map((target) => target.name)))].sort();
  const chart = (title, yTitle, value) => ({
    title, x_title: "start of the run, UTC", y_title: yTitle, x_scale: "time", y_scale: "log10", baseline: [],
    series: names.map((name) => ({name, points: runs.flatMap((run) => {
      const target = run.targets.find((one) => one.name === name);
      const y = target && !target.skipped ? value(target) : null;
      return y > 0 ? [{x: Date.parse(run.started_utc) / 1000, y: {value: y, low: null, high: null}}] : [];
    })})).filter((series) => series.points.length > 0),
  });
  return [
    chart("Checked a second", "checked/s", (target) => target.run.checked_per_s),
    chart("Features reached", "features", (target) => target.features),
    chart("Inputs in the corpus", "inputs", (target) => target.corpus_inputs),
  ].filter((one) => one.series.length > 0);
}

function campaignSection(campaign, suffix) {
  const found = campaign.findings.filter((one) => one.new).length;
  return section(`fuzz${suffix}`, "Fuzzing",
    h("p", {class: "lead"}, `Run ${campaign.run} took ${duration(campaign.duration_s)} and ended because ` +
      `${ENDS[campaign.end] || campaign.end}. It ran ${plural(campaign.total.executions, "input")}, checked ` +
      `${count(campaign.total.checked)} scenarios, programs, sequences or packets, and found ` +
      `${plural(found, "new finding")}; ${count(campaign.findings.length)} in the folder, met again ` +
      `${plural(campaign.total.known_findings, "time")}.`),
    definitions([
      ["rules", campaign.rules], ["started", time(campaign.started_utc)], ["kernel", campaign.kernel_release],
      ["sklab", campaign.sklab_version], ["jobs", count(campaign.jobs)], ["seed", campaign.seed],
    ]),
    campaignNotes(campaign),
    campaign.findings.length > 0 ? findingTable(campaign) : null,
    targetTable(campaign));
}

function campaignTrendSection(campaigns) {
  const charts = campaignCharts(campaigns);
  if (new Set(campaigns.map((campaign) => campaign.started_utc)).size < 2 || charts.length === 0) return null;
  return section("fuzz-trend", "Fuzzing over time",
    h("p", {class: "lead"}, "Each run of a campaign that is known to this page, by target."),
    h("div", {class: "multiples"}, ...charts.map(lineChart)));
}
