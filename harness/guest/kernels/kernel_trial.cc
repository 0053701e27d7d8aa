// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/guest/kernels/kernel_trial.h"

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <nlohmann/json.hpp>

namespace sklab {
namespace {

using Json = nlohmann::json;

constexpr double kTrialLimitS = 300;
// What doctor does not need to be ready, and packets between namespaces do.
constexpr std::array<std::string_view, 1> kAlsoNeeded = {"veth pairs"};

std::string how_it_failed(const GuestRecord &guest) {
  if (!guest.trouble.empty()) return guest.trouble;
  switch (guest.end) {
    case GuestEnd::kDied:
      return guest.release.empty() ? "it stopped before its first process ran" : "it stopped";
    case GuestEnd::kHung:
      return guest.release.empty() ? "its first process never ran" : "it hung";
    case GuestEnd::kFlooded:
      return "it floods its log";
    case GuestEnd::kFailed:
      return guest.failure;
    case GuestEnd::kOutOfTime:
      return fmt::format("it took over {:.0f} s", guest.duration_s);
    case GuestEnd::kInterrupted:
    case GuestEnd::kExited:
      break;
  }
  return fmt::format("`sklab doctor` ended in it with exit code {}", guest.exit_code);
}

// What is missing; "" for nothing.
std::string missing_in(const Json &doctor) {
  if (!doctor.value("ready", false)) return doctor.value("reason", "doctor does not say why");
  for (const Json &feature : doctor.value("features", Json::array())) {
    const std::string name = feature.value("name", "");
    if (std::find(kAlsoNeeded.begin(), kAlsoNeeded.end(), name) == kAlsoNeeded.end()) continue;
    if (feature.value("status", "") != "yes") {
      return fmt::format("use {}; needs {}", name, feature.value("how_to_get", ""));
    }
  }
  return "";
}

}  // namespace

Result<KernelTrial> try_kernel(const GuestKernel &kernel, ModuleSignatures signatures,
                               const Progressing &progress) {
  KernelTrial trial;
  GuestJob job;
  job.kernel = kernel;
  job.command = own_command({"doctor", "--json"});
  job.options.limit_s = kTrialLimitS;
  if (signatures == ModuleSignatures::kRequired) {
    job.options.kernel_arguments = "module.sig_enforce=1";
  }
  job.options.output = [&](std::string_view text) { trial.doctor += text; };
  const std::vector<Result<GuestRecord>> guests =
      run_guests({job}, 1, [&](size_t) { progress("booting " + kernel.name); });
  if (const auto &guest = guests.front(); guest) {
    trial.guest = *guest;
  } else {
    Error error = guest.error();
    if (error.kind == ErrorKind::kHarness) error.hint += "; this was kernel " + kernel.name;
    return tl::unexpected(std::move(error));
  }
  if (trial.guest.end == GuestEnd::kInterrupted) return fail("boot", kernel.name, EINTR);
  return trial;
}

Result<> judge(const KernelTrial &trial, const std::string &name) {
  constexpr char kTake[] = "take kernel";
  const Json doctor = Json::parse(trial.doctor, nullptr, false);
  if (trial.guest.end != GuestEnd::kExited || !doctor.is_object()) {
    return fail(kTake, name, 0, "it does not run: " + how_it_failed(trial.guest));
  }
  const std::string missing = missing_in(doctor);
  if (missing.empty()) return Ok{};
  return fail_as(ErrorKind::kUnavailable, kTake, name, 0, "in it sklab cannot " + missing);
}

}  // namespace sklab
