// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/cli/compare_kernels.h"

#include <algorithm>
#include <ctime>

#include "bench/row.h"
#include "harness/base/file.h"
#include "harness/base/utc_time.h"
#include "harness/cli/compare_functions.h"
#include "harness/cli/compare_guests.h"
#include "harness/cli/compare_times.h"
#include "harness/guest/profile_plugin_file.h"
#include "harness/record/compare/comparison.h"
#include "harness/record/digest.h"
#include "harness/record/instructions/instruction_json.h"

namespace sklab {
namespace {

// Of the groups of `sklab conform`, those that take an emulator some seconds.
constexpr char kQuickGroups[] =
    "selftest|assign_|delivery|context_|return_codes|socket_helpers|test_run_results|"
    "test_run_selection|placement|link_calls";

// The guests that count, of which the emulator makes a profile.
Result<> profile(std::vector<GuestJob> &jobs) {
  SKLAB_TRY(const std::filesystem::path plugin, find_profile_plugin());
  for (GuestJob &job : jobs) {
    job.options.profile_plugin = plugin;
    job.command.symbols = true;
    job.command.arguments.emplace_back("--profile");
  }
  return Ok{};
}

// All that is not measured in times: guests that count, if there are any, and then those that
// answer.
Result<std::vector<GuestJob>> jobs_of(const std::vector<NamedKernel> &kernels,
                                      const CompareOptions &options) {
  std::vector<std::string> count = bench_arguments(options);
  count.insert(count.end(), {"--clock", "instructions"});
  std::vector<std::string> ask = {"conform", "--quick", "--json", "--seed",
                                  std::to_string(options.seed)};
  if (options.quick) ask.insert(ask.end(), {"--filter", kQuickGroups});
  std::vector<GuestJob> jobs;
  if (options.clock == CompareClock::kInstructions) {
    for (const NamedKernel &kernel : kernels) jobs.push_back(compare_job(kernel, count, options));
    if (options.why) SKLAB_CHECK(profile(jobs));
  }
  if (options.rows_only) return jobs;
  for (const NamedKernel &kernel : kernels) jobs.push_back(compare_job(kernel, ask, options));
  return jobs;
}

Result<> add_rows(const std::vector<NamedKernel> &kernels, const std::vector<std::string> &texts,
                  const std::vector<GuestOutput> &outputs, bool why, CompareRecord &record) {
  std::vector<InstructionRecord> counts;
  for (size_t i = 0; i < kernels.size(); ++i) {
    if (texts[i].empty()) {
      counts.emplace_back();
      continue;
    }
    SKLAB_TRY(InstructionRecord count, parse_instruction_json(texts[i]));
    record.kernels[i].fingerprint = count.fingerprint;
    for (const InstructionCalibration &calibration : count.calibrations) {
      if (calibration.passed()) continue;
      return fail("count on", kernels[i].name, 0, "the calibration failed");
    }
    counts.push_back(std::move(count));
  }
  record.rows = compare_rows(counts);
  if (!why) return Ok{};
  std::vector<ProfiledCount> profiled;
  for (size_t i = 0; i < kernels.size(); ++i) {
    if (texts[i].empty()) return Ok{};  // the functions of the others would not add up to anything
    profiled.push_back({std::move(counts[i]), &*outputs[i].guest, kernels[i].kernel.vmlinux});
  }
  return add_functions(profiled, record);
}

Result<> add_cases(const std::vector<std::string> &texts, CompareRecord &record) {
  std::vector<CaseResults> results;
  for (const std::string &text : texts) {
    CaseResults one;
    if (!text.empty()) {
      SKLAB_TRY(one, parse_case_results(text));
    }
    record.cases = std::max<uint64_t>(record.cases, one.size());
    results.push_back(std::move(one));
  }
  record.changed_cases = compare_cases(results);
  return Ok{};
}

Result<CompareRecord> start_record(const std::vector<NamedKernel> &kernels,
                                   const CompareOptions &options) {
  CompareRecord record;
  record.started_utc = utc_time(std::time(nullptr));
  record.clock = options.clock == CompareClock::kWall ? "wall" : "instructions";
  record.mode = RowSelection{"", options.quick}.mode();
  record.command_line = options.command_line;
  record.seed = options.seed;
  record.guest_seed = options.guest_seed;
  for (const NamedKernel &kernel : kernels) {
    SKLAB_TRY(const std::string image, read_file(kernel.kernel.image));
    record.kernels.push_back({kernel.name, kernel.spec, sha256_hex(image), {}, ""});
  }
  return record;
}

}  // namespace

Result<CompareRecord> compare_kernels(const CompareOptions &options) {
  // A guest would say it, too, but much later.
  SKLAB_CHECK(select_groups(RowSelection{options.filter, options.quick}));
  SKLAB_TRY(const auto kernels, find_kernels(options));
  SKLAB_TRY(CompareRecord record, start_record(kernels, options));
  SKLAB_TRY(std::vector<GuestJob> jobs, jobs_of(kernels, options));
  const bool counts = options.clock == CompareClock::kInstructions;
  GuestProgress progress{0, jobs.size()};
  if (!counts) {
    progress.total += guests_for_times(kernels, options);
    SKLAB_CHECK(measure_times(kernels, options, progress, record));
    progress.done = guests_for_times(kernels, options);
  }
  const std::vector<GuestOutput> outputs =
      run_jobs(std::move(jobs), guests_at_once(options), options, progress);
  std::vector<std::string> texts;
  for (size_t i = 0; i < outputs.size(); ++i) {
    const NamedKernel &kernel = kernels[i % kernels.size()];
    auto text = printed_by(outputs[i], kernel);
    // Without the base's counts there is nothing to compare with; what others lack is said.
    if (!text && counts && i == 0) return tl::unexpected(text.error());
    texts.push_back(text.value_or(""));
    std::string &trouble = record.kernels[i % kernels.size()].trouble;
    if (trouble.empty()) trouble = text ? outputs[i].guest->trouble : text.error().message();
  }
  if (counts) SKLAB_CHECK(add_rows(kernels, texts, outputs, options.why, record));
  if (options.rows_only) return record;
  const auto cases = texts.end() - static_cast<ptrdiff_t>(kernels.size());
  SKLAB_CHECK(add_cases({cases, texts.end()}, record));
  return record;
}

}  // namespace sklab
