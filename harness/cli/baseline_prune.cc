// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/cli/baseline_prune.h"

#include <fmt/format.h>

#include <cstdio>
#include <ctime>

#include "bench/gate/comparability.h"
#include "harness/base/utc_time.h"
#include "harness/cli/report_error.h"
#include "harness/measure/cpu.h"
#include "harness/record/baseline/baseline_store.h"

namespace sklab {
namespace {

constexpr double kSecondsADay = 24 * 3600;

ListedBaseline describe_baseline(const std::filesystem::path &file, const Fingerprint &here,
                                 size_t cpus_allowed) {
  ListedBaseline listed{file.string(), "", 0, ""};
  const auto record = read_baseline(file);
  if (!record) {
    listed.trouble = record.error().message();
    return listed;
  }
  listed.recorded_utc = record->recorded_utc;
  listed.rows = record->rows.size();
  // The CPU can be chosen.
  const auto usable =
      check_same_machine(*record, measuring_facts(here, record->cpu, cpus_allowed), {});
  if (!usable) listed.trouble = usable.error().object;
  return listed;
}

// Why it is to go; "" to leave it.
std::string reason_to_remove(const ListedBaseline &baseline, const BaselinePruneOptions &options) {
  if (baseline.recorded_utc.empty()) return "";
  if (options.unusable && !baseline.trouble.empty()) return baseline.trouble;
  if (!options.older_than_days) return "";
  const auto oldest = utc_time(std::time(nullptr) -
                               static_cast<std::time_t>(*options.older_than_days * kSecondsADay));
  return baseline.recorded_utc < oldest ? "recorded " + baseline.recorded_utc : "";
}

}  // namespace

Result<std::vector<ListedBaseline>> list_baselines(const std::filesystem::path &folder,
                                                   const Fingerprint &here) {
  SKLAB_TRY(const auto files, baseline_files(folder));
  SKLAB_TRY(const auto cpus, allowed_cpus());
  std::vector<ListedBaseline> listed;
  for (const auto &file : files) listed.push_back(describe_baseline(file, here, cpus.size()));
  return listed;
}

ExitCode prune_baselines(const std::filesystem::path &folder, const BaselinePruneOptions &options) {
  if (!options.unusable && !options.older_than_days) {
    fmt::print(stderr, "sklab: say which to remove: --unusable or --older-than DAYS\n");
    return ExitCode::kUsage;
  }
  const auto listed = list_baselines(folder, read_fingerprint());
  if (!listed) return report_error(listed.error());
  size_t removed = 0;
  for (const ListedBaseline &baseline : *listed) {
    const std::string reason = reason_to_remove(baseline, options);
    if (reason.empty()) continue;
    std::error_code error;
    if (!options.dry_run && !std::filesystem::remove(baseline.file, error)) {
      return report_error(fail("remove", baseline.file, error.value()).value());
    }
    fmt::print("{} {}: {}\n", options.dry_run ? "would remove" : "removed", baseline.file, reason);
    ++removed;
  }
  fmt::print("{} of {} baselines {}\n", removed, listed->size(),
             options.dry_run ? "would be removed" : "removed");
  return ExitCode::kOk;
}

}  // namespace sklab
