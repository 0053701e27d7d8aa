// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// With right expectations and wrong.
#include <gmock/gmock.h>

#include "fuzz/program/program_reproducer.h"
#include "fuzz/target/test_reproducer.h"
#include "harness/model/step_text.h"
#include "harness/model/steps.h"

namespace sklab {
namespace {

using ::testing::HasSubstr;

constexpr StepSource kSlotA = StepSource::kSlot0;

class ProgramReproducerRun : public ReproducerRun {
 protected:
  // What the kernel's rules say of it.
  static ProgramFinding expected_of(const StepProgram &program) {
    ProgramFinding finding;
    finding.program = program;
    finding.verdict = judge_program(program, kernel_load_rules());
    if (finding.verdict.loads()) finding.expected = run_program(program, kernel_rules(), {});
    return finding;
  }
  int build_and_run(const ProgramFinding &finding) {
    build(write_reproducer(finding, "A test."), describe(finding.program));
    return run();
  }
};

// That return, that show what the context and a socket have, that assign; and that must not load.
std::vector<StepProgram> programs() {
  return {
      steps::program({steps::leave(0)}),
      steps::program({steps::load(0, StepSource::kContext, 60, 4)}),
      steps::program({steps::look_up(0, 0), steps::if_not_null(kSlotA, 3),
                      steps::load(1, kSlotA, 16, 4), steps::assign(kSlotA),
                      steps::release(kSlotA)}),
      // In the SOCKHASH, and of another protocol.
      steps::program({steps::look_up(0, 1, MapForm::kSockhash), steps::if_not_null(kSlotA, 2),
                      steps::assign(kSlotA), steps::release(kSlotA)}),
      // Of a group, whose member a test run cannot choose.
      steps::program({steps::look_up(0, 8), steps::if_not_null(kSlotA, 2), steps::assign(kSlotA),
                      steps::release(kSlotA)}),
      steps::program({steps::set(0, SetForm::kGiven), steps::show(kSlotA)}),
      steps::program({steps::leave(2)}),
      steps::program({steps::look_up(0, 0)}),
  };
}

TEST_F(ProgramReproducerRun, AgreesWithTheRules) {
  for (const StepProgram &program : programs()) {
    const ProgramFinding finding = expected_of(program);
    EXPECT_EQ(build_and_run(finding), 0) << describe(program) << output_;
    EXPECT_THAT(output_, HasSubstr("\n  the program")) << describe(program);
    EXPECT_EQ(output_.find("\n!"), std::string::npos) << output_;
    if (HasFatalFailure()) return;
  }
}

TEST_F(ProgramReproducerRun, SeesEveryWrongExpectation) {
  for (const StepProgram &program : programs()) {
    ProgramFinding wrong = expected_of(program);
    if (wrong.verdict.loads()) {
      wrong.verdict = {LoadReason::kReturn, 0};
      wrong.expected.reset();
    } else {
      wrong.verdict = {};
    }
    EXPECT_EQ(build_and_run(wrong), 1) << describe(program) << output_;
    EXPECT_THAT(output_, HasSubstr("! the program"));
  }
  ProgramFinding wrong = expected_of(programs()[2]);
  ASSERT_TRUE(wrong.expected);
  wrong.expected->return_code ^= 1;
  EXPECT_EQ(build_and_run(wrong), 1);
  EXPECT_THAT(output_, HasSubstr("! return code"));
  wrong = expected_of(programs()[2]);
  wrong.expected->selected.reset();
  EXPECT_EQ(build_and_run(wrong), 1);
  EXPECT_THAT(output_, HasSubstr("! cookie of the selected socket"));
  wrong = expected_of(programs()[1]);
  wrong.expected->shown[0].value ^= 1;
  EXPECT_EQ(build_and_run(wrong), 1);
  EXPECT_THAT(output_, HasSubstr("! shown by step 0"));
}

TEST_F(ProgramReproducerRun, SaysWhyItCannotRun) {
  build(write_reproducer(expected_of(programs()[0]), "A test."), "");
  EXPECT_EQ(run("setpriv --bounding-set=-all --inh-caps=-all"), 4);
  EXPECT_THAT(output_, HasSubstr("SKIP: a network namespace needs root"));
}

}  // namespace
}  // namespace sklab
