// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <string>

#include "harness/record/run_record.h"

namespace sklab {

// The record as plain ASCII, no line over 100 columns: for terminals and commit messages.
std::string text_table(const RunRecord &record);

}  // namespace sklab
