// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "bench/gate/gated_groups.h"

#include "bench/suite.h"
#include "harness/base/pattern.h"
#include "harness/measure/cpu.h"

namespace sklab {
namespace {

constexpr double kQuickBatchNs = 3e5;
constexpr double kBatchNs = 7e5;

// Many processes measure each group: what `bench --quick` measures would take minutes.
bool is_quick(const GroupSpec &group) {
  return group.object || group.name == "udp4" || group.name == "udp4_programs";
}

// Rows that only check others, or are not about the user's program, are not gated.
bool is_gated(const GroupSpec &group, const RowSpec &row) {
  return row.role == Role::kRow && (!group.object || row.steering == Steering::kObject);
}

}  // namespace

Result<GatedRows> select_gated_rows(const RowSelection &selection, const SharedObject &object) {
  SKLAB_TRY(const auto groups, select_groups(groups_of(object), selection));
  // A row that others only refer to is not gated: each side is compared with the other.
  SKLAB_TRY(const Pattern filter, Pattern::compile("--filter", selection.filter));
  SKLAB_TRY(const auto cpus, allowed_cpus());
  GatedRows gated;
  for (const GroupSpec &group : groups) {
    if (selection.quick && !is_quick(group)) continue;
    GatedGroup of_group{group.name, {}};
    for (const RowSpec &row : group.rows) {
      if (!is_gated(group, row) || !filter.is_found_in(row.name)) continue;
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
