// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Prints a file of the kind that its argument names, for the test of the schemas.
#include <cstdio>
#include <map>
#include <string>

#include "harness/record/gate_json.h"
#include "harness/record/result_json.h"
#include "harness/record/test_record.h"

int main(int argc, char **argv) {
  const std::map<std::string, std::string> texts = {
      {"result", sklab::result_json(sklab::example_record())},
      {"gate", sklab::gate_json(sklab::example_gate())}};
  return argc != 2 || std::fputs(texts.at(argv[1]).c_str(), stdout) < 0;
}
