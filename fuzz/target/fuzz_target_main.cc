// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// libFuzzer's entry points, compiled into every target.
#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "fuzz/target/finding.h"
#include "fuzz/target/fuzz_target.h"
#include "fuzz/target/guest_stream.h"
#include "fuzz/target/journal.h"
#include "fuzz/target/signals.h"
#include "fuzz/target/target_status.h"
#include "harness/base/exit_code.h"
#include "harness/kernel/kernel_log.h"
#include "harness/kernel/kernel_trouble.h"
#include "harness/kernel/libbpf_log.h"
#include "harness/kernel/netns.h"
#include "harness/model/mutants.h"

namespace sklab {
namespace {

// Everything that lives as long as the process.
struct FuzzProcess {
  std::unique_ptr<FuzzTarget> target;
  std::optional<FindingFolder> findings;  // none: every finding ends the process
  KernelLog kernel_log;
  std::string logged;  // since the process began, the last of it
  Signals signals;
  std::chrono::steady_clock::time_point started;
  std::optional<Journal> journal;
  std::optional<SharedStatus> status;
  std::optional<GuestStream> stream;
  bool only_describes;
  uint64_t inputs = 0;
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
  for (const auto &[name, value] : target.more_figures()) {
    fmt::print(stderr, "stat::{}: {}\n", name, value);
  }
  if (target.kernel_ns() == 0) return;
  fmt::print(stderr, "stat::total_over_kernel: {:.2f}\n",
             elapsed_ns.count() / static_cast<double>(target.kernel_ns()));
}

void print_info() {
  fmt::print(
      "{{\"name\": \"{}\", \"needs_kernel\": {}, \"input_version\": {}, "
      "\"most_input_bytes\": {}, \"record_bytes\": {}}}\n",
      kFuzzTarget.name, kFuzzTarget.needs_kernel, kFuzzTarget.input_version,
      kFuzzTarget.most_input_bytes, kFuzzTarget.record_bytes);
}

Result<std::optional<Journal>> open_journal() {
  const std::string path = variable("SKLAB_JOURNAL", "");
  if (path.empty()) return std::nullopt;
  const char *usual_sync = kFuzzTarget.needs_kernel ? "each" : "none";
  SKLAB_TRY(const JournalSync sync, parse_journal_sync(variable("SKLAB_JOURNAL_SYNC", usual_sync)));
  return Journal::open(path, sync);
}

Result<std::optional<SharedStatus>> open_status() {
  const std::string path = variable("SKLAB_STATUS", "");
  if (path.empty()) return std::nullopt;
  return SharedStatus::open(path);
}

Result<std::optional<GuestStream>> open_stream(const Fingerprint &fingerprint) {
  const std::string corpus = variable("SKLAB_STREAM", "");
  if (corpus.empty()) return std::nullopt;
  SKLAB_TRY(GuestStream stream, GuestStream::open(corpus));
  stream.send(StreamKind::kKernel, encode_stream_kernel(fingerprint));
  return stream;
}

void stream_progress() {
  const StreamFigures figures{process->inputs, process->target->checked(),
                              process->target->kernel_ns(), process->known_findings};
  process->stream->send_progress(figures, process->signals.take_new_blocks());
}

// Instead of running it, since it may be the one that fells the kernel.
void send_description(std::span<const uint8_t> input) {
  for (const auto &[name, content] : process->target->describe_input(input)) {
    process->stream->send(StreamKind::kFindingFile,
                          fmt::format("described/{}{}{}", name, '\0', content));
  }
}

void publish_status() {
  if (process->stream && process->stream->is_due()) stream_progress();
  if (!process->status) return;
  TargetStatus &status = **process->status;
  status.inputs.store(process->inputs, std::memory_order_relaxed);
  status.checked.store(process->target->checked(), std::memory_order_relaxed);
  status.kernel_ns.store(process->target->kernel_ns(), std::memory_order_relaxed);
  status.known_findings.store(process->known_findings, std::memory_order_relaxed);
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
  FindingOrigin origin{kFuzzTarget.name, mutated.empty() ? kKernelRules : mutated,
                       read_fingerprint()};
  KernelLog kernel_log = KernelLog::from_now();
  SKLAB_TRY(Signals signals, Signals::create(variable("SKLAB_SIGNALS", "")));
  SKLAB_TRY(auto journal, open_journal());
  SKLAB_TRY(auto status, open_status());
  SKLAB_TRY(auto stream, open_stream(origin.fingerprint));
  if (stream) signals.collect_blocks();
  if (kFuzzTarget.needs_kernel) SKLAB_CHECK(isolate_process());
  // What only setting up runs counts for coverage, too.
  SKLAB_CHECK(signals.begin_input({}));
  SKLAB_TRY(auto target, create_fuzz_target(rules));
  signals.end_input();
  std::optional<FindingFolder> findings;
  const std::string folder = variable("SKLAB_FINDINGS", SKLAB_FINDINGS_FOLDER);
  if (!folder.empty()) findings = FindingFolder(folder, std::move(origin));
  process = std::make_unique<FuzzProcess>(FuzzProcess{std::move(target),
                                                      std::move(findings),
                                                      std::move(kernel_log),
                                                      {},
                                                      std::move(signals),
                                                      std::chrono::steady_clock::now(),
                                                      std::move(journal),
                                                      std::move(status),
                                                      std::move(stream),
                                                      !variable("SKLAB_DESCRIBE", "").empty()});
  std::atexit(print_statistics);
  return Ok{};
}

// What the kernel has logged since the last call, which is also added to what is kept of its log.
std::string read_kernel_log() {
  constexpr size_t kMostKept = 1 << 20;
  std::string lines = process->kernel_log.read();
  std::string &logged = process->logged;
  logged += lines;
  if (logged.size() > kMostKept) logged.erase(0, logged.size() - kMostKept);
  return lines;
}

// Returns the folder of the finding. Where there is to be none, all of it goes to stderr.
Result<std::string> keep(const Finding &finding, std::span<const uint8_t> input) {
  if (process->findings) {
    read_kernel_log();
    SKLAB_TRY(const auto folder, process->findings->add(finding, input, process->logged));
    return folder.string();
  }
  for (const auto &[name, text] : finding.files) fmt::print(stderr, "\n{}:\n{}\n", name, text);
  return "not kept";
}

// What the kernel logged about itself while the input was used. It is shown as it is: such a line
// often comes only once.
std::optional<Finding> find_trouble(std::span<const uint8_t> input) {
  if (!kFuzzTarget.needs_kernel) return std::nullopt;
  const std::string trouble = find_kernel_trouble(read_kernel_log());
  if (trouble.empty()) return std::nullopt;
  Finding finding;
  finding.signature = "the kernel logs: " + trouble;
  finding.expected = "nothing in the kernel's log\n";
  finding.actual = trouble + "\n";
  finding.files = process->target->describe_input(input);
  return finding;
}

// Ends the process, unless such a finding is there already.
void report(const Finding &finding, std::span<const uint8_t> input) {
  if (process->findings && process->findings->has(finding)) {
    ++process->known_findings;
    return;
  }
  publish_status();
  fmt::print(stderr, "\nkernel and rules disagree: {}\n{}", finding.signature,
             side_by_side(finding.expected, finding.actual));
  const auto folder = keep(finding, input);
  if (!folder) give_up(folder.error());
  if (process->stream) {
    stream_progress();
    process->stream->send_finding(*folder);
  }
  fmt::print(stderr, "finding: {}\n", *folder);
  // libFuzzer keeps the input of what aborts.
  std::abort();
}

}  // namespace
}  // namespace sklab

