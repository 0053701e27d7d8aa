// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// libFuzzer target: does every lookup end as the rules say? An input is a scenario as records, and
// stands for many variations of it. SKLAB_MODEL_MUTANT names a rule to get wrong, which the
// fuzzer then has to find; SKLAB_FINDINGS a folder for scenarios of findings.
#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>

#include "fuzz/random.h"
#include "fuzz/scenario_mutator.h"
#include "fuzz/scenario_records.h"
#include "fuzz/semantics_lab.h"
#include "harness/base/exit_code.h"
#include "harness/base/file.h"
#include "harness/kernel/libbpf_log.h"
#include "harness/kernel/netns.h"
#include "harness/model/mutants.h"

namespace sklab {
namespace {

std::unique_ptr<SemanticsLab> lab;
std::chrono::steady_clock::time_point started;

[[noreturn]] void give_up(const Error &error) {
  fmt::print(stderr, "semantics_fuzzer: {}\n", error.message());
  std::exit(static_cast<int>(exit_code_for(error.kind)));
}

Result<Rules> chosen_rules() {
  Rules rules = kernel_rules();
  if (const char *name = std::getenv("SKLAB_MODEL_MUTANT"); name != nullptr && *name != '\0') {
    SKLAB_TRY(const Mutant mutant, find_mutant(name));
    mutant.mutate(rules);
  }
  return rules;
}

// libFuzzer prints its own figures at the end. An input is many scenarios; the time that they take
// in all should not be much more than what the kernel's lookups need.
void print_statistics() {
  const std::chrono::duration<double, std::nano> elapsed_ns =
      std::chrono::steady_clock::now() - started;
  if (!lab || lab->scenarios_checked() == 0) return;
  fmt::print(stderr, "stat::scenarios_checked: {}\n", lab->scenarios_checked());
  fmt::print(stderr, "stat::scenarios_per_s: {:.0f}\n",
             static_cast<double>(lab->scenarios_checked()) / elapsed_ns.count() * 1e9);
  fmt::print(stderr, "stat::total_over_kernel: {:.2f}\n",
             elapsed_ns.count() / static_cast<double>(lab->kernel_ns()));
}

Result<> set_up() {
  set_up_libbpf_log();
  SKLAB_TRY(const Rules rules, chosen_rules());
  SKLAB_CHECK(isolate_process());
  SKLAB_TRY(SemanticsLab created, SemanticsLab::create(rules));
  lab = std::make_unique<SemanticsLab>(std::move(created));
  std::atexit(print_statistics);
  started = std::chrono::steady_clock::now();
  return Ok{};
}

[[noreturn]] void report(const SemanticsFinding &finding, uint64_t input) {
  const std::string text = finding.text();
  const char *folder = std::getenv("SKLAB_FINDINGS");
  const std::string file =
      fmt::format("{}/{:016x}.scenario", folder != nullptr ? folder : ".", input);
  fmt::print(stderr, "\nkernel and rules disagree:\n{}", text);
  if (const auto written = write_file_atomically(file, text); !written) {
    fmt::print(stderr, "semantics_fuzzer: {}\n", written.error().message());
  } else {
    fmt::print(stderr, "again: sklab replay {}\n", file);
  }
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
  const std::span<const uint8_t> bytes(data, size);
  const uint64_t hash = sklab::hash_bytes(bytes);
  const auto finding = sklab::lab->check(sklab::decode_scenario(bytes), hash);
  if (!finding) sklab::give_up(finding.error());
  if (*finding) sklab::report(**finding, hash);
  return 0;
}

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size,
                                          unsigned seed) {
  return sklab::mutate_scenario({data, max_size}, size, seed);
}

extern "C" size_t LLVMFuzzerCustomCrossOver(const uint8_t *data1, size_t size1,
                                            const uint8_t *data2, size_t size2, uint8_t *out,
                                            size_t max_out, unsigned seed) {
  return sklab::cross_scenarios({data1, size1}, {data2, size2}, {out, max_out}, seed);
}
