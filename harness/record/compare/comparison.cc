// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/record/compare/comparison.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

namespace sklab {
namespace {

const InstructionRow *find_row(const InstructionRecord &record, const std::string &name) {
  const auto found = std::find_if(record.rows.begin(), record.rows.end(),
                                  [&](const InstructionRow &row) { return row.name == name; });
  return found == record.rows.end() ? nullptr : &*found;
}

ComparedCell cell_of(const InstructionRow *row) {
  ComparedCell cell;
  if (row == nullptr) {
    cell.reason = "this kernel's run does not have it";
    return cell;
  }
  cell.status = row->status;
  cell.reason = row->reason;
  cell.per_lookup = row->instructions_per_lookup;
  cell.residue = row->residue;
  if (cell.status == RowStatus::kFailed) cell.verdict = Verdict::kFailed;
  return cell;
}

// By how much a count of this row may be wrong, per lookup.
double residue_of(const InstructionRow &row) {
  return static_cast<double>(row.residue) / static_cast<double>(row.lookups);
}

void judge(const InstructionRow &base, const InstructionRow &row, ComparedCell &cell) {
  cell.delta = row.instructions_per_lookup - base.instructions_per_lookup;
  const bool sure = std::abs(*cell.delta) > residue_of(base) + residue_of(row);
  // The base is what it is compared with, whatever its residue.
  const bool exact = &base == &row || (base.residue == 0 && row.residue == 0);
  cell.verdict = sure    ? (*cell.delta > 0 ? Verdict::kRegression : Verdict::kImprovement)
                 : exact ? Verdict::kNoChange
                         : Verdict::kInconclusive;
}

ComparedRow compare_row(const InstructionRow &base, const std::vector<InstructionRecord> &records) {
  ComparedRow compared{base.name, base.title, base.path, {}, {}};
  for (const InstructionRecord &record : records) {
    const InstructionRow *row = find_row(record, base.name);
    ComparedCell cell = cell_of(row);
    if (row != nullptr && row->status == RowStatus::kOk && base.status == RowStatus::kOk) {
      if (row->definition == base.definition) {
        judge(base, *row, cell);
      } else {
        cell.verdict = Verdict::kInconclusive;
        cell.reason = "it is not the same row as the base's";
      }
    }
    compared.cells.push_back(std::move(cell));
  }
  return compared;
}

}  // namespace

bool is_changed(const ComparedRow &row) {
  return std::any_of(row.cells.begin(), row.cells.end(), [](const ComparedCell &cell) {
    return cell.verdict == Verdict::kRegression || cell.verdict == Verdict::kImprovement;
  });
}

bool may_be_changed(const ComparedRow &row) {
  return !is_changed(row) &&
         std::any_of(row.cells.begin(), row.cells.end(), [](const ComparedCell &cell) {
           return cell.verdict == Verdict::kInconclusive || cell.verdict == Verdict::kFailed;
         });
}

std::vector<ComparedRow> compare_rows(const std::vector<InstructionRecord> &records) {
  std::vector<ComparedRow> rows;
  for (const InstructionRow &base : records.front().rows) {
    rows.push_back(compare_row(base, records));
  }
  return rows;
}

Result<CaseResults> parse_case_results(std::string_view json) {
  try {
    CaseResults results;
    const auto document = nlohmann::json::parse(json);
    for (const auto &one : document.at("cases")) {
      results[one.at("group").get<std::string>() + "/" + one.at("name").get<std::string>()] = {
          one.at("result").get<std::string>(), one.at("reason").get<std::string>()};
    }
    return results;
  } catch (const nlohmann::json::exception &error) {
    return fail_as(ErrorKind::kUsage, "read", "conform.json", 0, error.what());
  }
}

std::vector<ChangedCase> compare_cases(const std::vector<CaseResults> &kernels) {
  std::set<std::string> names;
  for (const CaseResults &kernel : kernels) {
    for (const auto &[name, result] : kernel) names.insert(name);
  }
  std::vector<ChangedCase> changed;
  for (const std::string &name : names) {
    ChangedCase one{name, {}, {}};
    for (const CaseResults &kernel : kernels) {
      const auto found = kernel.find(name);
      one.results.push_back(found == kernel.end() ? "" : found->second.result);
      one.reasons.push_back(found == kernel.end() ? "" : found->second.reason);
    }
    // A kernel without any result could not be asked.
    std::set<std::string> different;
    for (size_t i = 0; i < kernels.size(); ++i) {
      if (!kernels[i].empty()) different.insert(one.results[i]);
    }
    if (different.size() > 1) changed.push_back(std::move(one));
  }
  return changed;
}

}  // namespace sklab
