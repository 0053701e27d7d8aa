// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Prints latency.json, for the test of its schema.
#include <cstdio>

#include "harness/record/latency/example_latency.h"
#include "harness/record/latency/latency_json.h"

int main() { return std::fputs(sklab::latency_json(sklab::example_latency()).c_str(), stdout) < 0; }
