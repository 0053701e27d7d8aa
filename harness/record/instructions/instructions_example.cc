// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Prints instructions.json, for the test of its schema.
#include <cstdio>

#include "harness/record/instructions/example_instructions.h"
#include "harness/record/instructions/instruction_json.h"

int main() {
  const std::string text = sklab::instruction_json(sklab::example_instructions());
  return std::fputs(text.c_str(), stdout) < 0;
}
