// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/conform/assign_flags.h"

#include <fmt/core.h>

#include <optional>
#include <string>
#include <vector>

#include "harness/conform/socket_code.h"
#include "harness/kernel/bpf_map.h"
#include "harness/kernel/netns.h"
#include "harness/kernel/socket_set.h"
#include "harness/model/assign_rules.h"
#include "harness/path/test_run.h"

namespace sklab {
namespace {

using namespace instructions;

// The two slots of the map through which a program gets flags and gives the result.
struct Call {
  uint64_t flags = 0;
  int64_t result = 0;
};

std::vector<uint64_t> flags_to_try() {
  std::vector<uint64_t> flags;
  for (uint64_t value = 0; value < 256; ++value) flags.push_back(value);
  for (unsigned bit = 8; bit < 64; ++bit) {
    for (uint64_t known = 0; known < 4; ++known) flags.push_back((uint64_t{1} << bit) | known);
  }
  flags.push_back(~uint64_t{0});
  return flags;
}

// One call of bpf_sk_assign with the flags of the map, maybe after a selection.
LoadAttempt attempt_call(int sockmap_fd, int call_fd, bool null_socket, bool selected) {
  Code use;
  if (selected) use.append(assign(BPF_REG_7, 0));
  use.append(copy(BPF_REG_1, BPF_REG_6));
  use.append(null_socket ? move(BPF_REG_2, 0) : copy(BPF_REG_2, BPF_REG_7));
  use.append(load_map_value(BPF_REG_8, call_fd));
  use.append(load(8, BPF_REG_3, BPF_REG_8, offsetof(Call, flags)));
  use.append(call(BPF_FUNC_sk_assign));
  use.append(store(8, BPF_REG_8, offsetof(Call, result), BPF_REG_0));
  return attempt_body(with_socket(sockmap_fd, 0, use));
}

// Whether the socket is selected in the end, when the call gave this result.
bool is_selected(const Rules &rules, const AssignOperation &assign, bool selected, int result) {
  Selection before;
  if (selected) before.socket = 0;
  return (result == 0 ? rules.selected : rules.not_selected)(assign, before).socket.has_value();
}

Result<> check_calls(Case &one, const Rules &rules, bool null_socket, bool selected) {
  const SocketSpec spec = mapped_server();
  SKLAB_TRY(const Netns netns, Netns::create());
  SKLAB_TRY(const SocketSet sockets, SocketSet::create(netns, {spec}));
  SKLAB_TRY(const uint64_t cookie, sockets.cookie(0));
  SKLAB_TRY(BpfMap sockmap, BpfMap::create(BPF_MAP_TYPE_SOCKMAP, sizeof(uint64_t), 1));
  SKLAB_TRY(BpfMap calls, BpfMap::create(BPF_MAP_TYPE_ARRAY, sizeof(Call), 1));
  if (const int error = sockmap.put(0, static_cast<uint64_t>(sockets.fd(0))); error != 0) {
    return fail("put into SOCKMAP socket", spec.name, error);
  }
  const LoadAttempt program = attempt_call(sockmap.fd(), calls.fd(), null_socket, selected);
  one.check(program.accepted(), [&] { return "expected accepted, got " + program.text(); });
  if (!program.accepted()) return Ok{};

  const Packet packet = {Protocol::kUdp, {spec.local.address, 40000}, spec.local};
  for (const uint64_t flags : flags_to_try()) {
    if (const int error = calls.put(0, Call{flags, 1}); error != 0)
      return fail("fill", "map", error);
    SKLAB_TRY(const TestRunResult run, test_run(program.fd.get(), packet, 1));
    SKLAB_TRY(const Call call, calls.get<Call>(0));
    AssignOperation operation{std::nullopt, flags};
    if (!null_socket) operation.socket = 0;
    const int expected =
        check_assign(rules, {null_socket ? nullptr : &spec, flags, packet, selected});
    const uint64_t expected_cookie = is_selected(rules, operation, selected, expected) ? cookie : 0;
    one.check(call.result == expected && run.selected_cookie == expected_cookie, [&] {
      return fmt::format("flags {:#x}: expected {} and cookie {:#x}, got {} and {:#x}", flags,
                         expected, expected_cookie, call.result, run.selected_cookie);
    });
  }
  return Ok{};
}

}  // namespace

void check_assign_flags(CaseLog &log, const ConformSettings &settings) {
  for (const bool null_socket : {false, true}) {
    for (const bool selected : {false, true}) {
      const std::string name = std::string(null_socket ? "NULL" : "socket") +
                               (selected ? " after a selection" : " without a selection");
      log.run(name,
              [&](Case &one) { return check_calls(one, *settings.rules, null_socket, selected); });
    }
  }
}

}  // namespace sklab
