// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <string>

#include "harness/record/gate_record.h"

namespace sklab {

// For terminals and commit messages: plain ASCII, at most 100 columns.
std::string gate_table(const GateRecord &record);

}  // namespace sklab
