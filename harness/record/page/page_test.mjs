// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Opens pages of `sklab report` in a browser, as files, and looks at what a reader meets: everything is
// drawn, nothing is fetched, tables obey mouse and keyboard, and it can be read by all.
//
// Usage: page_test.mjs SKLAB REPORT_EXAMPLE [PICTURES], where the last is a folder for screenshots.
import assert from "node:assert/strict";
import {execFileSync} from "node:child_process";
import {existsSync, mkdtempSync, readFileSync, rmSync} from "node:fs";
import {createRequire} from "node:module";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {after, test} from "node:test";
import {pathToFileURL} from "node:url";

const CHROMIUM = process.env.CHROMIUM || "/usr/bin/chromium";
const SKIP = 4;
const [sklab, reportExample, pictures] = process.argv.slice(2);
if (!existsSync(CHROMIUM)) {
  console.error(`page_test: there is no ${CHROMIUM}`);
  process.exit(SKIP);
}
const require = createRequire(import.meta.url);
const {chromium} = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

const folder = mkdtempSync(join(tmpdir(), "page_test_"));
execFileSync(reportExample, [folder]);
const browser = await chromium.launch({
  executablePath: CHROMIUM,
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"],
});
after(async () => {
  await browser.close();
  rmSync(folder, {recursive: true});
});

function report(name, ...results) {
  const output = join(folder, `${name}.html`);
  const printed = execFileSync(sklab, ["report", ...results, "--output", output], {encoding: "utf8"});
  assert.equal(printed, `${output}\n`);
  return output;
}

const full = report("full", join(folder, "plain"), "--history", join(folder, "history"));
const hostile = report("hostile", join(folder, "hostile"));

// Runs `look` on an open page, and requires that the page had nothing to complain about.
async function open(file, {width = 1280, scheme = "light"}, look) {
  const context = await browser.newContext({viewport: {width, height: 900}, colorScheme: scheme});
  const page = await context.newPage();
  const complaints = [];
  const requests = [];
  page.on("console", (message) => complaints.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("request", (request) => requests.push(request.url()));
  await page.goto(pathToFileURL(file).href);
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  await look(page);
  assert.deepEqual(complaints, []);
  assert.deepEqual(requests, [pathToFileURL(file).href]);
  await context.close();
}

async function openAllDetails(page) {
  await page.evaluate(async () => {
    // Charts bring their own details along, with their numbers.
    for (const details of document.querySelectorAll("details")) details.open = true;
    await new Promise((done) => setTimeout(done, 300));
  });
}

const undrawnCharts = () => [...document.querySelectorAll(".chart")].filter((chart) => {
  const canvas = chart.querySelector("canvas");
  if (!canvas || canvas.width === 0) return true;
  const {data} = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  return !data.some((byte) => byte !== 0);
}).map((chart) => chart.getAttribute("aria-label"));

const rowNames = (page) => page.$$eval("#rows tbody:not([hidden]) > tr:first-child th", (cells) =>
  cells.map((cell) => cell.textContent));
const rowFigures = (page) => page.$$eval("#rows tbody:not([hidden]) > tr:first-child td:nth-child(2)", (cells) =>
  cells.map((cell) => Number(cell.textContent.replaceAll(",", ""))).filter(Number.isFinite));

function isRising(values) {
  return values.every((value, index) => index === 0 || values[index - 1] <= value);
}

for (const scheme of ["light", "dark"]) {
  for (const width of [1280, 375]) {
    test(`everything is drawn and fits, ${scheme}, ${width} px`, () => open(full, {width, scheme}, async (page) => {
      for (const id of ["summary", "gate", "comparison", "programs", "sockets", "rows", "conformance", "fuzz",
                        "fuzz-trend", "trends", "run", "machine"]) {
        assert.equal(await page.locator(`section#${id}`).count(), 1, id);
        assert.equal(await page.locator(`nav a[href="#${id}"]`).count(), 1, id);
      }
      if (pictures) await page.screenshot({path: join(pictures, `${scheme}-${width}.png`), fullPage: true});
      await openAllDetails(page);
      assert.ok(await page.locator(".chart").count() > 40);
      assert.deepEqual(await page.evaluate(undrawnCharts), []);
      assert.ok(await page.locator("#rows svg.distribution rect").count() > 200);
      assert.equal(await page.locator("#gate svg.change circle").count(), 7);
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), width);
    }));
  }
}

