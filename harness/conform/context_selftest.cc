// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/conform/context_selftest.h"

#include <fmt/core.h>

#include <array>
#include <cerrno>
#include <string>

#include "harness/kernel/instructions.h"
#include "harness/kernel/load_attempt.h"
#include "harness/model/context_rules.h"
#include "harness/path/test_run.h"

namespace sklab {
namespace {

using namespace instructions;

struct RefusedAccess {
  const char *name;
  AccessKind kind;
  uint32_t size;
  size_t offset;
};

#define AT(field) offsetof(bpf_sk_lookup, field)
constexpr auto kRead = AccessKind::kRead;
constexpr auto kWrite = AccessKind::kWrite;
constexpr size_t kEnd = sizeof(bpf_sk_lookup);
constexpr std::array<RefusedAccess, 20> kRefusedAccesses = {{
    {"invalid 8-byte read from bpf_sk_lookup family field", kRead, 8, AT(family)},
    {"invalid 8-byte read from bpf_sk_lookup protocol field", kRead, 8, AT(protocol)},
    {"invalid 8-byte read from bpf_sk_lookup remote_ip4 field", kRead, 8, AT(remote_ip4)},
    {"invalid 8-byte read from bpf_sk_lookup remote_ip6 field", kRead, 8, AT(remote_ip6)},
    {"invalid 8-byte read from bpf_sk_lookup remote_port field", kRead, 8, AT(remote_port)},
    {"invalid 8-byte read from bpf_sk_lookup local_ip4 field", kRead, 8, AT(local_ip4)},
    {"invalid 8-byte read from bpf_sk_lookup local_ip6 field", kRead, 8, AT(local_ip6)},
    {"invalid 8-byte read from bpf_sk_lookup local_port field", kRead, 8, AT(local_port)},
    {"invalid 8-byte read from bpf_sk_lookup ingress_ifindex field", kRead, 8, AT(ingress_ifindex)},
    {"invalid 4-byte read from bpf_sk_lookup sk field", kRead, 4, AT(cookie)},
    {"invalid 2-byte read from bpf_sk_lookup sk field", kRead, 2, AT(cookie)},
    {"invalid 1-byte read from bpf_sk_lookup sk field", kRead, 1, AT(cookie)},
    {"invalid 4-byte read past end of bpf_sk_lookup", kRead, 4, kEnd},
    {"invalid 4-byte unaligned read from bpf_sk_lookup at odd offset", kRead, 4, 1},
    {"invalid 4-byte unaligned read from bpf_sk_lookup at even offset", kRead, 4, 2},
    {"invalid 8-byte write to bpf_sk_lookup", kWrite, 8, 0},
    {"invalid 4-byte write to bpf_sk_lookup", kWrite, 4, 0},
    {"invalid 2-byte write to bpf_sk_lookup", kWrite, 2, 0},
    {"invalid 1-byte write to bpf_sk_lookup", kWrite, 1, 0},
    {"invalid 4-byte write past end of bpf_sk_lookup", kWrite, 4, kEnd},
}};
#undef AT

void check_refused(Case &one, const RefusedAccess &access) {
  const auto offset = static_cast<int16_t>(access.offset);
  const bpf_insn instruction = access.kind == kRead
                                   ? load(access.size, BPF_REG_0, BPF_REG_1, offset)
                                   : store(access.size, BPF_REG_1, offset, BPF_REG_0);
  const Code code(move(BPF_REG_0, 0), instruction, move(BPF_REG_0, 0), leave());
  const LoadAttempt attempt = attempt_load(code.all());
  const bool right =
      attempt.error_number == EACCES &&
      attempt.verifier_message.find("invalid bpf_context access") != std::string::npos;
  one.check(right, [&] {
    return "expected EACCES and \"invalid bpf_context access\", got " + attempt.text();
  });
}

Code load_everything() {
  Code code;
  for (int offset = 0; offset < static_cast<int>(kContextSize); ++offset) {
    for (const uint32_t size : kAccessSizes) {
      if (!context_access_allowed(offset, size, kRead)) continue;
      code.append(load(size, BPF_REG_0, BPF_REG_1, static_cast<int16_t>(offset)));
    }
  }
  return code.append(move(BPF_REG_0, SK_PASS)).append(leave());
}

Result<> check_valid_reads(Case &one) {
  const Code code = load_everything();
  const LoadAttempt attempt = attempt_load(code.all());
  one.check(attempt.accepted(), [&] { return "expected accepted, got " + attempt.text(); });
  if (!attempt.accepted()) return Ok{};
  for (const char *address : {"127.0.0.1", "fd00::1"}) {
    SKLAB_TRY(const IpAddress parsed, parse_address(address));
    const Packet packet = {Protocol::kTcp, {parsed, 40000}, {parsed, 7007}};
    SKLAB_TRY(const TestRunResult result, test_run(attempt.fd.get(), packet, 1));
    one.check(result.return_code == SK_PASS, [&] {
      return fmt::format("run for {}: expected 1, got {}", address, result.return_code);
    });
  }
  return Ok{};
}

}  // namespace

void check_context_selftest(CaseLog &log) {
  log.run("valid 1,2,4,8-byte reads from bpf_sk_lookup", check_valid_reads);
  for (const RefusedAccess &access : kRefusedAccesses) {
    log.run(access.name, [&](Case &one) -> Result<> {
      check_refused(one, access);
      return Ok{};
    });
  }
}

}  // namespace sklab
