// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/campaign/mutant_fuzzers.h"

#include <fmt/format.h>

#include <array>

#include "harness/model/mutants.h"

namespace sklab {
namespace {

struct Assignment {
  std::string_view begins_with;
  std::string_view fuzzer;
};

// What is not among them shows in lookups by a helper. SK_REUSEPORT programs run for packets only,
// and not for ICMP errors, whose lookups have no packet either.
constexpr std::array kAssignments = {
    Assignment{"load: ", "program_fuzzer"},
    Assignment{"links: ", "lifecycle_fuzzer"},
    Assignment{"lifecycle: ", "lifecycle_fuzzer"},
    Assignment{"reuseport: the group's program", "packet_fuzzer"},
    Assignment{"reuseport: a drop falls back", "packet_fuzzer"},
    Assignment{"assign: NO_REUSEPORT does nothing", "packet_fuzzer"},
    Assignment{"pass_drop: NO_REUSEPORT is not inherited", "packet_fuzzer"},
};

}  // namespace

std::string_view fuzzer_for(std::string_view mutant) {
  for (const Assignment &assignment : kAssignments) {
    if (mutant.starts_with(assignment.begins_with)) return assignment.fuzzer;
  }
  return "semantics_fuzzer";
}

std::string mutant_list() {
  std::string text;
  for (const auto list : {mutants(), rare_mutants(), lifecycle_mutants()}) {
    for (const Mutant &mutant : list) {
      text += fmt::format("{}\t{}\n", fuzzer_for(mutant.wrong_rule), mutant.wrong_rule);
    }
  }
  return text;
}

}  // namespace sklab
