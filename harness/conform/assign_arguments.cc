// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/conform/assign_arguments.h"

#include <fmt/core.h>

#include <array>
#include <cerrno>
#include <optional>
#include <string>

#include "harness/conform/socket_code.h"
#include "harness/conform/test_run_request.h"
#include "harness/kernel/bpf_map.h"
#include "harness/kernel/load_attempt.h"
#include "harness/kernel/netns.h"
#include "harness/kernel/socket_set.h"

namespace sklab {
namespace {

using namespace instructions;

// A UDP socket, and maps of every type that a program may think of to take it from.
struct ArgumentSetting {
  Netns netns;
  SocketSet sockets;
  BpfMap sockmap;
  BpfMap sockhash;
  BpfMap array_of_maps;
  BpfMap hash_of_maps;
  BpfMap reuseport_array;
  BpfMap result;  // what the last bpf_sk_assign returned
};

Result<BpfMap> make_map_with(bpf_map_type type, uint32_t value_size, int fd,
                             std::optional<int> inner = std::nullopt) {
  SKLAB_TRY(BpfMap map, BpfMap::create(type, value_size, 1, inner));
  const auto small = static_cast<uint32_t>(fd);
  const int error =
      value_size == sizeof(uint32_t) ? map.put(0, small) : map.put(0, uint64_t{small});
  if (error != 0) return fail("put into map of type", std::to_string(type), error);
  return map;
}

Result<ArgumentSetting> make_argument_setting() {
  SKLAB_TRY(Netns netns, Netns::create());
  SKLAB_TRY(SocketSet sockets, SocketSet::create(netns, {mapped_server()}));
  const int fd = sockets.fd(0);
  SKLAB_TRY(BpfMap sockmap, make_map_with(BPF_MAP_TYPE_SOCKMAP, 8, fd));
  SKLAB_TRY(BpfMap sockhash, make_map_with(BPF_MAP_TYPE_SOCKHASH, 8, fd));
  SKLAB_TRY(BpfMap array_of_maps,
            make_map_with(BPF_MAP_TYPE_ARRAY_OF_MAPS, 4, sockmap.fd(), sockmap.fd()));
  SKLAB_TRY(BpfMap hash_of_maps,
            make_map_with(BPF_MAP_TYPE_HASH_OF_MAPS, 4, sockhash.fd(), sockhash.fd()));
  // Empty: no program may look into it.
  SKLAB_TRY(BpfMap reuseport_array, BpfMap::create(BPF_MAP_TYPE_REUSEPORT_SOCKARRAY, 8, 1));
  SKLAB_TRY(BpfMap result, BpfMap::create(BPF_MAP_TYPE_ARRAY, sizeof(int64_t), 1));
  return ArgumentSetting{std::move(netns),           std::move(sockets),
                         std::move(sockmap),         std::move(sockhash),
                         std::move(array_of_maps),   std::move(hash_of_maps),
                         std::move(reuseport_array), std::move(result)};
}

// R0 becomes the result.
Code keep_result(const ArgumentSetting &setting) {
  return Code(load_map_value(BPF_REG_1, setting.result.fd()), store(8, BPF_REG_1, 0, BPF_REG_0));
}

Code assign_and_keep(const ArgumentSetting &setting, uint8_t socket, int32_t flags = 0) {
  return Code(assign(socket, flags), keep_result(setting));
}

// R7 = the socket of the SOCKMAP while `use` runs.
Code with_sockmap(const ArgumentSetting &setting, const Code &use) {
  return with_socket(setting.sockmap.fd(), 0, use);
}

Code with_inner_map(const BpfMap &outer, const Code &use) {
  const Code inner(copy(BPF_REG_1, BPF_REG_0), look_up_in_r1(0), use_reference(use));
  return Code(look_up(outer.fd(), 0), unless_null(BPF_REG_0, inner));
}

// R8 = ctx->sk.
Code load_selected() { return Code(load(8, BPF_REG_8, BPF_REG_6, offsetof(bpf_sk_lookup, sk))); }

// A register that holds no socket, for bpf_sk_assign.
Code assign_from(const ArgumentSetting &setting, const Code &to_r8) {
  return Code(to_r8, assign_and_keep(setting, BPF_REG_8));
}

// The body of a program that loads: R6 is the context, SK_PASS is returned after it.
struct Accepted {
  const char *name;
  Code (*body)(const ArgumentSetting &setting);
  bool selects;  // bpf_sk_assign returns 0 in all of them
};

constexpr int32_t kReplace = BPF_SK_LOOKUP_F_REPLACE;

constexpr std::array<Accepted, 9> kAccepted = {{
    {"socket of a SOCKMAP",
     [](const ArgumentSetting &s) { return with_sockmap(s, assign_and_keep(s, BPF_REG_7)); }, true},
    {"socket of a SOCKHASH",
     [](const ArgumentSetting &s) {
       return with_socket(s.sockhash.fd(), 0, assign_and_keep(s, BPF_REG_7));
     },
     true},
    {"socket of a SOCKMAP in an array of maps",
     [](const ArgumentSetting &s) {
       return with_inner_map(s.array_of_maps, assign_and_keep(s, BPF_REG_7));
     },
     true},
    {"socket of a SOCKHASH in a hash of maps",
     [](const ArgumentSetting &s) {
       return with_inner_map(s.hash_of_maps, assign_and_keep(s, BPF_REG_7));
     },
     true},
    {"NULL", [](const ArgumentSetting &s) { return assign_from(s, Code(move(BPF_REG_8, 0))); },
     false},
    // A NULL socket is one that may be assigned, so nothing has to be checked before.
    {"unchecked selected socket",
     [](const ArgumentSetting &s) { return assign_from(s, load_selected()); }, false},
    {"selected socket",
     [](const ArgumentSetting &s) {
       return with_sockmap(s,
                           Code(assign(BPF_REG_7, 0), load_selected(),
                                unless_null(BPF_REG_8, assign_and_keep(s, BPF_REG_8, kReplace))));
     },
     true},
    // The program holds no reference to it, and it stays a socket.
    {"selected socket after the reference is gone",
     [](const ArgumentSetting &s) {
       return Code(with_sockmap(s, assign(BPF_REG_7, 0)), load_selected(),
                   unless_null(BPF_REG_8, assign_and_keep(s, BPF_REG_8, kReplace)));
     },
     true},
    {"selected socket after NULL was assigned",
     [](const ArgumentSetting &s) {
       const Code again(move(BPF_REG_9, 0), assign(BPF_REG_9, kReplace),
                        assign_and_keep(s, BPF_REG_8));
       return Code(with_sockmap(s, assign(BPF_REG_7, 0)), load_selected(),
                   unless_null(BPF_REG_8, again));
     },
     true},
}};

// The body of a program that does not load, and a part of what the verifier says.
struct Refused {
  const char *name;
  Code (*body)(const ArgumentSetting &setting);
  const char *message;
};

constexpr std::array<Refused, 26> kRefused = {{
    {"socket of a REUSEPORT_SOCKARRAY",
     [](const ArgumentSetting &s) {
       return Code(look_up(s.reuseport_array.fd(), 0), copy(BPF_REG_8, BPF_REG_0),
                   assign_and_keep(s, BPF_REG_8));
     },
     "bpf_map_lookup_elem"},
    // Unlike the selected one it is no socket to the verifier before it is compared with NULL
    // (mark_ptr_not_null_reg), but a map value.
    {"unchecked socket of a SOCKMAP",
     [](const ArgumentSetting &s) {
       return Code(look_up(s.sockmap.fd(), 0), copy(BPF_REG_7, BPF_REG_0), assign(BPF_REG_7, 0),
                   unless_null(BPF_REG_7, release(BPF_REG_7)));
     },
     "R2"},
    {"unchecked socket of a SOCKHASH",
     [](const ArgumentSetting &s) {
       return Code(look_up(s.sockhash.fd(), 0), copy(BPF_REG_7, BPF_REG_0), assign(BPF_REG_7, 0),
                   unless_null(BPF_REG_7, release(BPF_REG_7)));
     },
     "R2"},
    {"number", [](const ArgumentSetting &s) { return assign_from(s, Code(move(BPF_REG_8, 1))); },
     "R2"},
    {"unknown number",
     [](const ArgumentSetting &s) {
       return assign_from(s,
                          Code(load(4, BPF_REG_8, BPF_REG_6, offsetof(bpf_sk_lookup, local_port))));
     },
     "R2"},
    // NULL on the path straight on, and on the other one not. The verifier remembers a state after
    // two jumps and eight instructions.
    {"unknown number compared with NULL",
     [](const ArgumentSetting &) {
       constexpr bpf_insn kFiller = move(BPF_REG_4, 0);
       return Code(load(4, BPF_REG_8, BPF_REG_6, offsetof(bpf_sk_lookup, local_port)),
                   skip_if_not_equal(BPF_REG_8, 0, 0),
                   load(4, BPF_REG_8, BPF_REG_6, offsetof(bpf_sk_lookup, remote_ip4)), kFiller,
                   kFiller, kFiller, kFiller, skip_if_not_equal(BPF_REG_8, 0, 0),
                   assign(BPF_REG_8, 0));
     },
     "R2"},
    {"context",
     [](const ArgumentSetting &s) { return assign_from(s, Code(copy(BPF_REG_8, BPF_REG_6))); },
     "R2"},
    {"stack",
     [](const ArgumentSetting &s) { return assign_from(s, Code(copy(BPF_REG_8, BPF_REG_10))); },
     "R2"},
    {"map",
     [](const ArgumentSetting &s) {
       return assign_from(s, Code(load_map(BPF_REG_8, s.sockmap.fd())));
     },
     "R2"},
    {"map value",
     [](const ArgumentSetting &s) {
       return assign_from(s, Code(load_map_value(BPF_REG_8, s.result.fd())));
     },
     "R2"},
    {"inner map",
     [](const ArgumentSetting &s) {
       return Code(look_up(s.array_of_maps.fd(), 0), copy(BPF_REG_8, BPF_REG_0),
                   unless_null(BPF_REG_8, assign(BPF_REG_8, 0)));
     },
     "R2"},
    {"nothing", [](const ArgumentSetting &s) { return assign_from(s, Code()); }, "R8"},
    {"address within a socket",
     [](const ArgumentSetting &s) {
       return with_sockmap(
           s, Code(copy(BPF_REG_8, BPF_REG_7), add(BPF_REG_8, 8), assign(BPF_REG_8, 0)));
     },
     "R8"},
    {"socket as the context",
     [](const ArgumentSetting &s) {
       return with_sockmap(s, Code(copy(BPF_REG_1, BPF_REG_7), copy(BPF_REG_2, BPF_REG_7),
                                   move(BPF_REG_3, 0), call(BPF_FUNC_sk_assign)));
     },
     "R1"},
    {"NULL as the context",
     [](const ArgumentSetting &) {
       return Code(move(BPF_REG_1, 0), move(BPF_REG_2, 0), move(BPF_REG_3, 0),
                   call(BPF_FUNC_sk_assign));
     },
     "R1"},
    {"address within the context",
     [](const ArgumentSetting &) {
       return Code(copy(BPF_REG_1, BPF_REG_6), add(BPF_REG_1, 8), move(BPF_REG_2, 0),
                   move(BPF_REG_3, 0), call(BPF_FUNC_sk_assign));
     },
     "R1"},
    {"flags of nothing",
     [](const ArgumentSetting &) {
       return Code(copy(BPF_REG_1, BPF_REG_6), move(BPF_REG_2, 0), call(BPF_FUNC_sk_assign));
     },
     "R3"},
    {"reference that is not released",
     [](const ArgumentSetting &s) {
       return Code(look_up(s.sockmap.fd(), 0), copy(BPF_REG_7, BPF_REG_0),
                   unless_null(BPF_REG_7, assign(BPF_REG_7, 0)));
     },
     "reference"},
    {"reference that is not even checked",
     [](const ArgumentSetting &s) { return look_up(s.sockhash.fd(), 0); }, "reference"},
    {"reference of an inner map that is not released",
     [](const ArgumentSetting &s) {
       return Code(look_up(s.array_of_maps.fd(), 0),
                   unless_null(BPF_REG_0, Code(copy(BPF_REG_1, BPF_REG_0), look_up_in_r1(0))));
     },
     "reference"},
    {"reference that is released for one port only",
     [](const ArgumentSetting &s) {
       const Code maybe(load(4, BPF_REG_8, BPF_REG_6, offsetof(bpf_sk_lookup, local_port)),
                        skip_if_equal(BPF_REG_8, 7007, 2), release(BPF_REG_7));
       return Code(look_up(s.sockmap.fd(), 0), copy(BPF_REG_7, BPF_REG_0),
                   unless_null(BPF_REG_7, maybe));
     },
     "reference"},
    {"reference that is released twice",
     [](const ArgumentSetting &s) { return with_sockmap(s, release(BPF_REG_7)); }, "R1"},
    {"socket after its release",
     [](const ArgumentSetting &s) {
       return Code(look_up(s.sockmap.fd(), 0), copy(BPF_REG_8, BPF_REG_0),
                   unless_null(BPF_REG_8, Code(release(BPF_REG_8), assign(BPF_REG_8, 0))));
     },
     "R2"},
    {"release of an unchecked socket",
     [](const ArgumentSetting &s) { return Code(look_up(s.sockmap.fd(), 0), release(BPF_REG_0)); },
     "R1"},
    {"release of the selected socket",
     [](const ArgumentSetting &) {
       return Code(load_selected(), unless_null(BPF_REG_8, release(BPF_REG_8)));
     },
     "R1"},
    {"release of NULL",
     [](const ArgumentSetting &) { return Code(move(BPF_REG_8, 0), release(BPF_REG_8)); }, "R1"},
}};

Result<> check_accepted(Case &one, const Accepted &accepted, ArgumentSetting &setting) {
  const LoadAttempt attempt = attempt_body(accepted.body(setting));
  one.check(attempt.accepted(), [&] { return "expected accepted, got " + attempt.text(); });
  if (!attempt.accepted()) return Ok{};
  if (const int error = setting.result.put(0, int64_t{-1}); error != 0) {
    return fail("fill", "map", error);
  }
  TestRunRequest request;
  const int error = request.run(attempt.fd.get());
  SKLAB_TRY(const int64_t result, setting.result.get<int64_t>(0));
  uint64_t expected = 0;
  if (accepted.selects) {
    SKLAB_TRY(expected, setting.sockets.cookie(0));
  }
  const uint64_t cookie = request.context_out().cookie;
  one.check(error == 0 && result == 0 && cookie == expected, [&] {
    return fmt::format("expected result 0 and cookie {:#x}, got {}, {:#x} and errno {}", expected,
                       result, cookie, error);
  });
  return Ok{};
}

void check_refused_because(Case &one, const LoadAttempt &attempt, const char *message) {
  one.keep_verifier_message(attempt.verifier_message);
  one.check(refused_for(attempt, message), [&] {
    return fmt::format("expected EINVAL or EACCES because of \"{}\", got {}", message,
                       attempt.text());
  });
}

Result<> check_refused(Case &one, const Refused &refused, const ArgumentSetting &setting) {
  check_refused_because(one, attempt_body(refused.body(setting)), refused.message);
  return Ok{};
}

// A socket of AF_XDP, which its map gives without a reference: it is no socket of bpf_sk_assign.
struct XdpSocketUse {
  const char *name;
  Code (*use)();  // of the value in R0, without which the program loads
  const char *message;
};

constexpr std::array<XdpSocketUse, 3> kXdpSocketUses = {{
    {"socket of an XSKMAP",
     [] { return Code(copy(BPF_REG_8, BPF_REG_0), unless_null(BPF_REG_8, assign(BPF_REG_8, 0))); },
     "R2"},
    {"unchecked socket of an XSKMAP",
     [] { return Code(copy(BPF_REG_8, BPF_REG_0), assign(BPF_REG_8, 0)); }, "R2"},
    {"release of a socket of an XSKMAP",
     [] { return Code(copy(BPF_REG_8, BPF_REG_0), unless_null(BPF_REG_8, release(BPF_REG_8))); },
     "R1"},
}};

// Empty, as the verifier does not care.
Result<BpfMap> make_xskmap() {
  auto map = BpfMap::create(BPF_MAP_TYPE_XSKMAP, sizeof(uint32_t), 1);
  if (map || map.error().error_number != EINVAL) return map;
  return fail_as(ErrorKind::kUnavailable, "create", "XSKMAP", EINVAL,
                 "this kernel has no CONFIG_XDP_SOCKETS");
}

Result<> check_xdp_socket(Case &one, const XdpSocketUse &use) {
  SKLAB_TRY(const BpfMap map, make_xskmap());
  const Code found = look_up(map.fd(), 0);
  const LoadAttempt without_use = attempt_body(found);
  one.check(without_use.accepted(),
            [&] { return "without a use: expected accepted, got " + without_use.text(); });
  check_refused_because(one, attempt_body(Code(found, use.use())), use.message);
  return Ok{};
}

}  // namespace

void check_assign_arguments(CaseLog &log) {
  Result<ArgumentSetting> setting = make_argument_setting();
  if (!setting) {
    return log.run("maps", [&](Case &) { return Result<>(tl::unexpected(setting.error())); });
  }
  for (const Accepted &accepted : kAccepted) {
    log.run(accepted.name, [&](Case &one) { return check_accepted(one, accepted, *setting); });
  }
  for (const Refused &refused : kRefused) {
    log.run(refused.name, [&](Case &one) { return check_refused(one, refused, *setting); });
  }
  for (const XdpSocketUse &use : kXdpSocketUses) {
    log.run(use.name, [&](Case &one) { return check_xdp_socket(one, use); });
  }
}

}  // namespace sklab
