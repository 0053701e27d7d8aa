// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/conform/deviations.h"

#include <linux/bpf.h>
#include <re2/re2.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "harness/conform/raw_program.h"
#include "harness/conform/test_run_request.h"
#include "harness/kernel/bpf_map.h"
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

// Programs are loaded, and never run.
template <bool KnownDeviations::*deviation>
bool verifier_deviates() {
  const auto lab = StepLab::create();
  return lab && lab->deviations().*deviation;
}

constexpr std::array kDeviations = {
    Deviation{"remote_port is 4 bytes wide: 2 and padding since Linux 5.18 (9a69e2b385f4)",
              "(context_values|test_run_inputs|test_run_results|placement)/.*|selftest/narrow.*",
              has_wide_remote_port},
    Deviation{"a load of the high half gives the low half: convert_ctx_accesses in "
              "kernel/bpf/verifier.c shifts what is narrower than the kernel's own field, and this "
              "is as wide (results/studies/findings/high-half-loads.md)",
              "context_values/high half of .*", repeats_low_half},
    Deviation{"a number is taken for NULL: check_func_arg in kernel/bpf/verifier.c does not mark a "
              "NULL argument as precise, and a path with another number counts as seen "
              "(results/studies/findings/null-argument-pruning.md)",
              "assign_arguments/unknown number compared with NULL",
              verifier_deviates<&KnownDeviations::takes_numbers_for_null>},
    Deviation{"a socket of a map is assigned before it was compared with NULL: since Linux 7.3 "
              "refine_map_lookup_value in kernel/bpf/verifier.c makes it one that may be NULL at "
              "once, and bpf_sk_assign takes that",
              "assign_arguments/unchecked socket of a SOCK(MAP|HASH)|step_programs/selections",
              verifier_deviates<&KnownDeviations::takes_unchecked_sockets>},
    Deviation{"a number that is not 0 may be 0 in the next comparison: reg_set_min_max in "
              "kernel/bpf/verifier.c of Linux 6.1 learns nothing from an inequality",
              "step_programs/numbers", verifier_deviates<&KnownDeviations::forgets_inequality>},
    Deviation{"a UDP socket without a port is taken into a map: since 0c48eefae712 "
              "sock_map_sk_state_allowed in net/core/sock_map.c did not ask for sk_hashed, until "
              "66efd3368ae1 (results/studies/findings/unbound-udp-sockets.md)",
              "assign_sockets/UDP( over IPv6)? fresh", maps_unbound_udp_sockets},
};

}  // namespace

bool maps_unbound_udp_sockets() {
  const UniqueFd socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  auto map = BpfMap::create(BPF_MAP_TYPE_SOCKMAP, sizeof(int), 1);
  return map && map->put(0, socket.get()) == 0;
}

std::span<const Deviation> known_deviations() { return kDeviations; }

void excuse_known_deviations(CaseGroupRecord &group, std::span<const Deviation> deviations) {
  for (const Deviation &deviation : deviations) {
    const RE2 cases(deviation.cases);
    const auto is_meant = [&](const CaseRecord &record) {
      return record.status == CaseStatus::kFail && record.mismatches > 0 &&
             RE2::FullMatch(group.name + "/" + record.name, cases);
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
