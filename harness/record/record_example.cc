// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Prints a result.json, or with the argument `gate` a gate.json, for the test of their schemas.
#include <cstdio>
#include <string_view>

#include "harness/record/gate_json.h"
#include "harness/record/result_json.h"
#include "harness/record/test_record.h"

int main(int argc, char **argv) {
  const bool gate = argc == 2 && std::string_view(argv[1]) == "gate";
  const std::string text =
      gate ? sklab::gate_json(sklab::example_gate()) : sklab::result_json(sklab::example_record());
  return std::fputs(text.c_str(), stdout) < 0;
}
