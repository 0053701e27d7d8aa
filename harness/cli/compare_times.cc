// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/cli/compare_times.h"

#include <algorithm>
#include <cerrno>
#include <random>

#include "harness/guest/fastest_processor.h"
#include "harness/measure/interrupt.h"
#include "harness/record/compare/time_comparison.h"
#include "harness/record/result_json.h"

namespace sklab {
namespace {

// Every kernel once, in an order of its own each round.
std::vector<size_t> order_of(size_t kernels, unsigned rounds, uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<size_t> order;
  for (unsigned round = 0; round < rounds; ++round) {
    for (size_t kernel = 0; kernel < kernels; ++kernel) order.push_back(kernel);
    std::shuffle(order.end() - static_cast<ptrdiff_t>(kernels), order.end(), random);
  }
  return order;
}

}  // namespace

size_t guests_for_times(const std::vector<NamedKernel> &kernels, const CompareOptions &options) {
  return kernels.size() * options.boots;
}

Result<> measure_times(const std::vector<NamedKernel> &kernels, const CompareOptions &options,
                       GuestProgress before, CompareRecord &record) {
  SKLAB_TRY(const Processor processor, fastest_processor(kernels.front().kernel));
  if (processor == Processor::kEmulated) {
    record.warnings.emplace_back(
        "KVM does not boot this kernel here: times are those of an emulator, and no processor's");
  }
  const std::vector<size_t> order = order_of(kernels.size(), options.boots, options.seed);
  std::vector<GuestJob> jobs;
  for (const size_t kernel : order) {
    jobs.push_back(compare_job(kernels[kernel], bench_arguments(options), options));
    jobs.back().options.processor = processor;
  }
  // Guests beside each other would measure each other.
  const std::vector<GuestOutput> outputs = run_jobs(std::move(jobs), 1, options, before);
  if (interrupted()) return fail("measure", "kernels", EINTR);
  std::vector<std::vector<RunRecord>> runs(kernels.size());
  for (size_t i = 0; i < order.size(); ++i) {
    SKLAB_TRY(const std::string json, printed_by(outputs[i], kernels[order[i]]));
    SKLAB_TRY(RunRecord run, parse_result_json(json));
    ComparedKernel &kernel = record.kernels[order[i]];
    kernel.fingerprint = run.fingerprint;
    if (kernel.trouble.empty()) kernel.trouble = outputs[i].guest->trouble;
    runs[order[i]].push_back(std::move(run));
  }
  record.boots = options.boots;
  record.rows = compare_times(runs);
  return Ok{};
}

}  // namespace sklab
