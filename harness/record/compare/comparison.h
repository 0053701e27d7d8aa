// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/result.h"
#include "harness/record/compare/compare_record.h"
#include "harness/record/instructions/instruction_record.h"

namespace sklab {

// The base's rows, on all kernels. A count is compared with the base's only if it is of a row that
// is defined the same.
std::vector<ComparedRow> compare_rows(const std::vector<InstructionRecord> &records);

// What came of the cases of a conform.json, by "group/case".
struct CaseResult {
  std::string result;
  std::string reason;
};
using CaseResults = std::map<std::string, CaseResult>;

// Errors: text that is no conform.json.
Result<CaseResults> parse_case_results(std::string_view json);

std::vector<ChangedCase> compare_cases(const std::vector<CaseResults> &kernels);

}  // namespace sklab
