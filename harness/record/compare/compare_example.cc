// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Prints compare.json, for the test of its schema.
#include <cstdio>

#include "harness/record/compare/compare_json.h"
#include "harness/record/compare/example_compare.h"

int main() {
  const std::string text = sklab::compare_json(sklab::example_compare());
  return std::fputs(text.c_str(), stdout) < 0;
}
