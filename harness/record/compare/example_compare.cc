// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/record/compare/example_compare.h"

#include <algorithm>

#include "harness/record/test_record.h"

namespace sklab {
namespace {

ComparedCell count_cell(double count, Verdict verdict, double delta, uint64_t residue = 0) {
  return {RowStatus::kOk, "", count, residue, verdict, delta};
}

ComparedCell cell_without_count(RowStatus status, std::string reason) {
  const bool failed = status == RowStatus::kFailed;
  return {status, std::move(reason), 0, 0, failed ? Verdict::kFailed : Verdict::kSkipped, {}};
}

ComparedRow compared_row(std::string name, std::vector<ComparedCell> cells) {
  return {std::move(name), "a row | of the example", "probe", std::move(cells), {}};
}

// As many as there are kernels: the last stands for those that are missing.
template <typename T>
void fit(std::vector<T> &values, size_t kernels) {
  if (values.size() < kernels) values.insert(values.end(), kernels - values.size(), values.back());
  values.resize(kernels);
}

}  // namespace

CompareRecord example_compare() {
  CompareRecord record;
  record.run_id = "20261123T191500Z-def456";
  record.started_utc = "2026-11-23T19:15:00Z";
  record.duration_s = 93.5;
  record.clock = "instructions";
  record.mode = "quick";
  record.command_line = "sklab compare --kernel old=6.1 --kernel new=6.12 --kernel patched=bzImage";
  record.seed = 1;
  record.guest_seed = 2;
  record.kernels = {{"old", "6.1", std::string(64, 'a'), example_fingerprint("6.1.170"), ""},
                    {"new", "6.12", std::string(64, 'b'), example_fingerprint("6.12.9"), ""},
                    {"patched", "bzImage", std::string(64, 'c'), example_fingerprint("6.12.9+"),
                     "WARNING: CPU: 0 PID: 1 at net/core/filter.c:1 f+0x1/0x2"}};
  const ComparedCell same = count_cell(382, Verdict::kNoChange, 0);
  const ComparedCell skipped =
      cell_without_count(RowStatus::kSkipped, "instructions are counted on one CPU");
  ComparedCell other = count_cell(400, Verdict::kInconclusive, 0);
  other.delta.reset();
  other.reason = "it is not the same row as the base's";
  record.rows = {
      compared_row("udp4/key_off", {same, same, same}),
      compared_row("udp4/pass", {count_cell(512, Verdict::kNoChange, 0),
                                 count_cell(513, Verdict::kRegression, 1),
                                 count_cell(499.5, Verdict::kImprovement, -12.5)}),
      compared_row("udp4/unsteady", {count_cell(700, Verdict::kNoChange, 0, 3),
                                     count_cell(700.25, Verdict::kInconclusive, 0.25),
                                     count_cell(710, Verdict::kRegression, 10, 1)}),
      compared_row("tcp4/other", {same, other, same}),
      compared_row("tcp4/drop", {same,
                                 cell_without_count(RowStatus::kFailed,
                                                    "find the right socket: 1 of 2 lookups found "
                                                    "another"),
                                 same}),
      compared_row("udp4_cpus/key_off_same", {skipped, skipped, skipped})};
  record.rows[1].functions = {{"udp4_lib_lookup2", "", {80, 81, 60}},
                              {"made_up", "veth", {7, 7, 14.5}}};
  record.rows[1].functions[0].lines = {{"net/ipv4/udp.c", 537, {20, 20, 0}},
                                       {"net/ipv4/udp.c", 540, {0, 1, 0}}};
  record.cases = 120;
  record.changed_cases = {
      {"assign_results/busy", {"pass", "xfail", ""}, {"", "a known bug\n2", ""}}};
  record.warnings = {"made up"};
  return record;
}

CompareRecord example_compare(const std::vector<std::string> &names) {
  CompareRecord record = example_compare();
  fit(record.kernels, names.size());
  for (size_t i = 0; i < names.size(); ++i) record.kernels[i].name = names[i];
  for (ComparedRow &row : record.rows) {
    fit(row.cells, names.size());
    for (ChangedFunction &function : row.functions) {
      fit(function.instructions_per_lookup, names.size());
      for (ChangedLine &line : function.lines) fit(line.instructions_per_lookup, names.size());
    }
  }
  for (ChangedCase &one : record.changed_cases) {
    fit(one.results, names.size());
    fit(one.reasons, names.size());
  }
  return record;
}

}  // namespace sklab
