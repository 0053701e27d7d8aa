// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <string>

#include "harness/record/run_record.h"

namespace sklab {

// The record as Google Benchmark's own JSON reporter writes it, for tools that read that: a row's
// batches are cut, in the order they ran, into up to ten repetitions, whose times are the medians
// of their batches. Failed and skipped rows carry error_occurred, the reason, and times of 0. Bytes
// that are not UTF-8 become U+FFFD.
std::string google_benchmark_json(const RunRecord &record);

}  // namespace sklab
