// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// libFuzzer target: does the kernel load exactly the programs that the rules let load, and do those
// do what the rules say? An input is a program as records of its steps.
#include <cstdint>

#include "fuzz/program/program_finding.h"
#include "fuzz/program/program_lab.h"
#include "fuzz/program/program_mutator.h"
#include "fuzz/program/program_records.h"
#include "fuzz/program/program_reproducer.h"
#include "fuzz/target/fuzz_target.h"
#include "harness/model/step_text.h"

namespace sklab {
namespace {

class ProgramTarget : public FuzzTarget {
 public:
  explicit ProgramTarget(ProgramLab lab) : lab_(std::move(lab)) {}

  Result<std::optional<Finding>> check(std::span<const uint8_t> input) override {
    SKLAB_TRY(const auto found, lab_.check(decode_program(input)));
    if (!found) return std::nullopt;
    return describe_finding(*found, lab_.steps());
  }
  [[nodiscard]] std::map<std::string, std::string> describe_input(
      std::span<const uint8_t> input) const override {
    const StepProgram program = decode_program(input);
    return {{"program.txt", describe(program)},
            {"reproducer.c", write_reproducer(lab_.by_the_rules(program), kAboutInput)}};
  }
  [[nodiscard]] uint64_t checked() const override { return lab_.programs(); }
  [[nodiscard]] uint64_t kernel_ns() const override { return lab_.kernel_ns(); }
  [[nodiscard]] std::vector<std::pair<const char *, uint64_t>> more_figures() const override {
    return {{"loaded", lab_.loaded()},
            {"run_and_compared", lab_.predicted_runs()},
            {"known_deviations", lab_.known_deviations()}};
  }

 private:
  ProgramLab lab_;
};

}  // namespace

const FuzzTargetInfo kFuzzTarget = {.name = "program_fuzzer",
                                    .needs_kernel = true,
                                    .most_input_bytes = 480,
                                    .record_bytes = kProgramRecordSize};

Result<std::unique_ptr<FuzzTarget>> create_fuzz_target(const Rules &rules) {
  SKLAB_TRY(ProgramLab lab, ProgramLab::create(rules));
  return std::make_unique<ProgramTarget>(std::move(lab));
}

}  // namespace sklab

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size,
                                          unsigned seed) {
  return sklab::mutate_program({data, max_size}, size, seed);
}

extern "C" size_t LLVMFuzzerCustomCrossOver(const uint8_t *data1, size_t size1,
                                            const uint8_t *data2, size_t size2, uint8_t *out,
                                            size_t max_out, unsigned seed) {
  return sklab::cross_programs({data1, size1}, {data2, size2}, {out, max_out}, seed);
}
