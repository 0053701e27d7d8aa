// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Which mutants of the kernel were noticed, by what, and how long that took.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/base/result.h"

namespace sklab {

struct MutantScore {
  std::string name;
  std::string kernel;  // its release
  std::string stage;   // the last one that ran: conform, fuzz
  bool noticed = false;
  std::string by;      // what noticed it: conform, a fuzzer's name, "kernel" for its own log
  std::string sign;    // a case, a finding, a report of the kernel's
  double seconds = 0;  // of the guests until then, by the host's clock, without their boots

  bool operator==(const MutantScore &) const = default;
};

// A file of scores, by which a run that was interrupted goes on.
std::string mutant_scores_json(const std::vector<MutantScore> &scores);
// Errors: it is not what mutant_scores_json() made.
Result<std::vector<MutantScore>> parse_mutant_scores(const std::string &text);

// For people: a line a mutant, then the score. Mutants that are the same as the original by what
// their table says count for nothing, unless something noticed them: then the table is wrong.
std::string mutant_table(const std::vector<MutantScore> &scores);

// What `sklab conform` printed: the first case that failed, "" for none.
std::string first_failed_case(std::string_view ktap);
// The cases that were expected to fail, and did: known deviations.
std::vector<std::string> excused_cases(std::string_view ktap);

}  // namespace sklab
