// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// How numbers are written. A number that is not there (null in JSON) is an en dash.

const ABSENT = "\u2013";
const MINUS = "\u2212";

function isNumber(value) {
  return typeof value === "number" && Number.isFinite(value);
}

function withMinus(text) {
  return text.replace("-", MINUS);
}

function fixed(value, digits) {
  const text = value.toLocaleString("en-US", {minimumFractionDigits: digits, maximumFractionDigits: digits});
  return withMinus(text);
}

// Nanoseconds and what else has no fixed size: about three or four digits.
function quantity(value) {
  if (!isNumber(value)) return ABSENT;
  const size = Math.abs(value);
  if (size === 0) return "0";
  return fixed(value, size < 0.095 ? 3 : size < 9.95 ? 2 : size < 999.5 ? 1 : 0);
}

function signed(value, write = quantity) {
  if (!isNumber(value)) return ABSENT;
  return (value > 0 ? "+" : "") + write(value);
}

function count(value) {
  return isNumber(value) ? fixed(value, 0) : ABSENT;
}

function percent(fraction, digits = 1) {
  return isNumber(fraction) ? fixed(100 * fraction, digits) + "\u00a0%" : ABSENT;
}

function signedPercent(fraction) {
  return signed(fraction, (value) => percent(value, Math.abs(value) < 0.0995 ? 2 : 1));
}

function halfWidth(estimate) {
  return isNumber(estimate.low) && isNumber(estimate.high) ? (estimate.high - estimate.low) / 2 : null;
}

function interval(estimate, write = quantity) {
  return `${write(estimate.value)} [${write(estimate.low)}, ${write(estimate.high)}]`;
}

function duration(seconds) {
  if (!isNumber(seconds)) return ABSENT;
  if (seconds < 99.5) return `${quantity(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 120) return `${minutes} min`;
  return `${fixed(seconds / 3600, 1)} h`;
}

function bytes(value) {
  if (!isNumber(value)) return ABSENT;
  const units = ["B", "kB", "MB", "GB", "TB"];
  let unit = 0;
  while (value >= 1000 && unit + 1 < units.length) {
    value /= 1000;
    unit += 1;
  }
  return `${quantity(value)} ${units[unit]}`;
}

// "2026-11-25T10:42:30Z" as "2026-11-25 10:42 UTC".
function time(utc) {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(utc) ? `${utc.slice(0, 10)} ${utc.slice(11, 16)} UTC` : utc;
}

function plural(number, one, many = one + "s") {
  return `${count(number)} ${number === 1 ? one : many}`;
}

// The counters of rows: the unit is the last word of the name.
function counterText(name, value) {
  const words = name.split("_");
  const unit = words.pop();
  if (unit === "bytes") return `${words.join(" ")}: ${bytes(value)}`;
  if (["ns", "ms", "s"].includes(unit)) return `${words.join(" ")}: ${quantity(value)} ${unit}`;
  return `${name.replaceAll("_", " ")}: ${count(value)}`;
}
