// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "bench/gate/gated_groups.h"

#include "bench/suite.h"
#include "harness/measure/cpu.h"

namespace sklab {
namespace {

constexpr double kQuickBatchNs = 3e5;
constexpr double kBatchNs = 7e5;

// Many processes measure each group: what `bench --quick` measures would take minutes.
bool is_quick(const GroupSpec &group) {
  return group.name == "udp4" || group.name == "udp4_programs";
}

}  // namespace

Result<GatedRows> select_gated_rows(const RowSelection &selection) {
  SKLAB_TRY(const auto groups, select_groups(selection));
  SKLAB_TRY(const auto cpus, allowed_cpus());
  GatedRows gated;
  for (const GroupSpec &group : groups) {
    if (selection.quick && !is_quick(group)) continue;
    GatedGroup of_group{group.name, {}};
    for (const RowSpec &row : group.rows) {
      if (row.role != Role::kRow) continue;
      of_group.rows.push_back(gated.rows.size());
      gated.rows.push_back(
          {row.name, row.title, row.reason_to_skip(cpus.size()), row.path == RowPath::kProbe});
    }
    gated.groups.push_back(std::move(of_group));
  }
  if (!gated.rows.empty()) return gated;
  return fail_as(ErrorKind::kUsage, "gate", "'" + selection.filter + "'", 0,
                 "none of the rows of a quick gate matches: leave --quick out");
}

double gate_batch_ns(bool quick) { return quick ? kQuickBatchNs : kBatchNs; }

LockstepPlan plan_for(const GatedRows &all, const GatedGroup &group,
                      const std::vector<size_t> &rows) {
  LockstepPlan plan;
  plan.group = group.name;
  for (const size_t row : rows) plan.rows.push_back(all.rows[row].name);
  return plan;
}

}  // namespace sklab
