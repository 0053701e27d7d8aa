// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Puts the page together from its data.

function subtitleOf(data) {
  const known = machines(data);
  if (known.length > 0) return machineText(known[0].fingerprint);
  const campaign = data.campaigns[0];
  return campaign ? `kernel ${campaign.kernel_release} \u00b7 sklab ${campaign.sklab_version}` : "";
}

function titleParts(data) {
  const first = [...data.runs, ...data.gates, ...data.conforms, ...data.campaigns][0];
  return first ? ["Socket lookups,", time(first.started_utc)] : ["Socket lookups"];
}

function sectionsOf(data) {
  const own = (list, make) => list.map((one, index) => make(one, suffixOf(index)));
  return [
    () => summarySection(data),
    () => own(data.gates, gateSection),
    () => own(data.runs, comparisonSection),
    () => data.sections.map(genericSection),
    () => own(data.runs, rowsSection),
    () => own(data.conforms, conformSection),
    () => own(data.campaigns, campaignSection),
    () => campaignTrendSection([...data.campaigns, ...data.campaign_history]),
    () => trendSection(data.trends),
    () => own(data.runs, runSection),
    () => machineSection(data),
  ];
}

// The system's choice, until the button says otherwise.
function setUpTheme() {
  const button = document.getElementById("theme");
  const system = matchMedia("(prefers-color-scheme: dark)");
  const isDark = () => (document.documentElement.dataset.theme || (system.matches ? "dark" : "light")) === "dark";
  const show = () => {
    button.textContent = isDark() ? "Light" : "Dark";
    button.setAttribute("aria-label", isDark() ? "Switch to light colours" : "Switch to dark colours");
    redrawCharts();
  };
  button.hidden = false;
  button.addEventListener("click", () => {
    document.documentElement.dataset.theme = isDark() ? "light" : "dark";
    show();
  });
  system.addEventListener("change", show);
  // Paper is white, whatever the screen was; canvases have to be drawn again for it.
  matchMedia("print").addEventListener("change", redrawCharts);
  addEventListener("beforeprint", redrawCharts);
  addEventListener("afterprint", redrawCharts);
  show();
}

function main() {
  const data = JSON.parse(document.getElementById("data").textContent);
  const content = document.getElementById("content");
  const title = titleParts(data);
  document.getElementById("title").replaceChildren(...title.flatMap((part) => [h("span", {class: "whole"}, part), " "]));
  document.title = `${title.join(" ")} - sklab report`;
  document.getElementById("subtitle").textContent = subtitleOf(data);
  document.getElementById("made-from").textContent =
    `Made by sklab ${data.sklab_version} from ${data.sources.join(", ")}.`;
  content.replaceChildren(...sectionsOf(data).flatMap((make) => make()).filter(Boolean));
  setUpTheme();
}

main();
