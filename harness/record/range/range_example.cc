// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Prints range.json, for the test of its schema.
#include <cstdio>

#include "harness/record/range/example_range.h"
#include "harness/record/range/range_json.h"

int main() { return std::fputs(sklab::range_json(sklab::example_range()).c_str(), stdout) < 0; }