// Colours are of the scheme, sizes of the width: either by itself.
for (const {scheme, width} of [{scheme: "light", width: 375}, {scheme: "dark", width: 1280}]) {
  test(`axe finds nothing, ${scheme}, ${width} px`, () => open(full, {width, scheme}, async (page) => {
    await page.locator("#rows button.more").first().click();
    await page.locator("#trends details").first().evaluate((details) => { details.open = true; });
    await page.evaluate(axe);
    const {violations, passes} = await page.evaluate(() => window.axe.run(document, {resultTypes: ["violations"]}));
    assert.deepEqual(violations.map((one) => [one.id, one.nodes.slice(0, 3).map((node) => node.html)]), []);
    assert.ok(passes.length > 20);
  }));
}

test("the summary has every verdict", () => open(full, {}, async (page) => {
  const cards = await page.$$eval(".card", (all) => all.map((card) => card.textContent));
  assert.equal(cards.length, 9);
  for (const words of ["failed", "1 row failed", "1 case failed", "2 findings", "2 steps"]) {
    assert.ok(cards.some((card) => card.includes(words)), words);
  }
  const verdicts = await page.$$eval("#gate tbody .badge", (all) => all.map((badge) => badge.textContent));
  for (const word of ["failed", "regression", "inconclusive", "improvement", "no change", "skipped"]) {
    assert.ok(verdicts.some((verdict) => verdict.includes(word)), word);
  }
  assert.match(await page.locator("#trends .table").first().textContent(), /udp4\/pass.*kernel release/);
}));

test("a table is sorted by mouse and by keyboard", () => open(full, {}, async (page) => {
  const button = page.locator("#rows thead button", {hasText: "ns/lookup"});
  const order = () => button.locator("xpath=..").getAttribute("aria-sort");
  const before = await rowNames(page);
  assert.equal(await order(), "none");
  await button.click();
  assert.equal(await order(), "ascending");
  assert.ok(isRising(await rowFigures(page)));
  // What has no figure comes last in both directions.
  assert.deepEqual((await rowNames(page)).slice(-2).sort(), ["udp4_cpus/key_off_same", "udp4_range/bound"]);
  await button.focus();
  await page.keyboard.press("Enter");
  assert.equal(await order(), "descending");
  assert.ok(isRising((await rowFigures(page)).reverse()));
  await page.keyboard.press("Shift+Tab");
  await page.keyboard.press("Space");
  assert.equal(await order(), "none");
  assert.deepEqual((await rowNames(page)).sort(), before.sort());
  assert.equal(await page.locator('#rows [aria-sort="ascending"]').textContent(), "row");
}));

test("a table is filtered, and says how much is left", () => open(full, {}, async (page) => {
  const input = page.getByLabel("Filter rows", {exact: true});
  const all = (await rowNames(page)).length;
  await input.focus();
  await page.keyboard.type("UDP4/ pass");
  assert.deepEqual(await rowNames(page), ["udp4/pass"]);
  assert.equal(await page.locator("#rows .matches").textContent(), `1 of ${all} rows`);
  await input.fill("skipped");
  assert.deepEqual(await rowNames(page), ["udp4_cpus/key_off_same"]);
  await input.fill("no such row");
  assert.deepEqual(await rowNames(page), []);
  await input.fill("");
  assert.equal((await rowNames(page)).length, all);
}));

