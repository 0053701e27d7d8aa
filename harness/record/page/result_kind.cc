// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/record/page/result_kind.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <vector>

namespace sklab {
namespace {

struct Mark {
  ResultKind kind;
  std::array<const char *, 3> fields;
};

constexpr std::array<Mark, 8> kMarks = {{
    {ResultKind::kBench, {"schema_version", "self_checks", "rows"}},
    {ResultKind::kGate, {"schema_version", "verdict", "rows"}},
    {ResultKind::kConform, {"schema_version", "depth", "cases"}},
    {ResultKind::kCompare, {"schema_version", "kernels", "changed_cases"}},
    {ResultKind::kFlood, {"schema_version", "generator", "families"}},
    {ResultKind::kLatency, {"schema_version", "complete", "sections"}},
    // After a flood's, which has these, too.
    {ResultKind::kRange, {"schema_version", "complete", "families"}},
    {ResultKind::kCampaign, {"schema_version", "continues_killed_run", "targets"}},
}};

}  // namespace

std::optional<ResultKind> kind_of_result(std::string_view text) {
  // Only the names of the outermost fields are wanted, and documents are long.
  std::vector<std::string> names;
  const auto keep_names = [&names](int depth, nlohmann::json::parse_event_t event,
                                   nlohmann::json &parsed) {
    using Event = nlohmann::json::parse_event_t;
    if (depth == 1 && event == Event::key) names.push_back(parsed.get<std::string>());
    return depth == 0 || (event == Event::key && depth == 1);
  };
  if (nlohmann::json::parse(text, keep_names, false).is_discarded() && names.empty()) return {};
  for (const Mark &mark : kMarks) {
    const bool has_all = std::all_of(mark.fields.begin(), mark.fields.end(), [&](const char *name) {
      return std::find(names.begin(), names.end(), name) != names.end();
    });
    if (has_all) return mark.kind;
  }
  return std::nullopt;
}

}  // namespace sklab
