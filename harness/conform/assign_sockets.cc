// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/conform/assign_sockets.h"

#include <fmt/core.h>

#include <array>
#include <cerrno>
#include <functional>
#include <string>
#include <vector>

#include "harness/conform/mapped_sockets.h"
#include "harness/conform/socket_code.h"
#include "harness/conform/test_run_request.h"
#include "harness/kernel/bpf_map.h"
#include "harness/kernel/load_attempt.h"
#include "harness/kernel/netns.h"
#include "harness/kernel/socket_set.h"

namespace sklab {
namespace {

using namespace instructions;

// How bpf_sk_assign is called, and what comes of it: the value of a map of every program.
struct AssignerCall {
  uint64_t flags = 0;
  int64_t result = 0;
};

// A map with programs that assign its first socket, with any flags.
struct Assigner {
  const char *name;
  BpfMap map;
  UniqueFd program;
  UniqueFd program_after_selection;
};

// A TCP and a UDP socket for packets of both families, so that one can always be selected before.
struct SelectedBefore {
  SocketSet sockets;
  BpfMap sockmap;
};

struct AssignerSetting {
  Netns netns;
  BpfMap call;
  SelectedBefore before;
  std::vector<Assigner> assigners;
};

// No errno: the program has not found a socket.
constexpr int64_t kNothingFound = 1;

constexpr std::array kProtocolsBefore = {Protocol::kTcp, Protocol::kUdp};

Result<SelectedBefore> make_selected_before(const Netns &netns) {
  std::vector<SocketSpec> specs;
  for (const Protocol protocol : kProtocolsBefore) {
    SocketSpec spec;
    spec.name = protocol == Protocol::kTcp ? "tcp" : "udp";
    spec.protocol = protocol;
    spec.family = Family::kIpv6;
    spec.local = {{Family::kIpv6, {}}, 7002};
    specs.push_back(spec);
  }
  SKLAB_TRY(SocketSet sockets, SocketSet::create(netns, specs));
  SKLAB_TRY(BpfMap sockmap,
            BpfMap::create(BPF_MAP_TYPE_SOCKMAP, sizeof(uint64_t), kProtocolsBefore.size()));
  for (uint32_t i = 0; i < kProtocolsBefore.size(); ++i) {
    const int error = sockmap.put(i, static_cast<uint64_t>(sockets.fd(i)));
    if (error != 0) return fail("put into SOCKMAP socket", specs[i].name, error);
  }
  return SelectedBefore{std::move(sockets), std::move(sockmap)};
}

// Of both sockets the one is selected that has the packet's protocol.
Code select_before(const SelectedBefore &before) {
  const int map_fd = before.sockmap.fd();
  return Code(with_socket(map_fd, 0, assign(BPF_REG_7, 0)),
              with_socket(map_fd, 1, assign(BPF_REG_7, 0)));
}

Code assign_first(const BpfMap &map, const BpfMap &call_map) {
  const Code use(copy(BPF_REG_1, BPF_REG_6), copy(BPF_REG_2, BPF_REG_7),
                 load_map_value(BPF_REG_8, call_map.fd()),
                 load(8, BPF_REG_3, BPF_REG_8, offsetof(AssignerCall, flags)),
                 call(BPF_FUNC_sk_assign),
                 store(8, BPF_REG_8, offsetof(AssignerCall, result), BPF_REG_0));
  return with_socket(map.fd(), 0, use);
}

Result<UniqueFd> load_assigner(const char *name, const Code &body) {
  LoadAttempt attempt = attempt_body(body);
  if (attempt.accepted()) return std::move(attempt.fd);
  return fail("load program for", name, attempt.error_number, attempt.verifier_message);
}

Result<Assigner> make_assigner(const char *name, bpf_map_type type, const BpfMap &call_map,
                               const SelectedBefore &before) {
  SKLAB_TRY(BpfMap map, BpfMap::create(type, sizeof(uint64_t), 1));
  const Code body = assign_first(map, call_map);
  SKLAB_TRY(UniqueFd program, load_assigner(name, body));
  SKLAB_TRY(UniqueFd after, load_assigner(name, Code(select_before(before), body)));
  return Assigner{name, std::move(map), std::move(program), std::move(after)};
}

Result<AssignerSetting> make_assigner_setting() {
  SKLAB_TRY(Netns netns, Netns::create());
  SKLAB_TRY(BpfMap call_map, BpfMap::create(BPF_MAP_TYPE_ARRAY, sizeof(AssignerCall), 1));
  SKLAB_TRY(SelectedBefore before, make_selected_before(netns));
  std::vector<Assigner> assigners;
  SKLAB_TRY(Assigner sockmap, make_assigner("SOCKMAP", BPF_MAP_TYPE_SOCKMAP, call_map, before));
  assigners.push_back(std::move(sockmap));
  SKLAB_TRY(Assigner sockhash, make_assigner("SOCKHASH", BPF_MAP_TYPE_SOCKHASH, call_map, before));
  assigners.push_back(std::move(sockhash));
  return AssignerSetting{std::move(netns), std::move(call_map), std::move(before),
                         std::move(assigners)};
}

// The socket that an Assigner finds in its map, if any.
struct AssignedSocket {
  bool found;
  uint32_t protocol;  // as in SocketKindCase
  uint64_t cookie;
};

AssignedSocket socket_in_map(const Sockets &sockets, uint32_t protocol, bool found) {
  AssignedSocket assigned = {found, protocol, 0};
  // 0 for those that have none; they cannot be selected either.
  socklen_t size = sizeof(assigned.cookie);
  ::getsockopt(sockets.one.get(), SOL_SOCKET, SO_COOKIE, &assigned.cookie, &size);
  return assigned;
}

// How a socket is assigned.
struct AssignerCase {
  uint64_t flags;
  bool selected;      // another socket, before
  uint32_t protocol;  // of the packet
  uint32_t family;
};

// Both flags with the first bit that is none, and bits about the ends of 32 and 64.
std::vector<uint64_t> assigner_flags() {
  std::vector<uint64_t> flags = {0x80000000, 0x100000000, 0x100000001, 0x8000000000000003,
                                 ~uint64_t{0}};
  for (uint64_t low = 0; low < 8; ++low) flags.push_back(low);
  return flags;
}

std::vector<AssignerCase> every_assigner_case() {
  std::vector<AssignerCase> cases;
  for (const uint64_t flags : assigner_flags()) {
    for (const bool selected : {false, true}) {
      for (const uint32_t protocol : {IPPROTO_TCP, IPPROTO_UDP}) {
        for (const uint32_t family : {AF_INET, AF_INET6}) {
          cases.push_back({flags, selected, protocol, family});
        }
      }
    }
  }
  return cases;
}

// Errors of the kernel's checks, in their order: bpf_sk_lookup_assign. All sockets that can be
// assigned at all are IPv4 ones.
int64_t expected_result(uint32_t socket_protocol, const AssignerCase &how) {
  constexpr uint64_t kKnownFlags = BPF_SK_LOOKUP_F_REPLACE | BPF_SK_LOOKUP_F_NO_REUSEPORT;
  if ((how.flags & ~kKnownFlags) != 0) return -EINVAL;
  if (socket_protocol == 0) return -ESOCKTNOSUPPORT;
  if (socket_protocol != how.protocol) return -EPROTOTYPE;
  if (how.family != AF_INET) return -EAFNOSUPPORT;
  return how.selected && (how.flags & BPF_SK_LOOKUP_F_REPLACE) == 0 ? -EEXIST : 0;
}

// The cookie of what was selected before.
Result<uint64_t> cookie_before(const SelectedBefore &before, const AssignerCase &how) {
  if (!how.selected) return uint64_t{0};
  return before.sockets.cookie(how.protocol == IPPROTO_TCP ? 0 : 1);
}

Result<> check_assigner_case(Case &one, const Assigner &assigner, AssignerSetting &setting,
                             const AssignedSocket &socket, const AssignerCase &how) {
  if (const int error = setting.call.put(0, AssignerCall{how.flags, kNothingFound}); error != 0) {
    return fail("fill", "map", error);
  }
  TestRunRequest request;
  request.context.protocol = how.protocol;
  request.context.family = how.family;
  const UniqueFd &program = how.selected ? assigner.program_after_selection : assigner.program;
  const int error = request.run(program.get());
  SKLAB_TRY(const AssignerCall call, setting.call.get<AssignerCall>(0));
  SKLAB_TRY(const uint64_t before, cookie_before(setting.before, how));
  const int64_t expected = socket.found ? expected_result(socket.protocol, how) : kNothingFound;
  const uint64_t expected_cookie = expected == 0 ? socket.cookie : before;
  const uint64_t cookie = request.context_out().cookie;
  one.check(error == 0 && call.result == expected && cookie == expected_cookie, [&] {
    return fmt::format(
        "{}, flags {:#x}, protocol {}, family {}, {}selected before: expected {} and cookie {:#x}, "
        "got {}, {:#x} and errno {}",
        assigner.name, how.flags, how.protocol, how.family, how.selected ? "" : "not ", expected,
        expected_cookie, call.result, cookie, error);
  });
  return Ok{};
}

Result<> check_assigned(Case &one, const Assigner &assigner, AssignerSetting &setting,
                        const AssignedSocket &socket) {
  static const std::vector<AssignerCase> cases = every_assigner_case();
  for (const AssignerCase &how : cases) {
    SKLAB_CHECK(check_assigner_case(one, assigner, setting, socket, how));
  }
  return Ok{};
}

Result<> check_kind(Case &one, const SocketKindCase &kind, AssignerSetting &setting) {
  SKLAB_TRY(const Sockets sockets, kind.open());
  for (Assigner &assigner : setting.assigners) {
    const int error = assigner.map.put(0, static_cast<uint64_t>(sockets.one.get()));
    if (error == EOPNOTSUPP && kind.may_refuse != nullptr) {
      return fail_as(ErrorKind::kUnavailable, "put socket into", assigner.name, error,
                     kind.may_refuse);
    }
    one.check(error == kind.put_error, [&] {
      return fmt::format("put into {}: expected errno {}, got {}", assigner.name, kind.put_error,
                         error);
    });
    if (error != 0) continue;
    const AssignedSocket socket = socket_in_map(sockets, kind.protocol, true);
    SKLAB_CHECK(check_assigned(one, assigner, setting, socket));
  }
  return Ok{};
}

Result<> check_change(Case &one, const SocketChange &change, AssignerSetting &setting) {
  for (Assigner &assigner : setting.assigners) {
    SKLAB_TRY(Sockets sockets, change.open());
    const int error = assigner.map.put(0, static_cast<uint64_t>(sockets.one.get()));
    if (error != 0) return fail("put socket into", assigner.name, error);
    if (change.make(sockets) != 0) return fail("change", "socket", errno);
    const AssignedSocket socket = socket_in_map(sockets, change.protocol, !change.leaves);
    SKLAB_CHECK(check_assigned(one, assigner, setting, socket));
  }
  return Ok{};
}

Result<> check_numbers(Case &one, AssignerSetting &setting) {
  struct Number {
    uint64_t descriptor;
    int error;
  };
  constexpr uint64_t kHighest = 0x7fffffff;
  for (const Number &number :
       {Number{kHighest, EBADF}, Number{kHighest + 1, EINVAL}, Number{~uint64_t{0}, EINVAL}}) {
    for (Assigner &assigner : setting.assigners) {
      const int error = assigner.map.put(0, number.descriptor);
      one.check(error == number.error, [&] {
        return fmt::format("put {} into {}: expected errno {}, got {}", number.descriptor,
                           assigner.name, number.error, error);
      });
    }
  }
  return Ok{};
}

// The sockets are opened in the netns of the setting; their cases are what `body` adds.
Result<> in_setting(const std::function<void(AssignerSetting &setting)> &body) {
  SKLAB_TRY(AssignerSetting setting, make_assigner_setting());
  SKLAB_TRY(const ScopedNetns inside, ScopedNetns::enter(setting.netns));
  body(setting);
  return Ok{};
}

}  // namespace

void check_assign_sockets(CaseLog &log) {
  Result<> result = in_setting([&log](AssignerSetting &setting) {
    for (const SocketKindCase &kind : socket_kinds()) {
      log.run(kind.name, [&](Case &one) { return check_kind(one, kind, setting); });
    }
    for (const SocketChange &change : socket_changes()) {
      log.run(change.name, [&](Case &one) { return check_change(one, change, setting); });
    }
    log.run("numbers of no descriptor", [&](Case &one) { return check_numbers(one, setting); });
  });
  if (!result) log.run("maps and programs", [&](Case &) { return std::move(result); });
}

}  // namespace sklab
