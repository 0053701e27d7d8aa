// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/cli/fuzz_object.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
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
#include "harness/model/object_scenario_text.h"
#include "harness/path/object_lab.h"

namespace sklab {
namespace {

// By ProgramAnswer::Kind.
constexpr const char *kAnswers[] = {"passed", "selected", "selected_group", "dropped"};

Result<ObjectFuzzRecord> fuzz(ObjectLab &lab, double seconds, uint64_t seed) {
  ObjectFuzzSettings settings;
  settings.seconds = seconds;
  settings.seed = seed;
  Progress progress(stderr, "fuzz", settings.seconds);
  settings.progress = [&](double elapsed_s, uint64_t packets) {
    progress.update(elapsed_s, fmt::format("{} packets", packets));
  };
  return fuzz_object(lab, settings);
}

// Where a finding is to be written; there before the first packet, so that none is lost.
struct ObjectFolder {
  std::filesystem::path path;
  bool is_new = false;
};

Result<ObjectFolder> make_folder(const FuzzOptions &options) {
  ObjectFolder folder{options.folder.empty() ? kObjectCampaignFolder : options.folder};
  std::error_code error;
  folder.is_new = std::filesystem::create_directories(folder.path, error);
  if (!error) return folder;
  return fail("make folder", folder.path.string(), error.value(), "--folder names another");
}

void remove_if_empty(const ObjectFolder &folder) {
  std::error_code ignored;
  if (folder.is_new) std::filesystem::remove(folder.path, ignored);
}

// The same seed finds something else in another object.
std::filesystem::path free_name(const std::filesystem::path &folder, uint64_t seed) {
  std::filesystem::path file = folder / fmt::format("finding_{}.scenario", seed);
  std::error_code ignored;
  for (unsigned i = 2; std::filesystem::exists(file, ignored); ++i) {
    file = folder / fmt::format("finding_{}_{}.scenario", seed, i);
  }
  return file;
}

// What there is to know if it cannot be written. Of very many packets the seed says the rest.
void print_finding(const ObjectFinding &finding, const ObjectScenario &scenario) {
  constexpr size_t kShown = 16;
  fmt::print(stderr, "{}: {}\n", finding.violation, finding.seen);
  const size_t shown = std::min(finding.packets.size(), kShown);
  for (size_t i = 0; i < shown; ++i) {
    fmt::print(stderr, "{}\n", format_object_packet(finding.packets[i], scenario));
  }
  if (shown < finding.packets.size()) {
    fmt::print(stderr, "and {} packets more\n", finding.packets.size() - shown);
  }
}

std::string how_to_show(const ObjectFinding &finding, const FuzzOptions &options,
                        const std::string &file) {
  const std::string command =
      fmt::format("`sklab conform --object {} --scenario {}`", options.object.object, file);
  if (finding.packets.size() == 1) return command + " shows it again";
  return fmt::format("it took {} packets together; {} looks each up by itself",
                     finding.packets.size(), command);
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
  // Names of files are any bytes.
  return json.dump(1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

// Returns the finding's file, "" if it cannot be written: that is no reason to say nothing of it.
std::string report_finding(const FuzzOptions &options, const ObjectFinding &finding,
                           const ObjectScenario &scenario, const ObjectFolder &folder,
                           uint64_t seed) {
  print_finding(finding, scenario);
  std::string file = free_name(folder.path, seed).string();
  const auto written = write_file_atomically(file, finding_text(finding, scenario, seed));
  if (!written) {
    report_error(written.error());
    return {};
  }
  fmt::print(stderr, "{}: {}\n", file, how_to_show(finding, options, file));
  return file;
}

ExitCode report(const FuzzOptions &options, const ObjectFuzzRecord &record,
                const ObjectScenario &scenario, const ObjectFolder &folder, uint64_t seed) {
  std::string file;
  if (record.finding) file = report_finding(options, *record.finding, scenario, folder, seed);
  fmt::print("{}", options.json ? record_json(record, seed, file) : record_text(record, seed));
  if (record.finding) return ExitCode::kFinding;
  return interrupted() ? ExitCode::kInterrupted : ExitCode::kOk;
}

Result<double> read_seconds(const FuzzOptions &options) {
  SKLAB_TRY(const double seconds, parse_duration_s(options.time));
  if (seconds > 0) return seconds;
  return fail_as(ErrorKind::kUsage, "fuzz an object for", options.time, 0,
                 "--time is to be more than 0");
}

}  // namespace

ExitCode run_object_fuzz(const FuzzOptions &options) {
  const auto seconds = read_seconds(options);
  if (!seconds) return report_error(seconds.error());
  auto source = read_object(options.object);
  if (!source) return report_error(source.error());
  if (const auto prepared = prepare(); !prepared) return report_error(prepared.error());
  auto lab = ObjectLab::create_without_wire(**source);
  if (!lab) return report_error(lab.error());
  const uint64_t seed = options.seed ? *options.seed : std::random_device{}();
  fmt::print(stderr, "seed {}\n", seed);
  const auto folder = make_folder(options);
  if (!folder) return report_error(folder.error());
  watch_interrupts();
  const auto record = fuzz(*lab, *seconds, seed);
  if (!record || !record->finding) remove_if_empty(*folder);
  if (!record) return report_error(record.error());
  return report(options, *record, lab->scenario(), *folder, seed);
}

}  // namespace sklab
