// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Prints flood.json, for the test of its schema.
#include <cstdio>

#include "harness/record/flood/example_flood.h"
#include "harness/record/flood/flood_json.h"
#include "harness/record/flood/flood_summary.h"

int main() {
  const auto record = sklab::summarise_flood(sklab::example_flood_run(), "live-frames");
  return std::fputs(sklab::flood_json(record).c_str(), stdout) < 0;
}
