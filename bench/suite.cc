// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "bench/suite.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>

#include "bench/group_run.h"
#include "harness/measure/cpu.h"
#include "harness/measure/interrupt.h"
#include "harness/measure/noise.h"
#include "harness/record/fingerprint.h"

namespace sklab {
namespace {

constexpr double kQuickScale = 0.2;  // of a group's time in a default run
constexpr double kBatchNs = 1.5e6;
constexpr double kQuickBatchNs = 0.7e6;
// Counters are read around each batch of a flood, which takes some tenths of a millisecond.
constexpr double kFloodBatchNs = 4e6;
constexpr double kControlHalfWidthNs = 0.4;
constexpr double kQuickControlHalfWidthNs = 1;
constexpr auto kNoiseTime = std::chrono::milliseconds(200);

// Rows that this machine cannot measure leave their group and are reported with the reason.
std::vector<RowRecord> take_impossible_rows(GroupSpec &group, size_t cpus) {
  std::vector<RowRecord> skipped;
  const auto reason_of = [&](const RowSpec &row) {
    const std::string reason = row.reason_to_skip(cpus);
    return reason.empty() ? row.reason_to_skip(group.generator) : reason;
  };
  const auto is_impossible = [&](const RowSpec &row) { return !reason_of(row).empty(); };
  for (const RowSpec &row : group.rows) {
    if (!is_impossible(row)) continue;
    RowRecord record;
    record.name = row.name;
    record.path = path_name(row.path);
    record.title = row.title;
    record.status = RowStatus::kSkipped;
    record.reason = reason_of(row);
    skipped.push_back(std::move(record));
  }
  group.rows.erase(std::remove_if(group.rows.begin(), group.rows.end(), is_impossible),
                   group.rows.end());
  return skipped;
}

double planned_seconds(const std::vector<GroupSpec> &groups, const SuiteOptions &options) {
  double seconds = 0;
  for (const GroupSpec &group : groups) seconds += group.seconds;
  return options.selection.quick ? seconds * kQuickScale : seconds;
}

MeasureOptions measure_options(const SuiteOptions &options, const GroupSpec &group,
                               double seconds) {
  MeasureOptions measure;
  const bool quick = options.selection.quick;
  measure.seconds = seconds;
  measure.batch_ns = quick ? kQuickBatchNs : kBatchNs;
  if (group.flood) measure.batch_ns = kFloodBatchNs;
  measure.control_half_width_ns = quick ? kQuickControlHalfWidthNs : kControlHalfWidthNs;
  measure.seed = options.seed;
  measure.keep_partial = options.keep_partial;
  return measure;
}

template <typename T>
void append(std::vector<T> &to, std::vector<T> from) {
  std::move(from.begin(), from.end(), std::back_inserter(to));
}

Result<> run_groups(std::vector<GroupSpec> groups, Instruments &instruments,
                    const SuiteOptions &options, RunRecord &record) {
  const double planned = planned_seconds(groups, options);
  const double total = options.seconds.value_or(planned);
  double done = 0;
  for (GroupSpec &group : groups) {
    group.generator = options.generator;
    append(record.rows, take_impossible_rows(group, instruments.cpus.size()));
    const double quick = options.selection.quick ? kQuickScale : 1;
    MeasureOptions measure =
        measure_options(options, group, group.seconds * quick * total / planned);
    measure.progress = [&](double elapsed_s) {
      if (options.progress) options.progress(done + elapsed_s, total, group.name);
    };
    measure.progress(0);
    if (!group.rows.empty()) {
      auto result = measure_group(group, instruments, measure);
      if (!result && !(interrupted() && options.keep_partial && !record.rows.empty())) {
        return tl::unexpected(std::move(result).error());
      }
      if (result) {
        append(record.rows, std::move(result->rows));
        append(record.self_checks, std::move(result->self_checks));
        // Each group may have the same to say.
        for (const std::string &warning : result->warnings) add_warning(record.warnings, warning);
      }
    }
    if (interrupted()) {
      record.interrupted = true;
      record.warnings.emplace_back(kInterruptedWarning);
      return Ok{};
    }
    done += measure.seconds;
  }
  return Ok{};
}

}  // namespace

void add_warning(std::vector<std::string> &warnings, const std::string &warning) {
  if (warning.empty()) return;
  if (std::find(warnings.begin(), warnings.end(), warning) == warnings.end()) {
    warnings.push_back(warning);
  }
}

std::vector<std::string> kernel_warnings(const Fingerprint &fingerprint) {
  struct Knob {
    const char *name;
    const char *value;
    const char *consequence;
  };
  constexpr std::array kDoubtful = {
      Knob{"bpf_jit_enable", "0", "programs are interpreted, much slower than in production"},
      Knob{"bpf_jit_harden", "2", "programs are hardened and slower, also those of root"}};
  std::vector<std::string> warnings;
  for (const Knob &knob : kDoubtful) {
    const auto found = fingerprint.bpf_knobs.find(knob.name);
    if (found == fingerprint.bpf_knobs.end() || found->second != knob.value) continue;
    warnings.push_back(fmt::format("{} is {}: {}", knob.name, knob.value, knob.consequence));
  }
  return warnings;
}

Result<std::vector<std::string>> machine_warnings(const Fingerprint &fingerprint) {
  std::vector<std::string> warnings = kernel_warnings(fingerprint);
  SKLAB_TRY(const Noise noise, measure_noise(kNoiseTime));
  if (is_noisy(noise)) warnings.push_back("noisy machine: " + describe(noise));
  return warnings;
}

Result<std::vector<unsigned>> pin_to(std::optional<unsigned> cpu) {
  // Asked once: from then on this thread is pinned, and would be told of one CPU only.
  static const auto started_with = allowed_cpus();
  SKLAB_TRY(std::vector<unsigned> cpus, started_with);
  const unsigned chosen = measuring_cpu(cpu, cpus);
  if (std::find(cpus.begin(), cpus.end(), chosen) == cpus.end()) {
    return fail_as(ErrorKind::kUsage, "run on CPU", std::to_string(chosen), 0,
                   "it is not among the CPUs this process may use");
  }
  SKLAB_CHECK(pin_thread(chosen));
  return cpus;
}

Result<Instruments> make_instruments(std::optional<unsigned> cpu) {
  SKLAB_TRY(std::vector<unsigned> cpus, pin_to(cpu));
  SKLAB_TRY(KeySwitch key, KeySwitch::create());
  SKLAB_TRY(Probe probe, Probe::create());
  return Instruments{std::move(probe), std::move(key), std::move(cpus)};
}

Result<RunRecord> run_suite(const SuiteOptions &options) {
  SKLAB_TRY(auto groups, select_groups(groups_of(options.object), options.selection));
  SKLAB_TRY(Instruments instruments, make_instruments(options.cpu));
  RunRecord record;
  record.mode = options.selection.mode();
  const auto start = std::chrono::steady_clock::now();
  SKLAB_CHECK(begin_record(options, record));
  SKLAB_CHECK(run_groups(std::move(groups), instruments, options, record));
  record.duration_s =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return record;
}

}  // namespace sklab
