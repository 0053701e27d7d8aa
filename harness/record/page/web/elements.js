// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Elements are made here only, and text becomes text nodes: whatever stands in the data, it is shown
// and never read as HTML.

const SVG = "http://www.w3.org/2000/svg";

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) {
      element.addEventListener(name.slice(2), value);
    } else {
      element.setAttribute(name, value === true ? "" : String(value));
    }
  }
  for (const child of children.flat()) {
    if (child === null || child === undefined || child === "") continue;
    element.append(child instanceof Node ? child : String(child));
  }
  return element;
}

function h(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

function s(tag, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

let idCount = 0;
function newId(prefix) {
  idCount += 1;
  return `${prefix}-${idCount}`;
}

// A part of the page with its own heading and entry in the contents.
function section(id, title, ...children) {
  document.getElementById("contents").append(h("li", {}, h("a", {href: `#${id}`}, title)));
  const heading = h("h2", {id: `${id}-heading`}, title);
  return h("section", {id, "aria-labelledby": heading.id}, heading, ...children);
}

// What is wide scrolls by itself, also by keyboard, and the page does not.
function scrolling(label, child, tall) {
  return h("div", {class: tall ? "scroll tall" : "scroll", tabindex: 0, role: "region", "aria-label": label}, child);
}

function disclosure(summary, make) {
  const details = h("details", {}, h("summary", {}, summary));
  let made = false;
  details.addEventListener("toggle", () => {
    if (!details.open || made) return;
    made = true;
    details.append(make());
  });
  return details;
}

// State is told by a word and a sign; the colour only repeats it.
const STATES = {
  good: {sign: "\u2713"},
  bad: {sign: "\u2717"},
  doubt: {sign: "?"},
  plain: {sign: "\u00b7"},
};

function badge(state, word) {
  return h("span", {class: `badge ${state}`},
    h("span", {class: "sign", "aria-hidden": "true"}, STATES[state].sign), word);
}

function definitions(pairs) {
  return h("dl", {}, ...pairs.filter(([, value]) => value !== "" && value !== null)
    .map(([name, value]) => h("div", {class: value instanceof Element ? "wide" : null},
      h("dt", {}, name), h("dd", {}, value))));
}

// A name that may go on in the next line after each of its words.
function breakable(name) {
  const parts = name.split(/(?<=[/_])/);
  return h("span", {}, ...parts.flatMap((part, index) => index === 0 ? [part] : [h("wbr"), part]));
}

function commandLine(text) {
  return h("code", {}, text);
}
