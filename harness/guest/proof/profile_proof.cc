// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// profile_proof KERNEL: runs calls of the kernel in a guest with and without the plugin, and checks
// that it changes nothing there and that its counts are exact: twice the calls have twice the
// counts.
#include <fmt/format.h>

#include <cstdio>
#include <string_view>

#include "harness/base/exit_code.h"
#include "harness/guest/attribution.h"
#include "harness/guest/guest_init.h"
#include "harness/guest/guest_run.h"
#include "harness/guest/initramfs.h"
#include "harness/guest/proof/profiled_calls.h"

namespace sklab {
namespace {

struct ProofRun {
  GuestRecord record;
  std::string output;
};

Result<ProofRun> run(const std::string &image, bool profiled) {
  ProofRun run;
  GuestOptions options;
  options.output = [&](std::string_view text) { run.output += text; };
  options.errors = options.output;
  if (profiled) {
    SKLAB_TRY(options.profile_plugin, find_profile_plugin());
  }
  GuestCommand command{{own_program().string(), "calls"}, "/", {}, {}, true};
  SKLAB_TRY(run.record, run_in_guest({image, image, {}}, command, options));
  fmt::print("{} plugin: end {}, {:.2f} s to start, {:.2f} s in all\n",
             profiled ? "with" : "without", static_cast<int>(run.record.end), run.record.started_s,
             run.record.duration_s);
  return run;
}

void print_totals(const LookupProfile &profile, const Symbols &symbols) {
  constexpr size_t kMost = 12;
  uint64_t sum = 0;
  const auto totals = function_totals(profile.per_lookup, symbols);
  for (const FunctionTotal &total : totals) sum += total.instructions;
  fmt::print("    {} instructions a call, {} functions\n", sum, totals.size());
  for (size_t i = 0; i < std::min(totals.size(), kMost); ++i) {
    fmt::print("    {:6} {} {} {}\n", totals[i].instructions, static_cast<int>(totals[i].kind),
               totals[i].name, totals[i].owner);
  }
}

// Whether a window ran nothing but what it says.
bool is_clean(const ProfileRecord &record, const Symbols &symbols) {
  const auto found = disturbances(record.counts, symbols);
  for (const Disturbance &disturbance : found) {
    fmt::print("  record {}: {} {}\n", record.sequence, disturbance.entry, disturbance.count);
  }
  return found.empty();
}

Result<size_t> check_counts(const GuestRecord &record) {
  SKLAB_TRY(const Symbols symbols, Symbols::parse(record.symbols));
  fmt::print("{} records, {} functions, {} bytes of symbols\n", record.profile.size(),
             symbols.functions().size(), record.symbols.size());
  size_t wrong = 0;
  for (size_t i = 0; i + 1 < record.profile.size(); i += 2) {
    const ProfileRecord &fewer = record.profile[i];
    const ProfileRecord &more = record.profile[i + 1];
    const bool clean = is_clean(fewer, symbols) && is_clean(more, symbols);
    const LookupProfile profile = profile_per_lookup(fewer, more, kProfiledCalls);
    fmt::print("  records {} and {}: {} and {} addresses, {} exact, {} residue{}\n", fewer.sequence,
               more.sequence, fewer.counts.size(), more.counts.size(), profile.per_lookup.size(),
               profile.residue.size(), clean ? "" : ", disturbed");
    if (!clean) continue;
    for (const ResidualCount &residue : profile.residue) {
      const Function *function = symbols.function_at(residue.address);
      fmt::print("    residue {:#x} {} {}\n", residue.address, residue.difference,
                 function == nullptr ? "" : function->name);
    }
    wrong += profile.residue.size();
    if (i / 2 % kWindowPairs == 0) print_totals(profile, symbols);
  }
  return wrong;
}

Result<int> prove(const std::string &image) {
  SKLAB_TRY(const ProofRun without, run(image, false));
  SKLAB_TRY(const ProofRun with, run(image, true));
  fmt::print("console {}, output {}\n{}",
             with.record.console == without.record.console ? "equal" : "DIFFERENT",
             with.output == without.output ? "equal" : "DIFFERENT", with.output);
  SKLAB_TRY(const size_t wrong, check_counts(with.record));
  return wrong == 0 && with.record.console == without.record.console &&
                 with.output == without.output
             ? 0
             : 1;
}

}  // namespace
}  // namespace sklab

int main(int argc, char **argv) {
  const std::string_view argument = argc > 1 ? argv[argc - 1] : "";
  if (argument == "guest-init") sklab::run_guest_init();
  if (argument == "calls") return sklab::run_profiled_calls();
  const auto code = sklab::prove(std::string(argument));
  if (code) return *code;
  fmt::print(stderr, "{}\n", code.error().message());
  return static_cast<int>(sklab::exit_code_for(code.error().kind));
}
