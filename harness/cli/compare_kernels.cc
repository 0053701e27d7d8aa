// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/cli/compare_kernels.h"

#include <fmt/format.h>

#include <algorithm>
#include <ctime>
#include <set>
#include <thread>

#include "bench/row.h"
#include "harness/base/file.h"
#include "harness/base/utc_time.h"
#include "harness/cli/compare_functions.h"
#include "harness/cli/target_kernel.h"
#include "harness/guest/guest_run.h"
#include "harness/guest/initramfs.h"
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

struct NamedKernel {
  std::string name;
  std::string spec;
  GuestKernel kernel;
};

Result<std::vector<NamedKernel>> find_kernels(const CompareOptions &options) {
  std::vector<NamedKernel> kernels;
  std::set<std::string> names;
  for (const std::string &text : options.kernels) {
    const size_t equals = text.find('=');
    if (equals == 0 || equals == std::string::npos || equals + 1 == text.size()) {
      return fail_as(ErrorKind::kUsage, "compare", text, 0, "--kernel wants NAME=KERNEL");
    }
    NamedKernel named{text.substr(0, equals), text.substr(equals + 1), {}};
    if (!names.insert(named.name).second) {
      return fail_as(ErrorKind::kUsage, "compare", named.name, 0, "two kernels have this name");
    }
    SKLAB_TRY(named.kernel, target_kernel(named.spec));
    kernels.push_back(std::move(named));
  }
  if (kernels.size() >= 2) return kernels;
  return fail_as(ErrorKind::kUsage, "compare", options.kernels.front(), 0,
                 "it takes two kernels at least");
}

GuestJob job_of(const NamedKernel &kernel, std::vector<std::string> arguments,
                const CompareOptions &options) {
  GuestJob job;
  job.kernel = kernel.kernel;
  job.command.arguments = {own_program().string()};
  job.command.arguments.insert(job.command.arguments.end(), arguments.begin(), arguments.end());
  job.command.folder = "/tmp";
  job.options.seed = options.guest_seed;
  return job;
}

// The guests that count, of which the emulator makes a profile.
Result<> profile(std::vector<GuestJob> &jobs, size_t kernels) {
  SKLAB_TRY(const std::filesystem::path plugin, find_profile_plugin());
  for (size_t i = 0; i < kernels; ++i) {
    jobs[i].options.profile_plugin = plugin;
    jobs[i].command.symbols = true;
    jobs[i].command.arguments.emplace_back("--profile");
  }
  return Ok{};
}

std::vector<GuestJob> jobs_of(const std::vector<NamedKernel> &kernels,
                              const CompareOptions &options) {
  std::vector<std::string> count = {"bench",  "--clock", "instructions",
                                    "--json", "--seed",  std::to_string(options.seed)};
  if (options.quick) count.emplace_back("--quick");
  if (!options.filter.empty()) count.insert(count.end(), {"--filter", options.filter});
  std::vector<std::string> ask = {"conform", "--quick", "--json", "--seed",
                                  std::to_string(options.seed)};
  if (options.quick) ask.insert(ask.end(), {"--filter", kQuickGroups});
  std::vector<GuestJob> jobs;
  jobs.reserve(2 * kernels.size());
  for (const NamedKernel &kernel : kernels) jobs.push_back(job_of(kernel, count, options));
  if (options.rows_only) return jobs;
  for (const NamedKernel &kernel : kernels) jobs.push_back(job_of(kernel, ask, options));
  return jobs;
}

// What a command printed, of a guest that came through.
Result<std::string> output_of_guest(const NamedKernel &kernel, const Result<GuestRecord> &record,
                                    const std::string &output, const std::string &errors) {
  if (!record) return tl::unexpected(record.error());
  if (record->end != GuestEnd::kExited) return tl::unexpected(guest_failure(kernel.name, *record));
  const auto code = static_cast<ExitCode>(record->exit_code);
  // A row or a case that failed is in what it printed.
  if (code == ExitCode::kOk || code == ExitCode::kFinding) return output;
  const std::string line = errors.substr(0, errors.find('\n'));
  return fail(fmt::format("run sklab on {}: exit code {}:", kernel.name, record->exit_code), line);
}

struct Outputs {
  std::vector<std::string> output;
  std::vector<std::string> errors;
};

std::vector<Result<GuestRecord>> run_jobs(std::vector<GuestJob> &jobs, Outputs &outputs,
                                          const CompareOptions &options) {
  outputs.output.resize(jobs.size());
  outputs.errors.resize(jobs.size());
  for (size_t i = 0; i < jobs.size(); ++i) {
    jobs[i].options.output = [&outputs, i](std::string_view text) { outputs.output[i] += text; };
    jobs[i].options.errors = [&outputs, i](std::string_view text) { outputs.errors[i] += text; };
  }
  const unsigned cpus = std::max(1U, std::thread::hardware_concurrency());
  return run_guests(jobs, options.jobs == 0 ? cpus : options.jobs, [&](size_t done) {
    if (!options.progress) return;
    options.progress(static_cast<double>(done) / static_cast<double>(jobs.size()),
                     fmt::format("{} of {} guests", done, jobs.size()));
  });
}

Result<> add_rows(const std::vector<NamedKernel> &kernels, const std::vector<std::string> &texts,
                  const std::vector<Result<GuestRecord>> &guests, bool why, CompareRecord &record) {
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
    profiled.push_back({std::move(counts[i]), &*guests[i]});
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
  record.clock = "instructions";
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
  std::vector<GuestJob> jobs = jobs_of(kernels, options);
  if (options.why) SKLAB_CHECK(profile(jobs, kernels.size()));
  Outputs outputs;
  const std::vector<Result<GuestRecord>> guests = run_jobs(jobs, outputs, options);
  std::vector<std::string> texts;
  for (size_t i = 0; i < jobs.size(); ++i) {
    const NamedKernel &kernel = kernels[i % kernels.size()];
    auto text = output_of_guest(kernel, guests[i], outputs.output[i], outputs.errors[i]);
    // Without the base's counts there is nothing to compare with; what others lack is said.
    if (!text && i == 0) return tl::unexpected(text.error());
    texts.push_back(text.value_or(""));
    std::string &trouble = record.kernels[i % kernels.size()].trouble;
    if (trouble.empty()) trouble = text ? guests[i]->trouble : text.error().message();
  }
  const auto middle = texts.begin() + static_cast<ptrdiff_t>(kernels.size());
  SKLAB_CHECK(add_rows(kernels, {texts.begin(), middle}, guests, options.why, record));
  if (!options.rows_only) SKLAB_CHECK(add_cases({middle, texts.end()}, record));
  return record;
}

}  // namespace sklab
