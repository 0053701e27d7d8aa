// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// What the libFuzzer targets have in common. A target's own file defines kFuzzTarget and
// create_fuzz_target(), and libFuzzer's mutator where it has one; fuzz_target_main.cc makes a
// libFuzzer binary of it, which besides libFuzzer's flags obeys the environment:
//   SKLAB_FINDINGS      folder for findings (default: findings); those that are there already are
//                       counted and do not end the run. OSS-Fuzz's builds have no default, and
//                       without a folder every finding ends the run
//   SKLAB_MODEL_MUTANT  a rule to get wrong, which the fuzzer then has to find
//   SKLAB_SIGNALS       what makes inputs worth keeping (signals.h has the default)
//   SKLAB_JOURNAL       file for the last inputs (journal.h)
//   SKLAB_JOURNAL_SYNC  none, each or wait; default: each if the target needs the kernel, else none
//   SKLAB_STATUS        file for the figures so far (target_status.h)
//   SKLAB_STREAM        folder of the corpus, in a guest: all that there is to know leaves it at
//                       once (guest_stream.h)
//   SKLAB_DESCRIBE      not empty, with SKLAB_STREAM: inputs are not run, files that show them
//                       leave the guest
// With --info it only prints kFuzzTarget as JSON.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "fuzz/target/finding.h"
#include "harness/base/result.h"
#include "harness/model/rules.h"

namespace sklab {

// At the head of a C program that does what an input does.
inline constexpr char kAboutInput[] = "An input that a kernel with a fault of its own met.";

class FuzzTarget {
 public:
  FuzzTarget() = default;
  FuzzTarget(const FuzzTarget &) = delete;
  FuzzTarget &operator=(const FuzzTarget &) = delete;
  virtual ~FuzzTarget() = default;

  // What an input stands for, checked. Any bytes are a valid input. The same input has the same
  // result. Errors, which end the run: what the kernel or the machine did not let us do.
  virtual Result<std::optional<Finding>> check(std::span<const uint8_t> input) = 0;

  // Files that show an input, by name, for what the kernel logs about itself while it is checked.
  [[nodiscard]] virtual std::map<std::string, std::string> describe_input(
      std::span<const uint8_t> /*input*/) const {
    return {};
  }

  // Scenarios, programs, sequences or packets so far: an input can be several.
  [[nodiscard]] virtual uint64_t checked() const = 0;
  // Of that time, what the kernel spent on it; 0 where that is not measured.
  [[nodiscard]] virtual uint64_t kernel_ns() const { return 0; }
  // What else is printed at the end, by name.
  [[nodiscard]] virtual std::vector<std::pair<const char *, uint64_t>> more_figures() const {
    return {};
  }
};

struct FuzzTargetInfo {
  const char *name;   // of the binary
  bool needs_kernel;  // works in namespaces of its own, needs root
  // What bytes mean: goes up with every change after which old inputs stand for something else.
  unsigned input_version = 1;
  size_t most_input_bytes = 4096;
  // Of inputs that are lists of records: what can be left out of one without breaking the rest.
  size_t record_bytes = 1;
};
extern const FuzzTargetInfo kFuzzTarget;

// `rules` are the kernel's, or those of the mutant that was asked for. Called in a process that
// isolate_process() has moved, if needs_kernel.
Result<std::unique_ptr<FuzzTarget>> create_fuzz_target(const Rules &rules);

}  // namespace sklab
