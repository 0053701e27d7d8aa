// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/cli/compare_guests.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <thread>

#include "harness/base/exit_code.h"
#include "harness/cli/target_kernel.h"

namespace sklab {

Result<std::vector<NamedKernel>> find_kernels(const CompareOptions &options) {
  std::vector<NamedKernel> kernels;
  std::set<std::string> names;
  for (const std::string &text : options.kernels) {
    const size_t equals = text.find('=');
    NamedKernel named{text, text, {}};
    if (equals != std::string::npos) named = {text.substr(0, equals), text.substr(equals + 1), {}};
    if (named.name.empty() || named.spec.empty()) {
      return fail_as(ErrorKind::kUsage, "compare", text, 0,
                     "--kernel wants NAME=KERNEL, or KERNEL");
    }
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

GuestJob compare_job(const NamedKernel &kernel, const std::vector<std::string> &arguments,
                     const CompareOptions &options) {
  GuestJob job;
  job.kernel = kernel.kernel;
  job.command = own_command(arguments);
  job.options.seed = options.guest_seed;
  return job;
}

std::vector<std::string> bench_arguments(const CompareOptions &options) {
  std::vector<std::string> arguments = {"bench", "--json", "--seed", std::to_string(options.seed)};
  if (options.quick) arguments.emplace_back("--quick");
  if (!options.filter.empty()) arguments.insert(arguments.end(), {"--filter", options.filter});
  return arguments;
}

Result<std::string> printed_by(const GuestOutput &run, const NamedKernel &kernel) {
  if (!run.guest) return tl::unexpected(run.guest.error());
  if (run.guest->end != GuestEnd::kExited) {
    return tl::unexpected(guest_failure(kernel.name, *run.guest));
  }
  const auto code = static_cast<ExitCode>(run.guest->exit_code);
  if (code == ExitCode::kOk || code == ExitCode::kFinding) return run.output;
  const std::string line = run.errors.substr(0, run.errors.find('\n'));
  return fail(fmt::format("run sklab on {}: exit code {}:", kernel.name, run.guest->exit_code),
              line);
}

std::vector<GuestOutput> run_jobs(std::vector<GuestJob> jobs, size_t at_once,
                                  const CompareOptions &options, GuestProgress before) {
  return run_guests_for_output(std::move(jobs), at_once, [&](size_t ended) {
    if (!options.progress) return;
    const size_t done = before.done + ended;
    options.progress(static_cast<double>(done) / static_cast<double>(before.total),
                     fmt::format("{} of {} guests", done, before.total));
  });
}

size_t guests_at_once(const CompareOptions &options) {
  return options.jobs == 0 ? std::max(1U, std::thread::hardware_concurrency()) : options.jobs;
}

}  // namespace sklab
