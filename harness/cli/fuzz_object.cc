// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/cli/fuzz_object.h"

#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <limits>
#include <nlohmann/json.hpp>
#include <random>
#include <system_error>

#include "fuzz/campaign/duration.h"
#include "fuzz/object/object_fuzz.h"
#include "harness/base/file.h"
#include "harness/cli/prepare.h"
#include "harness/cli/report_error.h"
#include "harness/measure/interrupt.h"
#include "harness/measure/progress.h"
#include "harness/path/object_lab.h"

namespace sklab {
namespace {

constexpr const char *kDefaultFolder = "campaign-object";
// By ProgramAnswer::Kind.
constexpr const char *kAnswers[] = {"passed", "selected", "selected_group", "dropped"};

Result<ObjectFuzzRecord> fuzz(ObjectLab &lab, double seconds, uint64_t seed) {
  ObjectFuzzSettings settings;
  settings.seconds = seconds > 0 ? seconds : std::numeric_limits<double>::infinity();
  settings.seed = seed;
  Progress progress(stderr, "fuzz", settings.seconds);
  settings.progress = [&](double elapsed_s, uint64_t packets) {
    progress.update(elapsed_s, fmt::format("{} packets", packets));
  };
  return fuzz_object(lab, settings);
}

Result<std::string> write_finding(const FuzzOptions &options, const ObjectFinding &finding,
                                  const ObjectScenario &scenario, uint64_t seed) {
  const std::filesystem::path folder = options.folder.empty() ? kDefaultFolder : options.folder;
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) return fail("make folder", folder.string(), error.value(), "--folder names another");
  const std::filesystem::path file = folder / fmt::format("finding_{}.scenario", seed);
  SKLAB_CHECK(write_file_atomically(file, finding_text(finding, scenario, seed)));
  return file.string();
}

std::string record_text(const ObjectFuzzRecord &record, uint64_t seed) {
  std::string text =
      fmt::format("{} packets in {:.1f} s, seed {}:", record.packets, record.duration_s, seed);
  for (size_t i = 0; i < record.answers.size(); ++i) {
    text += fmt::format("{} {} {}", i == 0 ? "" : ",", record.answers[i], kAnswers[i]);
  }
  return text + (record.finding ? "; 1 finding\n" : "; no finding\n");
}

std::string record_json(const ObjectFuzzRecord &record, uint64_t seed,
                        const std::string &finding_file) {
  nlohmann::ordered_json json = {
      {"packets", record.packets}, {"duration_s", record.duration_s}, {"seed", seed}};
  for (size_t i = 0; i < record.answers.size(); ++i) json[kAnswers[i]] = record.answers[i];
  json["finding"] = nullptr;
  if (record.finding) {
    json["finding"] = {{"violation", record.finding->violation},
                       {"seen", record.finding->seen},
                       {"file", finding_file}};
  }
  return json.dump(1) + "\n";
}

ExitCode report(const FuzzOptions &options, const ObjectFuzzRecord &record,
                const ObjectScenario &scenario, uint64_t seed) {
  std::string file;
  if (record.finding) {
    const auto written = write_finding(options, *record.finding, scenario, seed);
    if (!written) return report_error(written.error());
    file = *written;
  }
  fmt::print("{}", options.json ? record_json(record, seed, file) : record_text(record, seed));
  if (record.finding) {
    fmt::print(stderr, "{}: {}\n{}: `sklab conform --object {} --scenario {}` shows it again\n",
               record.finding->violation, record.finding->seen, file, options.object.object, file);
    return ExitCode::kFinding;
  }
  return interrupted() ? ExitCode::kInterrupted : ExitCode::kOk;
}

}  // namespace

ExitCode run_object_fuzz(const FuzzOptions &options) {
  const auto seconds = parse_duration_s(options.time);
  if (!seconds) return report_error(seconds.error());
  auto source = read_object(options.object);
  if (!source) return report_error(source.error());
  if (const auto prepared = prepare(); !prepared) return report_error(prepared.error());
  auto lab = ObjectLab::create(**source);
  if (!lab) return report_error(lab.error());
  const uint64_t seed = options.seed ? *options.seed : std::random_device{}();
  fmt::print(stderr, "seed {}\n", seed);
  watch_interrupts();
  const auto record = fuzz(*lab, *seconds, seed);
  if (!record) return report_error(record.error());
  return report(options, *record, lab->scenario(), seed);
}

}  // namespace sklab