extern "C" int LLVMFuzzerInitialize(const int *argc, char ***argv) {
  for (char *argument : std::span(*argv, static_cast<size_t>(*argc))) {
    if (std::string_view(argument) != "--info") continue;
    sklab::print_info();
    std::exit(0);
  }
  if (const auto ready = sklab::set_up(); !ready) sklab::give_up(ready.error());
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  const std::span<const uint8_t> input(data, size);
  if (sklab::process->journal) {
    if (const auto added = sklab::process->journal->add(input); !added) {
      sklab::give_up(added.error());
    }
  }
  if (sklab::process->stream) {
    if (sklab::process->only_describes) {
      sklab::send_description(input);
      return 0;
    }
    const auto *text = reinterpret_cast<const char *>(data);
    sklab::process->stream->send(sklab::StreamKind::kInput, {text, size});
  }
  auto &signals = sklab::process->signals;
  if (const auto begun = signals.begin_input(input); !begun) sklab::give_up(begun.error());
  const auto finding = sklab::process->target->check(input);
  signals.end_input();
  if (!finding) sklab::give_up(finding.error());
  ++sklab::process->inputs;
  if (*finding) sklab::report(**finding, input);
  if (const auto trouble = sklab::find_trouble(input)) sklab::report(*trouble, input);
  sklab::publish_status();
  return 0;
}
