// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Tables that are sorted by any column and filtered by text.
//
// A column: {title, value(row): what it is sorted by, cell(row): what it shows (default: value),
// number: aligned to the right, unsorted: has no order}.

// Longer ones scroll by themselves, so that the head stays in sight.
const TALL_TABLE = 40;

function compareValues(a, b) {
  if (typeof a === "number" && typeof b === "number") return a - b;
  return String(a).localeCompare(String(b), "en", {numeric: true});
}

function isMissing(value) {
  return value === null || value === undefined || value === "" || Number.isNaN(value);
}

// What is missing comes last in both directions. Equal rows stay as they were.
function sorted(rows, value, descending) {
  return rows.map((row, index) => ({row, index, key: value(row.data)})).sort((a, b) => {
    if (isMissing(a.key) || isMissing(b.key)) return isMissing(a.key) - isMissing(b.key) || a.index - b.index;
    return (descending ? -1 : 1) * compareValues(a.key, b.key) || a.index - b.index;
  }).map(({row}) => row);
}

function headCell(column, sort) {
  const classes = column.number ? "number" : null;
  if (column.unsorted) return h("th", {scope: "col", class: classes}, column.title);
  const button = h("button", {type: "button"}, column.title, h("span", {class: "order", "aria-hidden": "true"}));
  const cell = h("th", {scope: "col", class: classes, "aria-sort": "none"}, button);
  button.addEventListener("click", () => sort(column, cell));
  return cell;
}

function bodyCell(column, index, data) {
  const content = column.cell ? column.cell(data) : column.value(data);
  const attributes = {class: column.number ? "number" : column.class};
  return index === 0 ? h("th", {scope: "row", ...attributes}, content) : h("td", attributes, content);
}

// A row that can show more has a button beside its name, and a row of its own for what it shows.
function makeRow(columns, data, more) {
  const cells = columns.map((column, index) => bodyCell(column, index, data));
  const body = h("tbody", {}, h("tr", {}, ...cells));
  const content = more && more(data);
  if (content) {
    const id = newId("more");
    const name = cells[0].textContent;
    const button = h("button", {type: "button", class: "more", "aria-expanded": "false", "aria-controls": id,
                                "aria-label": `Details of ${name}`});
    const holder = h("tr", {id, class: "more", hidden: true}, h("td", {colspan: columns.length}));
    button.addEventListener("click", () => {
      holder.hidden = !holder.hidden;
      button.setAttribute("aria-expanded", String(!holder.hidden));
      if (!holder.firstChild.firstChild) holder.firstChild.append(content());
    });
    cells[0].classList.add("opens");
    cells[0].prepend(button);
    body.append(holder);
  }
  return {data, body, text: body.textContent.toLowerCase()};
}

function filterField(label, apply) {
  const id = newId("filter");
  const status = h("output", {for: id, class: "matches"});
  const input = h("input", {type: "search", id, autocomplete: "off", spellcheck: "false"});
  input.addEventListener("input", () => {
    status.textContent = apply(input.value.trim().toLowerCase());
  });
  status.textContent = apply("");
  return h("p", {class: "filter"}, h("label", {for: id}, label), input, status);
}

// options: {more(row): null, or a function that makes what the row has to show besides;
// filter: label of a field to filter by, searched(row): text that is looked through besides cells}
function dataTable(caption, columns, data, options = {}) {
  const rows = data.map((one) => {
    const row = makeRow(columns, one, options.more);
    if (options.searched) row.text += " " + options.searched(one).toLowerCase();
    return row;
  });
  const head = h("tr");
  const table = h("table", {class: columns.length <= 5 ? "narrow" : null}, h("caption", {}, caption), h("thead", {}, head), ...rows.map((row) => row.body));
  const sort = (column, cell) => {
    const descending = cell.getAttribute("aria-sort") === "ascending";
    for (const other of head.children) {
      if (other.hasAttribute("aria-sort")) other.setAttribute("aria-sort", "none");
    }
    cell.setAttribute("aria-sort", descending ? "descending" : "ascending");
    table.append(...sorted(rows, column.value, descending).map((row) => row.body));
  };
  head.append(...columns.map((column) => headCell(column, sort)));
  const apply = (text) => {
    const words = text.split(/\s+/).filter(Boolean);
    for (const row of rows) row.body.hidden = !words.every((word) => row.text.includes(word));
    const shown = rows.filter((row) => !row.body.hidden).length;
    return shown === rows.length ? plural(shown, "row") : `${count(shown)} of ${plural(rows.length, "row")}`;
  };
  return h("div", {class: "table"}, options.filter && filterField(options.filter, apply),
    scrolling(caption, table, rows.length > TALL_TABLE));
}
