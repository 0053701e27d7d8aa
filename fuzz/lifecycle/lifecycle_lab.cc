// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/lifecycle/lifecycle_lab.h"

#include <algorithm>
#include <chrono>

#include "fuzz/lifecycle/lifecycle_features.h"
#include "fuzz/lifecycle/lifecycle_model.h"
#include "fuzz/lifecycle/reduce_sequence.h"
#include "fuzz/lifecycle/sequence_text.h"
#include "harness/conform/deviations.h"

namespace sklab {

Result<LifecycleLab> LifecycleLab::create(const Rules &rules) {
  SKLAB_TRY(LifecycleKernel kernel, LifecycleKernel::create());
  Rules of_kernel = rules;
  of_kernel.lifecycle.refuses_fresh_udp = !maps_unbound_udp_sockets();
  return LifecycleLab(std::move(kernel), std::move(of_kernel));
}

Result<std::optional<LifecycleFinding>> LifecycleLab::run(const Sequence &sequence, bool fresh) {
  SKLAB_CHECK(kernel_.start(sequence.programs, fresh));
  ++sequences_;
  LifecycleModel model(rules_);
  LifecycleFeatures features;
  LifecycleFinding finding{{sequence.programs, {}}, {}, {}};
  for (const Operation &operation : sequence.operations) {
    // Another operation may have been left out, or a wrong rule may see it otherwise.
    if (!model.possible(operation)) continue;
    features.note_before(operation, model);
    finding.sequence.operations.push_back(operation);
    finding.all_expected.push_back(model.apply(operation, sequence.programs));
    const ExpectedResult &expected = finding.all_expected.back();
    const auto start = std::chrono::steady_clock::now();
    SKLAB_TRY(finding.result, kernel_.perform(operation, expected));
    kernel_ns_ += static_cast<uint64_t>((std::chrono::steady_clock::now() - start).count());
    ++operations_;
    features.note_after(operation, expected);
    // What follows would be about another state.
    if (!allows(expected, finding.result)) return finding;
  }
  return std::nullopt;
}

LifecycleFinding LifecycleLab::by_the_rules(const Sequence &sequence) const {
  LifecycleModel model(rules_);
  LifecycleFinding made{{sequence.programs, {}}, {}, {}};
  for (const Operation &operation : sequence.operations) {
    if (!model.possible(operation)) continue;
    made.sequence.operations.push_back(operation);
    made.all_expected.push_back(model.apply(operation, sequence.programs));
  }
  return made;
}

Result<std::optional<LifecycleFinding>> LifecycleLab::check(const Sequence &sequence) {
  SKLAB_TRY(const auto seen, run(sequence, false));
  if (!seen) return std::nullopt;
  SKLAB_TRY(LifecycleFinding finding, confirm(*seen));
  return finding;
}

Result<LifecycleFinding> LifecycleLab::confirm(const LifecycleFinding &seen) {
  const std::string signature = signature_of(seen);
  std::optional<LifecycleFinding> finding;
  // A secret hash chooses among the members of a group: each of a few namespaces has a chance to
  // show it.
  constexpr size_t kNamespaces = 16;
  const auto shows = [&](const Sequence &sequence) {
    for (size_t i = 0; i < (has_reuseport(sequence) ? kNamespaces : 1); ++i) {
      auto again = run(sequence, true);
      if (!again || !*again || signature_of(**again) != signature) continue;
      finding = std::move(*again);
      return true;
    }
    return false;
  };
  if (!shows(seen.sequence)) {
    return fail_as(ErrorKind::kMismatch, "see again, in fresh network namespaces, what was wrong",
                   signature + "\n" + format_sequence(seen.sequence) + "by the rules:\n" +
                       describe(seen.expected(), seen.sequence.operations.back().kind) +
                       "by the kernel:\n" +
                       describe(seen.result, seen.sequence.operations.back().kind));
  }
  reduce_sequence(finding->sequence, shows);
  return *std::move(finding);
}

}  // namespace sklab
