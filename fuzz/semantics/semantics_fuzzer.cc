// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// libFuzzer target: does every lookup end as the rules say? An input is a scenario as records, and
// stands for thousands that are made of its parts. SKLAB_PROGRAMS=N in the environment gives every
// scenario N programs: for measuring.
#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <cstring>

#include "fuzz/semantics/scenario_mutator.h"
#include "fuzz/semantics/scenario_records.h"
#include "fuzz/semantics/semantics_lab.h"
#include "fuzz/semantics/semantics_reproducer.h"
#include "fuzz/target/fuzz_target.h"
#include "fuzz/target/random.h"
#include "harness/model/link_rules.h"
#include "harness/model/model.h"
#include "harness/model/scenario_text.h"

namespace sklab {
namespace {

// Of the input that ran last: what is open and attached.
std::vector<uint8_t> standing_population;

// Opening other sockets takes many system calls, and all lookups of an input one. So most mutations
// of an input, of whatever population it was kept for, go on with the one that stands.
size_t mostly_keep_population(std::span<uint8_t> bytes, size_t size, uint64_t seed) {
  constexpr size_t kInputsOfAPopulation = 6;
  if (FuzzRandom(~seed).one_in(kInputsOfAPopulation)) return size;
  return adopt_population(bytes, size, standing_population);
}

// Its first ones, and as many that pass as are missing.
void give_programs(Scenario &scenario, size_t programs) {
  scenario.programs.resize(programs,
                           {{}, *code_of(scenario.dialect, scenario.codes, Action::kPass)});
}

class SemanticsTarget : public FuzzTarget {
 public:
  SemanticsTarget(SemanticsLab lab, std::optional<size_t> programs)
      : lab_(std::move(lab)), programs_(programs) {}

  Result<std::optional<Finding>> check(std::span<const uint8_t> input) override {
    standing_population = population_records(input);
    SKLAB_TRY(const auto found, lab_.check(scenario_of(input), hash_bytes(input)));
    if (!found) return std::nullopt;
    return describe_finding(*found);
  }
  [[nodiscard]] std::map<std::string, std::string> describe_input(
      std::span<const uint8_t> input) const override {
    const Scenario scenario = scenario_of(input);
    return {{"input.scenario", format_scenario(scenario)},
            {"reproducer.c", semantics_reproducer(kAboutInput, scenario, evaluate(scenario))}};
  }
  [[nodiscard]] uint64_t checked() const override { return lab_.scenarios_checked(); }
  [[nodiscard]] uint64_t kernel_ns() const override { return lab_.kernel_ns(); }

 private:
  [[nodiscard]] Scenario scenario_of(std::span<const uint8_t> input) const {
    Scenario scenario = decode_scenario(input);
    if (programs_) give_programs(scenario, *programs_);
    return scenario;
  }

  SemanticsLab lab_;
  std::optional<size_t> programs_;
};

Result<std::optional<size_t>> wanted_programs() {
  const char *text = std::getenv("SKLAB_PROGRAMS");
  if (text == nullptr || *text == '\0') return std::nullopt;
  size_t programs = 0;
  const char *end = text + std::strlen(text);
  const auto [rest, error] = std::from_chars(text, end, programs);
  if (error != std::errc{} || rest != end || programs > kMaxLinks) {
    return fail_as(ErrorKind::kUsage, "give every scenario so many programs:", text, 0,
                   "SKLAB_PROGRAMS is 0 to 64");
  }
  return programs;
}

}  // namespace

const FuzzTargetInfo kFuzzTarget = {.name = "semantics_fuzzer",
                                    .needs_kernel = true,
                                    .most_input_bytes = 1200,
                                    .record_bytes = kRecordSize};

Result<std::unique_ptr<FuzzTarget>> create_fuzz_target(const Rules &rules) {
  SKLAB_TRY(SemanticsLab lab, SemanticsLab::create(rules));
  SKLAB_TRY(const auto programs, wanted_programs());
  return std::make_unique<SemanticsTarget>(std::move(lab), programs);
}

}  // namespace sklab

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size,
                                          unsigned seed) {
  const size_t mutated = sklab::mutate_scenario({data, max_size}, size, seed);
  return sklab::mostly_keep_population({data, max_size}, mutated, seed);
}

extern "C" size_t LLVMFuzzerCustomCrossOver(const uint8_t *data1, size_t size1,
                                            const uint8_t *data2, size_t size2, uint8_t *out,
                                            size_t max_out, unsigned seed) {
  const size_t crossed =
      sklab::cross_scenarios({data1, size1}, {data2, size2}, {out, max_out}, seed);
  return sklab::mostly_keep_population({out, max_out}, crossed, seed);
}
