// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/campaign/fuzzer_command.h"

#include <fmt/format.h>

namespace sklab {
namespace {

// An input takes milliseconds, also with sanitizers and on a machine that does other things.
constexpr int kMostInputSeconds = 60;

}  // namespace

FuzzerCommand fuzzer_command(const Fuzzer &fuzzer, const CampaignFolder &folder,
                             const WorkerSettings &settings,
                             const std::filesystem::path &artifacts) {
  FuzzerCommand command;
  command.arguments = {
      fuzzer.program.string(),
      fmt::format("-seed={}", settings.seed),
      fmt::format("-max_len={}", fuzzer.most_input_bytes),
      fmt::format("-timeout={}", kMostInputSeconds),
      fmt::format("-error_exitcode={}", kCrashExitCode),
      fmt::format("-timeout_exitcode={}", kTimeoutExitCode),
      "-print_final_stats=1",
      fmt::format("-artifact_prefix={}", artifacts.string()),
  };
  if (!fuzzer.dictionary.empty()) {
    command.arguments.push_back(fmt::format("-dict={}", fuzzer.dictionary.string()));
  }
  command.arguments.push_back(folder.corpus(fuzzer).string());
  if (!fuzzer.seeds.empty()) command.arguments.push_back(fuzzer.seeds.string());
  command.environment = {{"SKLAB_FINDINGS", folder.findings().string()},
                         {"SKLAB_MODEL_MUTANT", settings.mutant}};
  return command;
}

}  // namespace sklab
