// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// profile_proof KERNEL: runs calls of the kernel in a guest with and without the plugin, and checks
// that it changes nothing there and that its counts are exact: twice the calls have twice the
// counts.
#include <fmt/format.h>

#include <cstdio>
#include <string_view>

#include "harness/base/exit_code.h"
#include "harness/guest/guest_init.h"
#include "harness/guest/guest_run.h"
#include "harness/guest/initramfs.h"
#include "harness/guest/profile_plugin_file.h"
#include "harness/guest/proof/profile_checks.h"
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
  GuestCommand command;
  command.arguments = {own_program().string(), "calls"};
  command.folder = "/";
  command.symbols = true;
  SKLAB_TRY(run.record, run_in_guest({image, image, {}}, command, options));
  fmt::print("{} plugin: {:.2f} s to start, {:.2f} s in all\n", profiled ? "with" : "without",
             run.record.started_s, run.record.duration_s);
  return run;
}

Result<size_t> prove(const std::string &image) {
  SKLAB_TRY(const ProofRun without, run(image, false));
  SKLAB_TRY(const ProofRun with, run(image, true));
  const bool same = with.record.console == without.record.console && with.output == without.output;
  fmt::print("console, output and times are {}\n", same ? "the same" : "DIFFERENT");
  SKLAB_TRY(const size_t wrong, check_profile(with.record, with.output));
  return wrong + (same ? 0 : 1);
}

}  // namespace
}  // namespace sklab

int main(int argc, char **argv) {
  const std::string argument = argc > 1 ? argv[argc - 1] : "";
  if (argument == "guest-init") sklab::run_guest_init();
  if (argument == "calls") return sklab::run_profiled_calls();
  const auto wrong = sklab::prove(argument);
  if (!wrong) {
    fmt::print(stderr, "{}\n", wrong.error().message());
    return static_cast<int>(sklab::exit_code_for(wrong.error().kind));
  }
  fmt::print("{} wrong\n", *wrong);
  return *wrong == 0 ? 0 : static_cast<int>(sklab::ExitCode::kFinding);
}
