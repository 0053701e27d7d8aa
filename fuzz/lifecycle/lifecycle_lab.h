// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "fuzz/lifecycle/lifecycle_kernel.h"
#include "fuzz/lifecycle/operation.h"
#include "harness/base/result.h"
#include "harness/model/rules.h"

namespace sklab {

// A sequence whose last operation had another result than the rules say.
struct LifecycleFinding {
  Sequence sequence;
  std::vector<ExpectedResult> all_expected;  // of every operation
  OperationResult result;                    // of the last

  [[nodiscard]] const ExpectedResult &expected() const { return all_expected.back(); }
};

// Makes sequences, and compares every result with the rules.
class LifecycleLab {
 public:
  // To be called in a process that isolate_process() has moved. `rules` are copied.
  static Result<LifecycleLab> create(const Rules &rules);

  // A difference is looked for again in fresh namespaces and reduced. Errors: what the kernel or
  // the machine did not let us do, a difference that does not repeat among it.
  Result<std::optional<LifecycleFinding>> check(const Sequence &sequence);

  // What of it can be made, and what has to come of that; nothing is made.
  [[nodiscard]] LifecycleFinding by_the_rules(const Sequence &sequence) const;

  [[nodiscard]] uint64_t sequences() const { return sequences_; }
  [[nodiscard]] uint64_t operations() const { return operations_; }
  // Spent in calls about operations.
  [[nodiscard]] uint64_t kernel_ns() const { return kernel_ns_; }

 private:
  LifecycleLab(LifecycleKernel kernel, Rules rules)
      : kernel_(std::move(kernel)), rules_(std::move(rules)) {}

  Result<std::optional<LifecycleFinding>> run(const Sequence &sequence, bool fresh);
  Result<LifecycleFinding> confirm(const LifecycleFinding &seen);

  LifecycleKernel kernel_;
  Rules rules_;
  uint64_t sequences_ = 0;
  uint64_t operations_ = 0;
  uint64_t kernel_ns_ = 0;
};

// One line that describes what differs, not where.
std::string signature_of(const LifecycleFinding &finding);

}  // namespace sklab
