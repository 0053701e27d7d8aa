// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/cli/doctor.h"

#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>

#include "harness/kernel/netns.h"
#include "harness/measure/calibrate.h"
#include "harness/record/fingerprint.h"

namespace sklab {
namespace {

using Json = nlohmann::ordered_json;

constexpr size_t kColumns = 100;
constexpr auto kNoiseTime = std::chrono::milliseconds(500);
constexpr std::array kMarks = {"[yes]", "[no ]", "[ ? ]"};
constexpr std::array kStatusNames = {"yes", "no", "unknown"};

std::string clipped(std::string line) {
  if (line.size() > kColumns) line = line.substr(0, kColumns - 3) + "...";
  return line + "\n";
}

// A feature that is there says what for, one that is missing also how to get it, on a line more.
std::string feature_lines(const Feature &feature) {
  const auto status = static_cast<size_t>(feature.status);
  std::string lines =
      clipped(fmt::format("{} {:<29} for {}", kMarks[status], feature.name, feature.enables));
  if (feature.status == FeatureStatus::kYes) return lines;
  lines += clipped(fmt::format("{:6}found: {}", "", feature.detail));
  return lines + clipped(fmt::format("{:6}get it: {}", "", feature.how_to_get));
}

std::string noise_line(const Result<Noise> &noise) {
  if (!noise) return clipped("noise: cannot " + noise.error().message());
  return clipped(
      fmt::format("noise: {}: {}", is_noisy(*noise) ? "NOISY" : "quiet", describe(*noise)));
}

std::vector<std::pair<std::string, std::string>> read_facts() {
  const Fingerprint fingerprint = read_fingerprint();
  std::string mitigations;
  for (const auto &[name, value] : fingerprint.mitigations) {
    if (value.find("Mitigation") != std::string::npos) mitigations += name + " ";
  }
  return {{"kernel", fingerprint.kernel_release},
          {"cpu", fingerprint.cpu_model},
          {"cpus online", std::to_string(fingerprint.cpus_online)},
          {"hypervisor", fingerprint.hypervisor},
          {"governor", fingerprint.cpu_governor},
          {"clocksource", fingerprint.clocksource},
          {"clock resolution", fmt::format("{} ns", clock_resolution_ns())},
          {"preemption", fingerprint.preemption},
          {"mitigations", mitigations}};
}

Diagnosis diagnose() {
  const auto isolated = isolate_process();
  Diagnosis diagnosis{probe_features(), read_facts(), measure_noise(kNoiseTime),
                      isolated ? require_lookup_features() : isolated};
  return diagnosis;
}

}  // namespace

std::string doctor_text(const Diagnosis &diagnosis) {
  std::string text;
  for (const Feature &feature : diagnosis.features) text += feature_lines(feature);
  text += "\n";
  for (const auto &[name, value] : diagnosis.facts) {
    text += clipped(fmt::format("{}: {}", name, value.empty() ? "unknown or none" : value));
  }
  text += noise_line(diagnosis.noise);
  return text + clipped(diagnosis.ready ? "ready: sklab bench can run here"
                                        : "not ready: cannot " + diagnosis.ready.error().message());
}

std::string doctor_json(const Diagnosis &diagnosis) {
  Json features = Json::array();
  for (const Feature &feature : diagnosis.features) {
    features.push_back({{"name", feature.name},
                        {"status", kStatusNames[static_cast<size_t>(feature.status)]},
                        {"detail", feature.detail},
                        {"enables", feature.enables},
                        {"how_to_get", feature.how_to_get}});
  }
  Json facts = Json::object();
  for (const auto &[name, value] : diagnosis.facts) facts[name] = value;
  Json noise;
  if (diagnosis.noise) {
    noise = {{"noisy", is_noisy(*diagnosis.noise)},
             {"lost_share", diagnosis.noise->lost_share},
             {"longest_gap_ns", diagnosis.noise->longest_gap_ns},
             {"gaps_per_second", diagnosis.noise->gaps_per_second},
             {"work_spread", diagnosis.noise->work_spread}};
  }
  const Json document = {{"ready", diagnosis.ready.has_value()},
                         {"reason", diagnosis.ready ? "" : diagnosis.ready.error().message()},
                         {"features", std::move(features)},
                         {"facts", std::move(facts)},
                         {"noise", std::move(noise)}};
  return document.dump(1) + "\n";
}

ExitCode run_doctor(const DoctorOptions &options) {
  const Diagnosis diagnosis = diagnose();
  fmt::print("{}", options.json ? doctor_json(diagnosis) : doctor_text(diagnosis));
  return diagnosis.ready ? ExitCode::kOk : exit_code_for(diagnosis.ready.error().kind);
}

}  // namespace sklab
