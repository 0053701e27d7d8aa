// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/cli/doctor.h"

#include <fmt/format.h>

#include <array>
#include <memory>
#include <nlohmann/json.hpp>

#include "harness/base/wrap.h"
#include "harness/cli/command.h"
#include "harness/cli/prepare.h"
#include "harness/measure/calibrate.h"
#include "harness/measure/cpu.h"
#include "harness/record/fingerprint.h"

namespace sklab {
namespace {

using Json = nlohmann::ordered_json;

constexpr auto kNoiseTime = std::chrono::milliseconds(500);
constexpr std::array kMarks = {"[yes]", "[no ]", "[ ? ]"};
constexpr std::array kStatusNames = {"yes", "no", "unknown"};

// One that is there says what it is for, one that is missing also how to get it.
std::string feature_line(const Feature &feature) {
  const auto status = static_cast<size_t>(feature.status);
  const std::string head = fmt::format("{} {:<27} ", kMarks[status], feature.name);
  std::string text = feature.detail.empty() ? "" : feature.detail + "; ";
  text += "for " + feature.enables;
  if (feature.status != FeatureStatus::kYes) text += "; get it by: " + feature.how_to_get;
  return head + wrap(text, head.size(), head.size()).substr(head.size());
}

std::string noise_line(const Result<Noise> &noise) {
  if (!noise) return wrap("noise: cannot " + noise.error().message(), 0, 2);
  return wrap(fmt::format("noise: {}: {}", is_noisy(*noise) ? "NOISY" : "quiet", describe(*noise)),
              0, 2);
}

std::vector<std::pair<std::string, std::string>> read_facts() {
  const Fingerprint fingerprint = read_fingerprint();
  std::string mitigations;
  for (const auto &[name, value] : fingerprint.mitigations) {
    if (value.find("Mitigation") != std::string::npos) mitigations += name + " ";
  }
  std::string knobs;
  for (const auto &[name, value] : fingerprint.bpf_knobs) {
    knobs += fmt::format("{}={} ", name, value);
  }
  return {{"kernel", fingerprint.kernel_release},
          {"cpu", fingerprint.cpu_model},
          {"cpus online", std::to_string(fingerprint.cpus_online)},
          {"hypervisor", fingerprint.hypervisor},
          {"governor", fingerprint.cpu_governor},
          {"clocksource", fingerprint.clocksource},
          {"clock resolution", fmt::format("{} ns", clock_resolution_ns())},
          {"preemption", fingerprint.preemption},
          {"BPF sysctls", knobs},
          {"mitigations", mitigations}};
}

Result<Noise> measure_noise_here() {
  SKLAB_TRY(const auto cpus, allowed_cpus());
  SKLAB_CHECK(pin_thread(cpus.back()));
  return measure_noise(kNoiseTime);
}

Diagnosis diagnose() {
  auto facts = read_facts();
  auto ready = prepare();
  return {probe_features(), std::move(facts), measure_noise_here(), std::move(ready)};
}

}  // namespace

std::string doctor_text(const Diagnosis &diagnosis) {
  std::string text;
  for (const Feature &feature : diagnosis.features) text += feature_line(feature);
  text += "\n";
  for (const auto &[name, value] : diagnosis.facts) {
    text += wrap(fmt::format("{}: {}", name, value.empty() ? "unknown or none" : value), 0, 2);
  }
  text += noise_line(diagnosis.noise);
  return text + wrap(diagnosis.ready ? "ready: sklab bench can run here"
                                     : "not ready: cannot " + diagnosis.ready.error().message(),
                     0, 2);
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

Command add_doctor(CLI::App &app, const std::string & /*command_line*/) {
  const auto options = std::make_shared<DoctorOptions>();
  CLI::App *doctor =
      app.add_subcommand("doctor", "Show what this kernel and process can do, and how to get more");
  doctor->add_flag("--json", options->json, "Print JSON");
  doctor->footer("Examples:\n  sklab doctor\n  sklab doctor --json | jq '.features[].name'\n");
  return {doctor, [options] { return run_doctor(*options); }};
}

}  // namespace sklab
