// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Sections of text, charts and tables, as harness/record/page/page_section.h describes them.

function sectionCell(value) {
  if (typeof value !== "number") return value === null ? ABSENT : value;
  return Number.isInteger(value) ? count(value) : quantity(value);
}

function sectionTable(table) {
  const columns = table.columns.map((column, index) => ({
    title: column.title,
    number: column.is_number,
    value: (row) => row[index],
    cell: (row) => sectionCell(row[index]),
  }));
  return dataTable(table.caption, columns, table.rows,
    {filter: table.rows.length > 12 ? `Filter ${table.caption}` : null});
}

function genericSection(part) {
  return section(part.id, part.title,
    ...part.text.map((paragraph) => h("p", {class: "lead"}, paragraph)),
    part.charts.length > 0 ? h("div", {class: "multiples"}, ...part.charts.map(lineChart)) : null,
    ...part.tables.map(sectionTable));
}
