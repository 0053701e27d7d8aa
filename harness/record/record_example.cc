// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Prints a result.json for the test of its schema.
#include <cstdio>

#include "harness/record/result_json.h"
#include "harness/record/test_record.h"

int main() { return std::fputs(sklab::result_json(sklab::example_record()).c_str(), stdout) < 0; }
