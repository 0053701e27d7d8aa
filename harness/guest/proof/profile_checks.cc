// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/guest/proof/profile_checks.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <sstream>

#include "harness/guest/profile/attribution.h"
#include "harness/guest/proof/profiled_calls.h"

namespace sklab {
namespace {

struct Window {
  std::string name;
  unsigned calls = 0;
  int64_t duration_ns = 0;
};

struct Printed {
  std::vector<Window> windows;
  std::vector<InstructionCount> expected;  // of the edge cases
};

Printed parse_output(const std::string &output) {
  Printed printed;
  std::istringstream lines(output);
  for (std::string word; lines >> word;) {
    Window window;
    InstructionCount expected;
    if (word == "window" && lines >> window.name >> window.calls >> window.duration_ns) {
      printed.windows.push_back(window);
    } else if (word == "expect" &&
               lines >> std::hex >> expected.address >> std::dec >> expected.count) {
      printed.expected.push_back(expected);
    }
  }
  return printed;
}

uint64_t total(const std::vector<InstructionCount> &counts) {
  uint64_t sum = 0;
  for (const InstructionCount &counted : counts) sum += counted.count;
  return sum;
}

bool is_clean(const ProfileRecord &record, const Symbols &symbols) {
  const auto found = disturbances(record.counts, symbols);
  for (const Disturbance &disturbance : found) {
    fmt::print("  record {} is disturbed: {} {}\n", record.sequence, disturbance.entry,
               disturbance.count);
  }
  return found.empty();
}

void print_functions(const LookupProfile &profile, const Symbols &symbols) {
  constexpr size_t kMost = 12;
  auto totals = function_totals(profile.per_lookup, symbols);
  totals.resize(std::min(totals.size(), kMost));
  for (const FunctionTotal &function : totals) {
    fmt::print("    {:6} {} {}\n", function.instructions, code_kind_name(function.kind),
               function.name);
  }
}

// A pair of windows, one of twice the other's calls.
size_t check_pair(const ProfileRecord &fewer, const ProfileRecord &more, int64_t longer_ns,
                  const Symbols &symbols) {
  // Time is read with a rounding of its own.
  constexpr int64_t kClockRounding = 3;
  const LookupProfile profile = profile_per_lookup(fewer, more, kProfiledCalls);
  const auto added = static_cast<int64_t>(total(more.counts) - total(fewer.counts));
  const bool agrees = std::abs(added - longer_ns) <= kClockRounding;
  fmt::print(
      "  records {} and {}: {} addresses, {} a call: {} instructions, {} residues; the clock {} "
      "({})\n",
      fewer.sequence, more.sequence, more.counts.size(), profile.per_lookup.size(),
      total(profile.per_lookup), profile.residue.size(), agrees ? "agrees" : "DISAGREES",
      added - longer_ns);
  for (const ResidualCount &residue : profile.residue) {
    const Function *function = symbols.function_at(residue.address);
    fmt::print("    residue {:#x} {} {}\n", residue.address, residue.difference,
               function == nullptr ? "" : function->name);
  }
  return profile.residue.size() + (agrees ? 0 : 1);
}

size_t check_edge_cases(const ProfileRecord &record,
                        const std::vector<InstructionCount> &expected) {
  size_t wrong = expected.empty() ? 1 : 0;
  for (const InstructionCount &edge : expected) {
    const bool found = std::count(record.counts.begin(), record.counts.end(), edge) == 1;
    fmt::print("  {:#x} {} times: {}\n", edge.address, edge.count, found ? "yes" : "NO");
    if (!found) ++wrong;
  }
  return wrong;
}

}  // namespace

Result<size_t> check_profile(const GuestRecord &record, const std::string &output) {
  const auto [windows, expected] = parse_output(output);
  if (windows.empty() || record.profile.size() != windows.size() + 1) {
    return fail("check the profile", std::to_string(record.profile.size()), 0, output);
  }
  SKLAB_TRY(const Symbols symbols, Symbols::parse(record.symbols));
  size_t wrong = 0;
  for (size_t i = 0; i < windows.size(); i += 2 * kWindowPairs) {
    fmt::print("{}\n", windows[i].name);
    size_t clean = 0;
    for (size_t j = i; j < i + 2 * kWindowPairs; j += 2) {
      const ProfileRecord &fewer = record.profile[j];
      const ProfileRecord &more = record.profile[j + 1];
      if (!is_clean(fewer, symbols) || !is_clean(more, symbols)) continue;
      if (++clean == 1) print_functions(profile_per_lookup(fewer, more, kProfiledCalls), symbols);
      wrong +=
          check_pair(fewer, more, windows[j + 1].duration_ns - windows[j].duration_ns, symbols);
    }
    if (clean == 0) ++wrong;
  }
  return wrong + check_edge_cases(record.profile.back(), expected);
}

}  // namespace sklab
