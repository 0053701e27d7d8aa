// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <array>
#include <nlohmann/json.hpp>

#include "harness/record/digest.h"
#include "harness/record/gate/cells.h"
#include "harness/record/gate/renderers.h"

namespace sklab {
namespace {

// By verdict; null for what is no finding.
constexpr std::array<const char *, kVerdictNames.size()> kSeverities = {
    "critical", "major", "info", nullptr, nullptr, nullptr};

}  // namespace

std::string gate_gitlab_code_quality(const GateRecord &record) {
  nlohmann::ordered_json findings = nlohmann::ordered_json::array();
  for (const GateRow &row : record.rows) {
    const char *const severity = kSeverities[static_cast<size_t>(row.verdict)];
    if (severity == nullptr) continue;
    const std::string what = verdict_text(row.verdict) + ": " + quantity_name(row);
    // GitLab takes findings of one fingerprint for one: what was inconclusive on the target branch
    // and is a regression now has to be new.
    findings.push_back({{"description", what + ": " + evidence_of(row)},
                        {"check_name", "sklab gate"},
                        {"fingerprint", sha256_hex(what)},
                        {"severity", severity},
                        {"location", {{"path", row.name}, {"lines", {{"begin", 1}}}}}});
  }
  return findings.dump(1) + "\n";
}

}  // namespace sklab