test("a row shows its details by keyboard", () => open(full, {}, async (page) => {
  const button = page.locator("#rows").getByRole("button", {name: "Details of udp4/pass"});
  await button.focus();
  await page.keyboard.press("Space");
  assert.equal(await button.getAttribute("aria-expanded"), "true");
  const details = page.locator(`#${await button.getAttribute("aria-controls")}`);
  assert.match(await details.textContent(), /dialect pass_drop/);
  await page.waitForFunction(() => document.querySelector("tr.more:not([hidden]) .chart canvas"));
  assert.deepEqual(await page.evaluate(undrawnCharts), []);
  await page.keyboard.press("Enter");
  assert.equal(await details.isVisible(), false);
}));

test("a chart says what is under the pointer", () => open(full, {}, async (page) => {
  await page.locator("#programs .chart .u-over").first().hover();
  assert.match(await page.locator("#programs .readout").first().textContent(), /^\d+ programs attached: .*\[.*, .*\]$/);
}));

test("the colours follow the system until the button is used", () => open(full, {scheme: "dark"}, async (page) => {
  const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const chart = () => page.locator("#programs .chart canvas").first().evaluate((canvas) => canvas.toDataURL());
  const [dark, darkChart] = [await ground(), await chart()];
  await page.getByRole("button", {name: "Switch to light colours"}).press("Enter");
  assert.equal(await ground(), "rgb(255, 255, 255)");
  assert.notEqual(dark, "rgb(255, 255, 255)");
  assert.notEqual(await chart(), darkChart);
  await page.getByRole("button", {name: "Switch to dark colours"}).click();
  assert.equal(await ground(), dark);
}));

// The width is that of A4 without its margins.
test("it prints on white paper, all of it", () => open(full, {scheme: "dark", width: 718}, async (page) => {
  await page.emulateMedia({media: "print"});
  assert.equal(await page.evaluate(() => getComputedStyle(document.body).backgroundColor), "rgb(255, 255, 255)");
  assert.equal(await page.locator("nav").isVisible(), false);
  assert.equal(await page.locator("#rows .tall").evaluate((box) => box.scrollHeight > box.clientHeight), false);
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 718);
  const paper = await page.pdf({format: "A4"});
  assert.ok(paper.length > 50000);
}));

test("text is never markup", () => open(hostile, {}, async (page) => {
  await openAllDetails(page);
  for (const button of await page.locator("button.more").all()) await button.evaluate((one) => one.click());
  assert.equal(await page.locator("img").count(), 0);
  assert.equal(await page.locator("script").count(), 3);
  const text = await page.locator("main").textContent();
  for (const part of ["</script><script>throw", "<img src=x onerror=", "&lt;", "{{data}}", "\u{1F427}"]) {
    assert.ok(text.includes(part), part);
  }
  assert.deepEqual(await page.evaluate(undrawnCharts), []);
}));

test("sections of other features are drawn like all others", () => open(join(folder, "sections.html"), {width: 375},
  async (page) => {
    const section = page.locator("section#flood");
    assert.equal(await section.locator("h2").textContent(), "Under <i>flood</i>");
    assert.equal(await section.locator(".legend li").count(), 6);
    assert.deepEqual(await page.evaluate(undrawnCharts), []);
    await section.locator("thead button", {hasText: "rate"}).click();
    const rates = await section.locator("tbody td").allTextContents();
    assert.ok(isRising(rates.map((rate) => Number(rate.replace(",", "")))));
    await page.getByLabel("Filter Floods").fill("flood 19");
    assert.equal(await section.locator("tbody:not([hidden])").count(), 1);
    await section.locator("summary").click();
    // Made when it is first opened, which the browser tells a little later.
    await section.locator("details tbody").nth(48).waitFor();
    assert.equal(await section.locator("details tbody").count(), 49);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 375);
  }));

for (const name of ["result", "gate", "conform", "compare", "flood", "latency", "range", "summary"]) {
  test(`a page of ${name}.json alone has no gaps`, () => open(report(name, join(folder, "plain", `${name}.json`)), {},
    async (page) => {
      assert.equal(await page.locator(".card").count(), 1);
      const targets = await page.$$eval("nav a, .card a", (links) => links.map((link) => link.getAttribute("href").slice(1)));
      for (const target of targets) assert.equal(await page.locator(`[id="${target}"]`).count(), 1, target);
    }));
}
