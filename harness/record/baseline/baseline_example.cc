// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Prints a baseline, for the test of its schema and the corpus of its fuzzer.
#include <cstdio>

#include "harness/record/baseline/baseline_json.h"
#include "harness/record/baseline/example_baseline.h"

int main() {
  const std::string text = sklab::baseline_json(sklab::example_baseline());
  return std::fputs(text.c_str(), stdout) < 0;
}
