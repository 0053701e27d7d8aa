// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// libFuzzer target: does every lookup end as the rules say? An input is a scenario as records, and
// stands for many variations of it.
#include <cstdint>

#include "fuzz/semantics/scenario_mutator.h"
#include "fuzz/semantics/scenario_records.h"
#include "fuzz/semantics/semantics_lab.h"
#include "fuzz/target/fuzz_target.h"
#include "fuzz/target/random.h"

namespace sklab {
namespace {

class SemanticsTarget : public FuzzTarget {
 public:
  explicit SemanticsTarget(SemanticsLab lab) : lab_(std::move(lab)) {}

  Result<std::optional<Finding>> check(std::span<const uint8_t> input) override {
    SKLAB_TRY(const auto found, lab_.check(decode_scenario(input), hash_bytes(input)));
    if (!found) return std::nullopt;
    return describe_finding(*found);
  }
  [[nodiscard]] uint64_t checked() const override { return lab_.scenarios_checked(); }
  [[nodiscard]] uint64_t kernel_ns() const override { return lab_.kernel_ns(); }

 private:
  SemanticsLab lab_;
};

}  // namespace

const FuzzTargetInfo kFuzzTarget = {"semantics_fuzzer", true};

Result<std::unique_ptr<FuzzTarget>> create_fuzz_target(const Rules &rules) {
  SKLAB_TRY(SemanticsLab lab, SemanticsLab::create(rules));
  return std::make_unique<SemanticsTarget>(std::move(lab));
}

}  // namespace sklab

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size,
                                          unsigned seed) {
  return sklab::mutate_scenario({data, max_size}, size, seed);
}

extern "C" size_t LLVMFuzzerCustomCrossOver(const uint8_t *data1, size_t size1,
                                            const uint8_t *data2, size_t size2, uint8_t *out,
                                            size_t max_out, unsigned seed) {
  return sklab::cross_scenarios({data1, size1}, {data2, size2}, {out, max_out}, seed);
}
