// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/conform/deviations.h"

#include <linux/bpf.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <regex>

#include "harness/conform/raw_program.h"
#include "harness/conform/test_run_request.h"
#include "harness/path/step_lab.h"
#include "harness/path/test_run.h"

namespace sklab {
namespace {

// A port of 4 bytes, which a test run refuses beyond 65535. In one of 2 bytes these are padding.
bool has_wide_remote_port() {
  const auto program = load_constant_program(SK_PASS);
  if (!program) return false;
  TestRunRequest request;
  constexpr size_t kHighHalf = offsetof(bpf_sk_lookup, remote_port) + 2;
  std::memset(reinterpret_cast<uint8_t *>(&request.context) + kHighHalf, 0xff, 2);
  return request.run(program->get()) == ERANGE;
}

// Two bytes of a field of 4 of which the kernel keeps 2 (see results/studies).
bool repeats_low_half() {
  using namespace instructions;
  constexpr auto kHighHalf = static_cast<int16_t>(offsetof(bpf_sk_lookup, family) + 2);
  const auto program =
      load_raw_program(Code(load(2, BPF_REG_1, BPF_REG_1, kHighHalf), move(BPF_REG_0, SK_DROP),
                            skip_if_equal(BPF_REG_1, 0, 1), move(BPF_REG_0, SK_PASS), leave()));
  if (!program) return false;
  const auto result = test_run(program->get(), {}, 1);
  return result && result->return_code == SK_PASS;
}

// The program is loaded, and never run.
bool takes_numbers_for_null() {
  const auto lab = StepLab::create();
  return lab && lab->deviations().takes_numbers_for_null;
}

constexpr std::array kDeviations = {
    Deviation{"remote_port is 4 bytes wide: 2 and padding since Linux 5.18 (9a69e2b385f4)",
              "(context_values|test_run_inputs|test_run_results|placement)/.*|selftest/narrow.*",
              has_wide_remote_port},
    Deviation{"a load of the high half gives the low half: convert_ctx_accesses in "
              "kernel/bpf/verifier.c shifts what is narrower than the kernel's own field, and this "
              "is as wide (results/studies/high-half-loads.md)",
              "context_values/high half of .*", repeats_low_half},
    Deviation{"a number is taken for NULL: check_func_arg in kernel/bpf/verifier.c does not mark a "
              "NULL argument as precise, and a path with another number counts as seen "
              "(results/studies/null-argument-pruning.md)",
              "assign_arguments/unknown number compared with NULL", takes_numbers_for_null},
};

}  // namespace

std::span<const Deviation> known_deviations() { return kDeviations; }

void excuse_known_deviations(CaseGroupRecord &group, std::span<const Deviation> deviations) {
  for (const Deviation &deviation : deviations) {
    const std::regex cases(deviation.cases);
    const auto is_meant = [&](const CaseRecord &record) {
      return record.status == CaseStatus::kFail && record.mismatches > 0 &&
             std::regex_match(group.name + "/" + record.name, cases);
    };
    if (std::none_of(group.cases.begin(), group.cases.end(), is_meant)) continue;
    if (!deviation.present()) continue;
    for (CaseRecord &record : group.cases) {
      if (!is_meant(record)) continue;
      record.status = CaseStatus::kExpectedFail;
      record.reason = deviation.reason;
    }
  }
}

}  // namespace sklab
