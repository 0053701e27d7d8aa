// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Whether figures of a baseline mean anything here and now: pure.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "bench/gate/gated_groups.h"
#include "harness/base/result.h"
#include "harness/record/baseline/baseline_record.h"

namespace sklab {

// Of facts that may differ for once, the name stands for all of them.
inline constexpr char kAllFacts[] = "all";

// Where something is measured, fact by fact: the fingerprint's, and of the process `cpu` and
// `cpus_allowed`.
std::map<std::string, std::string> measuring_facts(const Fingerprint &fingerprint, uint64_t cpu,
                                                   uint64_t cpus_allowed);

// Warnings about what differs and was allowed to, a line each. Errors: kUsage, with all that
// differs, or for an allowed name that no fact has.
Result<std::vector<std::string>> check_same_machine(const BaselineRecord &baseline,
                                                    const std::map<std::string, std::string> &here,
                                                    const std::vector<std::string> &allowed);

// Leaves those rows that the baseline has, if nobody asked for certain ones, and otherwise insists
// on all of them. Warnings as above. Errors: kUsage for a row that one of the two does not
// have.
Result<std::vector<std::string>> keep_rows_of(const BaselineRecord &baseline, bool asked_for,
                                              GatedRows &rows);

}  // namespace sklab
