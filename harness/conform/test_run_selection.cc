// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/conform/test_run_selection.h"

#include <fmt/core.h>

#include <string>
#include <vector>

#include "harness/conform/socket_code.h"
#include "harness/conform/test_run_request.h"
#include "harness/kernel/bpf_map.h"
#include "harness/kernel/load_attempt.h"
#include "harness/kernel/netns.h"
#include "harness/kernel/socket_set.h"

namespace sklab {
namespace {

using namespace instructions;

// Sockets by their position in the map; all can be selected for packets of their kind.
struct NamedSocket {
  const char *name;
  Protocol protocol;
  Family family;
  const char *local;
  bool reuseport;
};

constexpr std::array<NamedSocket, 9> kSockets = {{
    {"UDP over IPv4", Protocol::kUdp, Family::kIpv4, "127.0.0.1:7001", false},
    {"TCP over IPv4", Protocol::kTcp, Family::kIpv4, "127.0.0.1:7001", false},
    {"UDP over IPv6", Protocol::kUdp, Family::kIpv6, "[fd00::1]:7001", false},
    {"TCP over IPv6", Protocol::kTcp, Family::kIpv6, "[fd00::1]:7001", false},
    {"UDP over both", Protocol::kUdp, Family::kIpv6, "[::]:7002", false},
    {"TCP over both", Protocol::kTcp, Family::kIpv6, "[::]:7002", false},
    {"UDP with reuseport", Protocol::kUdp, Family::kIpv4, "127.0.0.1:7003", true},
    {"TCP with reuseport", Protocol::kTcp, Family::kIpv4, "127.0.0.1:7003", true},
    {"IPv6 with reuseport", Protocol::kUdp, Family::kIpv6, "[fd00::1]:7003", true},
}};

Result<std::vector<SocketSpec>> parse_sockets() {
  std::vector<SocketSpec> specs;
  for (const NamedSocket &named : kSockets) {
    SocketSpec spec;
    spec.name = named.name;
    spec.protocol = named.protocol;
    spec.family = named.family;
    SKLAB_TRY(spec.local, parse_endpoint(named.local));
    if (named.reuseport) spec.reuseport_group = specs.size();
    specs.push_back(std::move(spec));
  }
  return specs;
}

struct SelectionLab {
  Netns netns;
  SocketSet sockets;
  BpfMap map;
};

Result<SelectionLab> open_lab() {
  SKLAB_TRY(Netns netns, Netns::create());
  SKLAB_TRY(const std::vector<SocketSpec> specs, parse_sockets());
  SKLAB_TRY(SocketSet sockets, SocketSet::create(netns, specs));
  SKLAB_TRY(BpfMap map, BpfMap::create(BPF_MAP_TYPE_SOCKMAP, sizeof(uint64_t), kSockets.size()));
  for (uint32_t i = 0; i < kSockets.size(); ++i) {
    const int error = map.put(i, static_cast<uint64_t>(sockets.fd(i)));
    if (error != 0) return fail("put into SOCKMAP socket", kSockets[i].name, error);
  }
  return SelectionLab{std::move(netns), std::move(sockets), std::move(map)};
}

// What is done with the socket, and what has to come of it.
struct TestRunSelection {
  const char *name;
  Code (*code)();
  uint32_t return_code;
  bool selected;  // in the end
  bool no_reuseport;
};

constexpr int32_t kReplaceFlag = BPF_SK_LOOKUP_F_REPLACE;
constexpr int32_t kNoReuseport = BPF_SK_LOOKUP_F_NO_REUSEPORT;

Code assign_null(int32_t flags) { return Code(move(BPF_REG_8, 0), assign(BPF_REG_8, flags)); }

constexpr std::array<TestRunSelection, 9> kSelections = {{
    {"not assigned", [] { return Code(); }, SK_PASS, false, false},
    {"assigned", [] { return assign(BPF_REG_7, 0); }, SK_PASS, true, false},
    {"assigned, no reuseport", [] { return assign(BPF_REG_7, kNoReuseport); }, SK_PASS, true, true},
    // SK_DROP leaves out what the same program selected.
    {"assigned and dropped", [] { return assign(BPF_REG_7, 0); }, SK_DROP, false, false},
    {"assigned, no reuseport, and dropped", [] { return assign(BPF_REG_7, kNoReuseport); }, SK_DROP,
     false, true},
    {"assigned and taken back",
     [] { return Code(assign(BPF_REG_7, 0), assign_null(kReplaceFlag)); }, SK_PASS, false, false},
    {"assigned twice, no reuseport at first",
     [] { return Code(assign(BPF_REG_7, kNoReuseport), assign(BPF_REG_7, kReplaceFlag)); }, SK_PASS,
     true, false},
    {"assigned twice, no reuseport at last",
     [] { return Code(assign(BPF_REG_7, 0), assign(BPF_REG_7, kReplaceFlag | kNoReuseport)); },
     SK_PASS, true, true},
    {"refused with a wrong flag", [] { return assign(BPF_REG_7, kReplaceFlag | 4); }, SK_PASS,
     false, false},
}};

// A packet for the socket, as far as assigning it goes.
void make_packet_for(const NamedSocket &socket, TestRunRequest &request) {
  request.context.family = socket.family == Family::kIpv4 ? AF_INET : AF_INET6;
  request.context.protocol = socket.protocol == Protocol::kTcp ? IPPROTO_TCP : IPPROTO_UDP;
}

Result<> check_socket(Case &one, const TestRunSelection &selection, uint32_t index,
                      const SelectionLab &lab) {
  const NamedSocket &socket = kSockets[index];
  const Code body = with_socket(lab.map.fd(), static_cast<int32_t>(index), selection.code());
  const LoadAttempt program = attempt_body(body, static_cast<int32_t>(selection.return_code));
  if (!program.accepted()) {
    return fail("load", selection.name, program.error_number, program.verifier_message);
  }
  TestRunRequest request;
  make_packet_for(socket, request);
  const int error = request.run(program.fd.get());
  if (selection.selected && socket.reuseport && !selection.no_reuseport) {
    // The kernel would have to choose a member by a packet, which there is not.
    one.check(error == EOPNOTSUPP && request.written() == 0, [&] {
      return fmt::format("{}: expected EOPNOTSUPP and no context out, got {} and {} bytes",
                         socket.name, error, request.written());
    });
    return Ok{};
  }
  uint64_t expected = 0;
  if (selection.selected) {
    SKLAB_TRY(expected, lab.sockets.cookie(index));
  }
  const uint64_t cookie = request.context_out().cookie;
  const uint32_t returned = request.attr.test.retval;
  one.check(error == 0 && cookie == expected && returned == selection.return_code, [&] {
    return fmt::format("{}: expected return code {} and cookie {:#x}, got {}, {:#x} and errno {}",
                       socket.name, selection.return_code, expected, returned, cookie, error);
  });
  return Ok{};
}

}  // namespace

void check_test_run_selection(CaseLog &log) {
  const Result<SelectionLab> lab = open_lab();
  if (!lab) {
    return log.run("sockets", [&](Case &) { return Result<>(tl::unexpected(lab.error())); });
  }
  for (const TestRunSelection &selection : kSelections) {
    log.run(selection.name, [&](Case &one) -> Result<> {
      for (uint32_t i = 0; i < kSockets.size(); ++i) {
        SKLAB_CHECK(check_socket(one, selection, i, *lab));
      }
      return Ok{};
    });
  }
}

}  // namespace sklab
