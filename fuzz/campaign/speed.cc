// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/campaign/speed.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <thread>

#include "fuzz/target/target_status.h"
#include "harness/base/child_process.h"
#include "harness/base/exit_code.h"
#include "harness/measure/interrupt.h"
#include "harness/measure/progress.h"

namespace sklab {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr double kSetUpLimit_s = 60;  // until the first input was run
constexpr double kWarmup_s = 1;
constexpr double kWindow_s = 4;

double seconds_since(SteadyClock::time_point start) {
  return std::chrono::duration<double>(SteadyClock::now() - start).count();
}

// The figures of a running fuzzer at one moment.
struct Moment {
  SteadyClock::time_point time;
  uint64_t checked;
  uint64_t kernel_ns;
};

Moment moment_of(const SharedStatus &status) {
  return {SteadyClock::now(), status->checked.load(), status->kernel_ns.load()};
}

Result<> wait_s(ChildProcess &child, double seconds, std::string &output) {
  const auto start = SteadyClock::now();
  while (seconds_since(start) < seconds) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
    output += child.read_output();
    if (interrupted()) return fail("measure to the end", "", EINTR);
    if (const auto code = child.exit_code()) {
      const ErrorKind kind = *code == static_cast<int>(ExitCode::kSkip) ? ErrorKind::kUnavailable
                                                                        : ErrorKind::kHarness;
      const size_t tail = std::min<size_t>(output.size(), 500);
      return fail_as(kind, "go on: semantics_fuzzer ended with " + std::to_string(*code) + ":",
                     output.substr(output.size() - tail));
    }
  }
  return Ok{};
}

Result<> wait_for_first_input(ChildProcess &child, const SharedStatus &status,
                              std::string &output) {
  const auto start = SteadyClock::now();
  while (status->checked.load() == 0) {
    SKLAB_CHECK(wait_s(child, 0.05, output));
    if (seconds_since(start) > kSetUpLimit_s) return fail("see semantics_fuzzer run an input");
  }
  return Ok{};
}

struct Samples {
  std::vector<double> scenarios_per_s;
  std::vector<double> kernel_ns;
  std::vector<double> total_over_kernel;

  void add(const Moment &first, const Moment &last) {
    const double elapsed_s = std::chrono::duration<double>(last.time - first.time).count();
    const auto scenarios = static_cast<double>(last.checked - first.checked);
    const auto lookups_ns = static_cast<double>(last.kernel_ns - first.kernel_ns);
    scenarios_per_s.push_back(scenarios / elapsed_s);
    kernel_ns.push_back(lookups_ns / scenarios);
    total_over_kernel.push_back(elapsed_s * 1e9 / lookups_ns);
  }
};

Result<> measure_once(const Fuzzer &fuzzer, unsigned programs, Samples &samples) {
  SKLAB_TRY(const SharedStatus status, SharedStatus::create());
  // No files: an input that is kept is kept in memory.
  SKLAB_TRY(ChildProcess child,
            ChildProcess::start(
                {.arguments = {fuzzer.program, "-max_total_time=3600",
                               fmt::format("-max_len={}", fuzzer.most_input_bytes)},
                 .environment = {{"SKLAB_PROGRAMS", std::to_string(programs)},
                                 {"SKLAB_STATUS", fmt::format("/proc/self/fd/{}", status.fd())}},
                 .inherited_fd = status.fd()}));
  std::string output;
  SKLAB_CHECK(wait_for_first_input(child, status, output));
  SKLAB_CHECK(wait_s(child, kWarmup_s, output));
  const Moment first = moment_of(status);
  SKLAB_CHECK(wait_s(child, kWindow_s, output));
  samples.add(first, moment_of(status));
  return Ok{};
}

}  // namespace

Result<std::vector<SpeedRow>> measure_speed(const Fuzzer &semantics_fuzzer,
                                            const SpeedSettings &settings) {
  std::vector<Samples> samples(settings.programs.size());
  const double round_s = static_cast<double>(samples.size()) * (kWarmup_s + kWindow_s);
  const auto rounds = std::max<size_t>(1, static_cast<size_t>(settings.total_s / round_s));
  Progress progress(stderr, "measuring", static_cast<double>(rounds) * round_s);
  for (size_t i = 0; i < rounds * samples.size(); ++i) {
    const size_t row = i % samples.size();
    progress.update(static_cast<double>(i) * (kWarmup_s + kWindow_s),
                    fmt::format("{} programs", settings.programs[row]));
    SKLAB_CHECK(measure_once(semantics_fuzzer, settings.programs[row], samples[row]));
  }
  std::vector<SpeedRow> rows;
  for (size_t i = 0; i < samples.size(); ++i) {
    rows.push_back({settings.programs[i], rounds, median_estimate(samples[i].scenarios_per_s),
                    median_estimate(samples[i].kernel_ns),
                    median_estimate(samples[i].total_over_kernel)});
  }
  return rows;
}

std::string speed_text(const std::vector<SpeedRow> &rows) {
  std::string text = fmt::format("{:>8}  {:>6}  {:>28}  {:>22}  {:>19}\n", "programs", "rounds",
                                 "million scenarios/s", "kernel ns/scenario", "total/kernel");
  for (const SpeedRow &row : rows) {
    const auto with_interval = [](const Estimate &estimate, double unit, int digits) {
      return fmt::format("{:.{}f} [{:.{}f}, {:.{}f}]", estimate.value / unit, digits,
                         estimate.low / unit, digits, estimate.high / unit, digits);
    };
    text +=
        fmt::format("{:>8}  {:>6}  {:>28}  {:>22}  {:>19}\n", row.programs, row.rounds,
                    with_interval(row.scenarios_per_s, 1e6, 2), with_interval(row.kernel_ns, 1, 1),
                    with_interval(row.total_over_kernel, 1, 2));
  }
  return text +
         "semantics_fuzzer on the probe path, one process, everything included: medians of "
         "rounds [95 %]\n";
}

std::string speed_json(const std::vector<SpeedRow> &rows) {
  const auto estimate = [](const Estimate &value) {
    return nlohmann::ordered_json{{"value", value.value}, {"low", value.low}, {"high", value.high}};
  };
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const SpeedRow &row : rows) {
    list.push_back({{"programs", row.programs},
                    {"rounds", row.rounds},
                    {"scenarios_per_s", estimate(row.scenarios_per_s)},
                    {"kernel_ns", estimate(row.kernel_ns)},
                    {"total_over_kernel", estimate(row.total_over_kernel)}});
  }
  const nlohmann::ordered_json json = {
      {"schema_version", 1}, {"target", "semantics_fuzzer"}, {"rows", list}};
  return json.dump(2) + "\n";
}

}  // namespace sklab
