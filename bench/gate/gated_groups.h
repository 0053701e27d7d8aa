// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Which rows a gate or a baseline is about.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "bench/gate/lockstep.h"
#include "bench/row.h"

namespace sklab {

struct GatedRow {
  std::string name;
  std::string title;
  std::string skipped;  // why it cannot be measured here; "" if it can
  bool has_probe = true;
};

// A group, and where its rows are in GatedRows::rows.
struct GatedGroup {
  std::string name;
  std::vector<size_t> rows;
};

struct GatedRows {
  std::vector<GatedRow> rows;
  std::vector<GatedGroup> groups;
};

// The rows of the table, without what only checks them; or, if there is an object, those that run
// its program. Errors: as those of select_groups(); a quick selection that has none of the few rows
// that are gated quickly.
Result<GatedRows> select_gated_rows(const RowSelection &selection, const SharedObject &object);

// How long the batches of a gate should take: rather more processes than longer batches.
double gate_batch_ns(bool quick);

// To measure some of the rows of a group.
LockstepPlan plan_for(const GatedRows &all, const GatedGroup &group,
                      const std::vector<size_t> &rows);

}  // namespace sklab
