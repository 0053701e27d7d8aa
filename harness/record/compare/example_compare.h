// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <string>
#include <vector>

#include "harness/record/compare/compare_record.h"

namespace sklab {

// A made-up record of three kernels with every kind of row, for tests.
CompareRecord example_compare();

// The same of kernels of these names: two at least, of which those behind the third are as it.
CompareRecord example_compare(const std::vector<std::string> &names);

}  // namespace sklab
