// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// libFuzzer target: sequences of calls about links, sockets, the maps that hold them, and network
// namespaces, with lookups between them. Does every call return what the rules say, and does every
// lookup end as follows from what is there?
#include <cstdint>

#include "fuzz/lifecycle/lifecycle_finding.h"
#include "fuzz/lifecycle/lifecycle_lab.h"
#include "fuzz/lifecycle/reproducer.h"
#include "fuzz/lifecycle/sequence_mutator.h"
#include "fuzz/lifecycle/sequence_records.h"
#include "fuzz/lifecycle/sequence_text.h"
#include "fuzz/target/fuzz_target.h"

namespace sklab {
namespace {

class LifecycleTarget : public FuzzTarget {
 public:
  explicit LifecycleTarget(LifecycleLab lab) : lab_(std::move(lab)) {}

  Result<std::optional<Finding>> check(std::span<const uint8_t> input) override {
    SKLAB_TRY(const auto found, lab_.check(decode_sequence(input)));
    if (!found) return std::nullopt;
    return describe_finding(*found);
  }
  [[nodiscard]] std::map<std::string, std::string> describe_input(
      std::span<const uint8_t> input) const override {
    const LifecycleFinding made = lab_.by_the_rules(decode_sequence(input));
    return {{"sequence.txt", format_sequence(made.sequence)},
            {"reproducer.c", reproducer_of(kAboutInput, made)}};
  }
  [[nodiscard]] uint64_t checked() const override { return lab_.sequences(); }
  [[nodiscard]] uint64_t kernel_ns() const override { return lab_.kernel_ns(); }
  [[nodiscard]] std::vector<std::pair<const char *, uint64_t>> more_figures() const override {
    return {{"operations", lab_.operations()}};
  }

 private:
  LifecycleLab lab_;
};

}  // namespace

const FuzzTargetInfo kFuzzTarget = {.name = "lifecycle_fuzzer",
                                    .needs_kernel = true,
                                    .most_input_bytes = 400,
                                    .record_bytes = kSequenceRecordSize};

Result<std::unique_ptr<FuzzTarget>> create_fuzz_target(const Rules &rules) {
  SKLAB_TRY(LifecycleLab lab, LifecycleLab::create(rules));
  return std::make_unique<LifecycleTarget>(std::move(lab));
}

}  // namespace sklab

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size,
                                          unsigned seed) {
  return sklab::mutate_sequence({data, max_size}, size, seed);
}

extern "C" size_t LLVMFuzzerCustomCrossOver(const uint8_t *data1, size_t size1,
                                            const uint8_t *data2, size_t size2, uint8_t *out,
                                            size_t max_out, unsigned seed) {
  return sklab::cross_sequences({data1, size1}, {data2, size2}, {out, max_out}, seed);
}
