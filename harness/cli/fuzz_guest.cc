// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/cli/fuzz_guest.h"

#include <filesystem>

#include "fuzz/in_guest/guest_workplace.h"
#include "harness/cli/fuzz_object.h"
#include "harness/cli/report_error.h"
#include "harness/cli/target_kernel.h"

namespace sklab {
namespace {

Result<GuestFuzzing> guest_fuzzing(const TargetOptions &options) {
  const TargetOptions usual;
  if (options.seed != usual.seed || options.limit_s != usual.limit_s) {
    return fail_as(ErrorKind::kUsage, "use", "--guest-seed or --guest-time for a campaign", 0,
                   "its guests begin with its own --seed, and end with a fuzzer's turn");
  }
  SKLAB_TRY(const std::string name, target_name(options.target));
  GuestFuzzing fuzzing;
  fuzzing.target = options.target;
  SKLAB_TRY(fuzzing.kernel, target_kernel(name));
  SKLAB_TRY(fuzzing.processor, target_processor(options, fuzzing.kernel));
  fuzzing.cpus = options.cpus;
  fuzzing.memory_mib = options.memory_mib;
  return fuzzing;
}

ExitCode campaign(const FuzzOptions &options) {
  const auto fuzzers = fuzzers_for(options);
  if (!fuzzers) return report_error(fuzzers.error());
  auto fuzzing = guest_fuzzing(options.target);
  if (!fuzzing) return report_error(fuzzing.error());
  GuestWorkplace workplace(std::move(*fuzzing));
  return run_campaign_in(workplace, *fuzzers, options);
}

// The campaign's folder goes there and comes back.
ExitCode in_one_guest(const FuzzOptions &options) {
  TargetFiles files;
  files.inputs = files_of(options.object);
  if (options.object.object.empty()) {
    const auto fuzzers = fuzzers_for(options);
    if (!fuzzers) return report_error(fuzzers.error());
    for (const Fuzzer &fuzzer : *fuzzers) {
      files.programs.push_back(fuzzer.program);
      files.inputs.insert(files.inputs.end(), {fuzzer.dictionary, fuzzer.seeds});
    }
  }
  std::string folder = options.folder;
  if (folder.empty()) {
    folder = options.object.object.empty() ? default_campaign_folder(options.mutant)
                                           : kObjectCampaignFolder;
  }
  if (std::filesystem::exists(folder)) files.inputs.emplace_back(folder);
  for (const std::string &other : options.merge) files.inputs.emplace_back(other);
  for (const std::string &input : options.inputs) files.inputs.emplace_back(input);
  files.outputs.emplace_back(folder);
  return run_on_target(options.target, files);
}

}  // namespace

ExitCode fuzz_in_guests(const FuzzOptions &options) {
  const bool is_campaign = options.object.object.empty() && options.merge.empty() &&
                           options.inputs.empty() && options.journal.empty() && !options.minimise &&
                           !options.measure && !options.list && !options.list_mutants;
  return is_campaign ? campaign(options) : in_one_guest(options);
}

}  // namespace sklab
