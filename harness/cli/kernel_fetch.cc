// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// `sklab kernel fetch`.
#include "harness/guest/kernels/kernel_fetch.h"

#include <fmt/format.h>

#include <cstdio>

#include "harness/cli/kernel.h"
#include "harness/cli/report_error.h"
#include "harness/guest/kernels/kernel_limit.h"
#include "harness/measure/interrupt.h"

namespace sklab {
namespace {

constexpr double kUsualListsS = 15;

class FetchCommand {
 public:
  FetchCommand(std::filesystem::path cache, uint64_t limit_mib, const KernelCommandOptions &options)
      : cache_(std::move(cache)), limit_mib_(limit_mib), options_(options) {}

  ExitCode run();

 private:
  Result<> plan();
  Result<std::string> fetch(const std::string &spec);

  std::filesystem::path cache_;
  uint64_t limit_mib_;
  const KernelCommandOptions &options_;
  std::optional<KernelProgress> progress_;
  KernelFetcher fetcher_{cache_, options_.update, [this](std::string_view what) {
                           if (progress_) progress_->show(what);
                         }};
};

Result<> FetchCommand::plan() {
  progress_.emplace("kernels", kUsualListsS);
  auto planned = fetcher_.plan(options_.names);
  progress_.reset();
  return planned;
}

// The line that says what was done.
Result<std::string> FetchCommand::fetch(const std::string &spec) {
  progress_.emplace("kernel " + spec, kUsualKernelS);
  SKLAB_TRY(const CacheLock lock, fetcher_.lock());
  auto fetched = fetcher_.fetch(spec, lock);
  progress_.reset();
  SKLAB_CHECK(fetched);
  if (!fetched->was_there) {
    SKLAB_CHECK(make_room(lock, cache_, limit_mib_, spec));
    return installed_line(fetched->kernel);
  }
  const KernelRecord &record = fetched->kernel.record;
  return fmt::format("{} is there: {} ({}){}\n", spec, record.release, record.origin.text(),
                     options_.update ? ", and there is no newer one" : "");
}

ExitCode FetchCommand::run() {
  if (const auto planned = plan(); !planned) return report_kernel_error(planned.error());
  if (!fetcher_.trouble().empty()) {
    fmt::print(stderr, "sklab: older package lists have to do: cannot {}\n", fetcher_.trouble());
  }
  ExitCode code = ExitCode::kOk;
  for (const std::string &spec : options_.names) {
    const auto line = fetch(spec);
    progress_.reset();
    if (line) {
      fmt::print("{}", *line);
      std::fflush(stdout);
      continue;
    }
    // What is wrong with one need not be with the others.
    const ExitCode failed = report_kernel_error(line.error());
    if (code == ExitCode::kOk) code = failed;
    if (interrupted()) return failed;
  }
  return code;
}

}  // namespace

ExitCode run_kernel_fetch(const KernelCommandOptions &options) {
  const auto cache = kernel_cache_folder();
  if (!cache) return report_error(cache.error());
  const auto limit_mib =
      options.limit_mib ? Result<uint64_t>(*options.limit_mib) : configured_limit_mib();
  if (!limit_mib) return report_error(limit_mib.error());
  watch_interrupts();
  return FetchCommand(*cache, *limit_mib, options).run();
}

}  // namespace sklab
