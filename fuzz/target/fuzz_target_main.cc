// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// libFuzzer's entry points, compiled into every target.
#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>

#include "fuzz/target/finding.h"
#include "fuzz/target/fuzz_target.h"
#include "fuzz/target/signals.h"
#include "harness/base/exit_code.h"
#include "harness/kernel/kernel_log.h"
#include "harness/kernel/libbpf_log.h"
#include "harness/kernel/netns.h"
#include "harness/model/mutants.h"

namespace sklab {
namespace {

// Everything that lives as long as the process.
struct FuzzProcess {
  std::unique_ptr<FuzzTarget> target;
  FindingFolder findings;
  KernelLog kernel_log;
  Signals signals;
  std::chrono::steady_clock::time_point started;
  uint64_t known_findings = 0;
};
std::unique_ptr<FuzzProcess> process;

std::string variable(const char *name, const char *otherwise) {
  const char *value = std::getenv(name);
  return value != nullptr && *value != '\0' ? value : otherwise;
}

[[noreturn]] void give_up(const Error &error) {
  fmt::print(stderr, "{}: cannot {}\n", kFuzzTarget.name, error.message());
  std::exit(static_cast<int>(exit_code_for(error.kind)));
}

// libFuzzer prints its own figures at the end. An input can be many scenarios; the time that they
// take in all should not be much more than what the kernel needs for them.
void print_statistics() {
  const FuzzTarget &target = *process->target;
  const std::chrono::duration<double, std::nano> elapsed_ns =
      std::chrono::steady_clock::now() - process->started;
  fmt::print(stderr, "stat::checked: {}\n", target.checked());
  fmt::print(stderr, "stat::checked_per_s: {:.0f}\n",
             static_cast<double>(target.checked()) / elapsed_ns.count() * 1e9);
  fmt::print(stderr, "stat::known_findings: {}\n", process->known_findings);
  if (target.kernel_ns() == 0) return;
  fmt::print(stderr, "stat::total_over_kernel: {:.2f}\n",
             elapsed_ns.count() / static_cast<double>(target.kernel_ns()));
}

Result<> set_up() {
  set_up_libbpf_log();
  Rules rules = kernel_rules();
  const std::string mutated = variable("SKLAB_MODEL_MUTANT", "");
  if (!mutated.empty()) {
    SKLAB_TRY(const Mutant mutant, find_mutant(mutated));
    mutant.mutate(rules);
  }
  // Parts of it can be read only in the first network namespace.
  FindingOrigin origin{kFuzzTarget.name, mutated.empty() ? "kernel" : mutated, read_fingerprint()};
  KernelLog kernel_log = KernelLog::from_now();
  SKLAB_TRY(Signals signals, Signals::create(variable("SKLAB_SIGNALS", "")));
  if (kFuzzTarget.needs_kernel) SKLAB_CHECK(isolate_process());
  SKLAB_TRY(auto target, create_fuzz_target(rules));
  process = std::make_unique<FuzzProcess>(FuzzProcess{
      std::move(target), FindingFolder(variable("SKLAB_FINDINGS", "findings"), std::move(origin)),
      std::move(kernel_log), std::move(signals), std::chrono::steady_clock::now()});
  std::atexit(print_statistics);
  return Ok{};
}

// Ends the process, unless such a finding is there already.
void report(const Finding &finding, std::span<const uint8_t> input) {
  if (process->findings.has(finding)) {
    ++process->known_findings;
    return;
  }
  const auto folder = process->findings.add(finding, input, process->kernel_log.read());
  fmt::print(stderr, "\nkernel and rules disagree: {}\n{}", finding.signature,
             side_by_side(finding.expected, finding.actual));
  if (!folder) give_up(folder.error());
  fmt::print(stderr, "finding: {}\n", folder->string());
  // libFuzzer keeps the input of what aborts.
  std::abort();
}

}  // namespace
}  // namespace sklab

extern "C" int LLVMFuzzerInitialize(int * /*argc*/, char *** /*argv*/) {
  if (const auto ready = sklab::set_up(); !ready) sklab::give_up(ready.error());
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  const std::span<const uint8_t> input(data, size);
  auto &signals = sklab::process->signals;
  if (const auto begun = signals.begin_input(); !begun) sklab::give_up(begun.error());
  const auto finding = sklab::process->target->check(input);
  signals.end_input();
  if (!finding) sklab::give_up(finding.error());
  if (*finding) sklab::report(**finding, input);
  return 0;
}
