// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// What the renderings of a gate have in common: how verdicts, names and numbers are written.
#pragma once

#include <string>

#include "harness/record/gate_record.h"

namespace sklab {

// "NO CHANGE"
std::string verdict_text(Verdict verdict);

// Fails the gate, and whatever counts it as a test.
bool is_bad(Verdict verdict);

// Neither good nor bad: a test that was skipped.
bool is_open(Verdict verdict);

// A count and not a latency: exact.
bool is_count(const GateRow &row);

// Whether its base, candidate and change are numbers to show. A row that failed has none, even if
// some of its processes were measured before.
bool has_number(const GateRow &row);

// Whether it is worth a line: of the many counts, those that moved or cannot be compared.
bool is_telling(const GateRow &row);

// Unique in the gate: "udp4/pass", "udp4/pass program_bytes".
std::string quantity_name(const GateRow &row);

// "ns/lookup", "bytes"
std::string unit_of(const GateRow &row);

// `value` in the row's own unit.
std::string amount_text(const GateRow &row, double value);

// "+5.20 % [+4.10, +6.31]"; "" for a row without a number.
std::string change_text(const GateRow &row);

// Why this verdict, and what it rests on: one line of UTF-8.
std::string explanation_of(const GateRow &row);

// The numbers, then the explanation: one line of UTF-8.
std::string evidence_of(const GateRow &row);

// "REGRESSION: 2 of 40 rows; quick gate of 8 s, seed 5"
std::string gate_summary(const GateRecord &record);

// Messages of a kernel, names of files and command lines can hold any bytes: control characters
// become spaces, what is not UTF-8 becomes U+FFFD.
std::string one_line(const std::string &text);

}  // namespace sklab
