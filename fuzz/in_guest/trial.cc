// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/in_guest/trial.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <utility>

#include "fuzz/campaign/worker.h"
#include "fuzz/in_guest/stream_reader.h"
#include "harness/base/child_process.h"
#include "harness/base/file.h"
#include "harness/base/temporary_folder.h"

namespace sklab {
namespace {

constexpr double kTrialLimitS = 300;
constexpr double kCompileLimitS = 60;

std::string signature_of_files(const std::map<std::string, std::string> &files) {
  const auto found = files.find("finding.json");
  if (found == files.end()) return "";
  const auto json = nlohmann::json::parse(found->second, nullptr, false);
  return json.is_object() ? json.value("signature", "") : "";
}

// Which of `inputs` was begun last.
size_t place_of_last(const StreamReader &stream, const std::vector<std::string> &inputs) {
  size_t place = std::min<size_t>(stream.inputs_begun(), inputs.size());
  while (place > 0 && inputs[place - 1] != stream.inputs().back()) --place;
  return place > 0 ? place - 1 : 0;
}

}  // namespace

GuestOutput Trials::run_job(GuestJob job) const {
  std::vector<GuestJob> jobs;
  jobs.push_back(std::move(job));
  auto outputs = run_guests_for_output(std::move(jobs), 1, [this](size_t) { meanwhile_(); });
  return std::move(outputs.front());
}

Result<Trial> Trials::run_guest(const std::vector<std::string> &inputs, uint64_t seed,
                                bool only_describe) const {
  SKLAB_TRY(const TemporaryFolder folder, TemporaryFolder::create("sklab-inputs"));
  GuestProgram program;
  // The fuzzer runs each of them once, and makes no others. For leaks it would run them again.
  program.arguments = {fuzzer_.program, fmt::format("-error_exitcode={}", kCrashExitCode),
                       "-artifact_prefix=/tmp/", "-detect_leaks=0"};
  program.environment = {{"SKLAB_FINDINGS", "/tmp/findings"},
                         {"SKLAB_STREAM", folder.path()},
                         {"SKLAB_MODEL_MUTANT", mutant_},
                         {"SKLAB_DESCRIBE", only_describe ? "1" : ""}};
  program.inputs = {folder.path()};
  for (size_t i = 0; i < inputs.size(); ++i) {
    const auto path = folder.path() / fmt::format("{:04}", i);
    SKLAB_CHECK(write_file_atomically(path, inputs[i]));
    program.arguments.push_back(path);
  }
  StreamReader stream;
  Result<> understood = Ok{};
  GuestJob job = fuzz_job(fuzzing_, program, seed, kTrialLimitS);
  job.options.take_notes = [&](std::string_view bytes) {
    if (understood) understood = stream.add(bytes);
  };
  GuestOutput output = run_job(std::move(job));
  if (!output.guest) return tl::unexpected(output.guest.error());
  SKLAB_CHECK(understood);
  const bool over = output.guest->end == GuestEnd::kExited || kernel_fell(*output.guest);
  const bool begun = only_describe || stream.inputs_begun() > 0;
  if (!over || !begun) return tl::unexpected(guest_failure(fuzzing_.kernel.name, *output.guest));
  Trial trial;
  trial.signature = fall_signature(*output.guest);
  trial.fell = !trial.signature.empty();
  for (const auto &[path, content] : stream.finding_files()) {
    trial.files[std::filesystem::path(path).filename()] = content;
  }
  if (!trial.fell) trial.signature = signature_of_files(trial.files);
  trial.last_input = place_of_last(stream, inputs);
  trial.guest = *std::move(output.guest);
  return trial;
}

Result<Trial> Trials::run(const std::vector<std::string> &inputs, uint64_t seed) const {
  return run_guest(inputs, seed, false);
}

Result<std::map<std::string, std::string>> Trials::describe(const std::string &input) const {
  SKLAB_TRY(Trial trial, run_guest({input}, 1, true));
  return std::move(trial.files);
}

Result<std::string> Trials::run_reproducer(const std::string &source) const {
  SKLAB_TRY(const std::string compiler, find_program("cc", "gcc"));
  SKLAB_TRY(const TemporaryFolder folder, TemporaryFolder::create("sklab-reproducer"));
  const auto program = folder.path() / "reproducer";
  SKLAB_CHECK(write_file_atomically(folder.path() / "reproducer.c", source));
  SKLAB_CHECK(output_of({{compiler, "-o", program, folder.path() / "reproducer.c", "-lbpf"}, {}},
                        kCompileLimitS));
  const GuestOutput output = run_job(fuzz_job(fuzzing_, {{program}, {}, {}}, 1, kTrialLimitS));
  if (!output.guest) return tl::unexpected(output.guest.error());
  return fall_signature(*output.guest);
}

}  // namespace sklab
