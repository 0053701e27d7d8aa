// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// A conformance run: what each group of cases came to, then whatever did not simply pass.

const RESULTS = {
  pass: {state: "good", word: "passed"},
  fail: {state: "bad", word: "failed"},
  xfail: {state: "doubt", word: "xfail"},
  skip: {state: "plain", word: "skipped"},
};

function resultBadge(result) {
  const known = RESULTS[result] || {state: "doubt", word: result};
  return badge(known.state, known.word);
}

function casesWith(cases, result) {
  return cases.filter((one) => one.result === result).length;
}

function groupRows(conform) {
  return conform.groups.map((group) => {
    const cases = conform.cases.filter((one) => one.group === group.name);
    return {...group, all: cases, numbers: Object.fromEntries(Object.keys(RESULTS)
      .map((result) => [result, casesWith(cases, result)]))};
  });
}

function caseTable(caption, cases, filter) {
  return dataTable(caption, [
    {title: "case", value: (one) => one.name},
    {title: "result", value: (one) => Object.keys(RESULTS).indexOf(one.result), cell: (one) => resultBadge(one.result)},
    {title: "outcomes", number: true, value: (one) => one.outcomes_checked, cell: (one) => count(one.outcomes_checked)},
    {title: "mismatches", number: true, value: (one) => one.mismatches, cell: (one) => count(one.mismatches)},
    {title: "why", value: (one) => one.reason, class: "reason"},
  ], cases, {filter, searched: (one) => one.group});
}

function groupTable(conform) {
  const number = (title, value) => ({title, number: true, value, cell: (row) => count(value(row))});
  return dataTable(`Groups of run ${conform.run_id}`, [
    {title: "group", value: (row) => row.name.replaceAll("_", " ")},
    {title: "what", value: (row) => row.title, class: "reason"},
    {title: "cases", unsorted: true, class: "picture", cell: (row) => sharePicture(Object.entries(RESULTS)
      .map(([result, {state}]) => ({state, number: row.numbers[result]})))},
    ...Object.entries(RESULTS).map(([result, {word}]) => number(word, (row) => row.numbers[result])),
    number("outcomes", (row) => row.outcomes_checked),
    number("mismatches", (row) => row.mismatches),
    {title: "seconds", number: true, value: (row) => row.duration_s, cell: (row) => quantity(row.duration_s)},
  ], groupRows(conform), {more: (row) => () => caseTable(`Cases of ${row.name}`, row.all)});
}

function conformSection(conform, suffix) {
  const odd = conform.cases.filter((one) => one.result !== "pass");
  return section(`conformance${suffix}`, "Conformance",
    h("p", {class: "lead"}, `${plural(conform.outcomes_checked, "outcome")} of ${plural(conform.cases.length, "case")} ` +
      `compared with the rules: ${plural(conform.mismatches, "mismatch", "mismatches")}, and ` +
      `${count(conform.expected_mismatches)} in cases that are expected to fail.`),
    definitions([
      ["run", conform.run_id], ["depth", conform.depth], ["started", time(conform.started_utc)],
      ["took", duration(conform.duration_s)], ["seed", conform.seed], ["command", commandLine(conform.command_line)],
    ]),
    groupTable(conform),
    odd.length > 0 ? caseTable("Cases that did not simply pass", odd, "Filter these cases") : null);
}
