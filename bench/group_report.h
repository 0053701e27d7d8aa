// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <vector>

#include "bench/lane.h"
#include "bench/populated_netns.h"
#include "bench/row.h"
#include "harness/record/run_record.h"

namespace sklab {

// Turns the lanes' samples into rows; `all_cpus` is how many CPUs the rows that use all of them
// used.
std::vector<RowRecord> report_rows(const GroupSpec &group, const std::vector<Lane> &lanes,
                                   const PopulatedNetns &netns, unsigned all_cpus);

}  // namespace sklab
