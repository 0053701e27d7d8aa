// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// The top of the page: what everything came to, and on which machine.

function card(title, state, word, text, target) {
  return h("li", {class: `card ${state}`},
    h("h3", {}, h("a", {href: `#${target}`}, title)), h("p", {class: "word"}, badge(state, word)), h("p", {}, text));
}

function gateCard(gate, suffix) {
  const numbers = verdictCounts(gate.rows).map(([verdict, number]) => `${count(number)} ${VERDICTS[verdict].word}`);
  return card("Gate", VERDICTS[gate.verdict].state, VERDICTS[gate.verdict].word,
    `${plural(gate.rows.length, "row")}: ${numbers.join(", ")}`, `gate${suffix}`);
}

function benchCard(run, suffix) {
  const having = (status) => run.rows.filter((row) => row.status === status).length;
  const wrong = run.self_checks.filter((check) => !check.passed).length;
  const doubtful = wrong + run.warnings.length > 0;
  const state = having("failed") > 0 ? "bad" : having("ok") === 0 ? "plain" : doubtful ? "doubt" : "good";
  const word = {bad: `${plural(having("failed"), "row")} failed`, plain: "nothing measured", doubt: "measured, with doubts",
                good: "measured and checked"}[state];
  return card("Benchmark", state, word,
    `${plural(having("ok"), "row")} measured, ${count(having("failed"))} failed, ${count(having("skipped"))} skipped; ` +
    `${count(run.self_checks.length - wrong)} of ${plural(run.self_checks.length, "self-check")} passed`, `rows${suffix}`);
}

function conformCard(conform, suffix) {
  const failed = casesWith(conform.cases, "fail");
  return card("Conformance", failed > 0 ? "bad" : "good", failed > 0 ? `${plural(failed, "case")} failed` : "as the rules say",
    `${plural(conform.outcomes_checked, "outcome")}, ${plural(conform.mismatches, "mismatch", "mismatches")}; ` +
    `${count(casesWith(conform.cases, "xfail"))} expected to fail, ${count(casesWith(conform.cases, "skip"))} skipped`,
    `conformance${suffix}`);
}

function campaignCard(campaign, suffix) {
  const found = campaign.findings.length;
  const failed = campaign.failure !== "" || campaign.targets.some((target) => target.failed);
  const ran = campaign.targets.some((target) => target.run.executions > 0);
  const state = found > 0 || failed ? "bad" : ran ? "good" : "plain";
  const word = found > 0 ? plural(found, "finding") : failed ? "failed" : ran ? "no finding" : "nothing ran";
  return card("Fuzzing", state, word,
    `${count(campaign.total.checked)} checked by ${plural(campaign.targets.filter((target) => !target.skipped).length, "target")} ` +
    `in ${duration(campaign.duration_s)}`, `fuzz${suffix}`);
}

function trendCard(trends) {
  const steps = trends.rows.reduce((sum, row) => sum + row.steps.length, 0);
  return card("Trends", steps > 0 ? "doubt" : "good", steps > 0 ? plural(steps, "step") : "no step",
    `${plural(trends.rows.length, "row")} over ${plural(trends.runs.length, "run")}`, "trends");
}

function suffixOf(index) {
  return index === 0 ? "" : `-${index + 1}`;
}

function summarySection(data) {
  const cards = [
    ...data.gates.map((one, index) => gateCard(one, suffixOf(index))),
    ...data.runs.map((one, index) => benchCard(one, suffixOf(index))),
    ...data.conforms.map((one, index) => conformCard(one, suffixOf(index))),
    ...data.sections.filter((part) => part.id.startsWith("kernels"))
      .map((part) => card("Kernels", "plain", "compared", part.text[0], part.id)),
    ...data.sections.filter((part) => /^flood(-[0-9]+)?$/.test(part.id))
      .map((part) => card("Flood", "plain", "measured", part.text[1], part.id)),
    ...data.sections.filter((part) => /^latency(-[0-9]+)?$/.test(part.id))
      .map((part) => card("Latency", "plain", "measured", part.text[1], part.id)),
    ...data.sections.filter((part) => /^range(-[0-9]+)?$/.test(part.id))
      .map((part) => card("Range", "plain", "measured", part.text[1], part.id)),
    ...data.campaigns.map((one, index) => campaignCard(one, suffixOf(index))),
    ...data.trends.rows.length > 0 ? [trendCard(data.trends)] : [],
  ];
  const warnings = [...new Set([...data.gates, ...data.runs].flatMap((one) => one.warnings))];
  return section("summary", "Summary", h("ul", {class: "cards"}, ...cards),
    warnings.length > 0 ? h("div", {class: "warnings"}, h("h3", {}, "What makes figures doubtful"),
      h("ul", {}, ...warnings.map((warning) => h("li", {}, warning)))) : null);
}

// Where results come from: equal machines once.
function machines(data) {
  const found = new Map();
  const add = (what, fingerprint) => {
    const key = JSON.stringify(fingerprint);
    if (!found.has(key)) found.set(key, {names: [], fingerprint});
    if (!found.get(key).names.includes(what)) found.get(key).names.push(what);
  };
  data.runs.forEach((run) => add("benchmark", run.fingerprint));
  data.gates.forEach((gate) => {
    add("gate: base", gate.base.fingerprint);
    add("gate: candidate", gate.candidate.fingerprint);
  });
  data.conforms.forEach((conform) => add("conformance", conform.fingerprint));
  return [...found.values()];
}

function factsOf(fingerprint) {
  const {bpf_knobs: knobs, mitigations, ...facts} = fingerprint;
  const write = (name, value) => name === "memory_total_bytes" ? bytes(value) : typeof value === "number" ? count(value) : value;
  return new Map([
    ...Object.entries(facts).map(([name, value]) => [name.replaceAll("_", " "), write(name, value)]),
    ...Object.entries(knobs).map(([name, value]) => [name, value]),
    ...Object.entries(mitigations).map(([name, value]) => [`mitigation of ${name.replaceAll("_", " ")}`, value]),
  ]);
}

function machineSection(data) {
  const all = machines(data).map(({names, fingerprint}) => ({name: names.join(", "), facts: factsOf(fingerprint)}));
  if (all.length === 0) return null;
  const names = [...new Set(all.flatMap(({facts}) => [...facts.keys()]))]
    .filter((name) => all.some(({facts}) => facts.get(name)));
  const differs = (name) => new Set(all.map(({facts}) => facts.get(name))).size > 1;
  const columns = [
    {title: "fact", value: (name) => name},
    ...all.map(({name, facts}) => ({title: all.length > 1 ? name : "value", value: (fact) => facts.get(fact) || "", class: "fact"})),
    ...all.length > 1 ? [{title: "same", value: (name) => differs(name) ? 0 : 1,
                          cell: (name) => differs(name) ? badge("doubt", "differs") : "same"}] : [],
  ];
  const different = names.filter(differs);
  return section("machine", "Machine",
    all.length > 1 ? h("p", {class: "lead"}, `${plural(different.length, "fact")} differ between the results: ` +
      `${different.join(", ")}. Their figures are not to be compared without saying so.`) : null,
    dataTable("What figures depend on", columns, names));
}

function machineText(fingerprint) {
  return [`kernel ${fingerprint.kernel_release || ABSENT}`, fingerprint.cpu_model,
          plural(fingerprint.cpus_online, "CPU"), fingerprint.hypervisor ? `under ${fingerprint.hypervisor}` : "bare metal",
          fingerprint.sklab_version && `sklab ${fingerprint.sklab_version}`].filter(Boolean).join(" \u00b7 ");
}
