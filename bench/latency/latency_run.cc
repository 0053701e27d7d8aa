// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "bench/latency/latency_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "bench/latency/latency_report.h"
#include "bench/latency/section_run.h"
#include "bench/suite.h"
#include "harness/measure/cpu.h"
#include "harness/measure/interrupt.h"

namespace sklab {
namespace {

// Of a core that requests are not sent on, if there is one, or else its other thread; none with a
// single CPU.
std::optional<unsigned> cpu_for_churn(const std::vector<unsigned> &cpus, unsigned measuring,
                                      std::string &doubt) {
  const std::vector<unsigned> core = core_threads(measuring);
  std::optional<unsigned> beside;
  for (const unsigned cpu : cpus) {
    if (cpu == measuring) continue;
    if (std::find(core.begin(), core.end(), cpu) == core.end()) return cpu;
    beside = cpu;
  }
  if (beside) {
    doubt = fmt::format(
        "CPU {} churns and is a thread of the core that sends requests, CPU {}: "
        "they share what it has",
        *beside, measuring);
  }
  return beside;
}

size_t count_rows(const std::vector<LatencySection> &sections) {
  size_t rows = 0;
  for (const LatencySection &section : sections) rows += section.rows.size();
  return rows;
}

}  // namespace

Result<LatencyRecord> run_latency(const LatencyOptions &options) {
  SKLAB_TRY(const std::vector<unsigned> cpus, pin_to(options.cpu));
  SKLAB_TRY(KeySwitch key, KeySwitch::create());
  const auto start = std::chrono::steady_clock::now();
  LatencyRecord record;
  record.mode = options.mode;
  SKLAB_CHECK(begin_record(options, record));
  const auto sections = latency_sections(options.selection);
  std::string churn_doubt;
  const auto churn_cpu = cpu_for_churn(cpus, measuring_cpu(options.cpu, cpus), churn_doubt);
  if (!options.selection.churn.empty()) add_warning(record.warnings, churn_doubt);
  const double row_seconds = options.seconds / static_cast<double>(count_rows(sections));
  double done_s = 0;
  for (const LatencySection &section : sections) {
    SectionPlan plan{row_seconds, options.seed + record.sections.size(), churn_cpu, {}};
    plan.progress = [&](double elapsed_s) {
      if (options.progress) {
        options.progress(done_s + elapsed_s, options.seconds, section.family.name);
      }
    };
    auto measured = measure_section(section, key, plan);
    if (!measured && !(interrupted() && !record.sections.empty())) {
      return tl::unexpected(std::move(measured).error());
    }
    if (measured) {
      add_warning(record.warnings, measured->doubt);
      report_section(section, measured->lanes, record);
    }
    record.complete = !interrupted();
    if (!record.complete) break;
    done_s += row_seconds * static_cast<double>(section.rows.size());
  }
  if (!record.complete) {
    record.warnings.emplace_back(kInterruptedWarning);
  }
  record.duration_s =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return record;
}

}  // namespace sklab
