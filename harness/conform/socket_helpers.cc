// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/conform/socket_helpers.h"

#include <fmt/core.h>

#include <array>
#include <string>

#include "harness/conform/socket_code.h"
#include "harness/kernel/bpf_map.h"

namespace sklab {
namespace {

using namespace instructions;

struct Helper {
  const char *name;
  bpf_func_id id;
};

// They give a struct of the kernel's own, which is no argument of bpf_sk_assign.
constexpr std::array<Helper, 7> kConversions = {{
    {"bpf_skc_to_tcp_sock", BPF_FUNC_skc_to_tcp_sock},
    {"bpf_skc_to_tcp6_sock", BPF_FUNC_skc_to_tcp6_sock},
    {"bpf_skc_to_tcp_request_sock", BPF_FUNC_skc_to_tcp_request_sock},
    {"bpf_skc_to_tcp_timewait_sock", BPF_FUNC_skc_to_tcp_timewait_sock},
    {"bpf_skc_to_udp6_sock", BPF_FUNC_skc_to_udp6_sock},
    {"bpf_skc_to_unix_sock", BPF_FUNC_skc_to_unix_sock},
    {"bpf_skc_to_mptcp_sock", BPF_FUNC_skc_to_mptcp_sock},
}};

Result<> check_conversion(Case &one, const Helper &helper, const BpfMap &sockets) {
  const Code convert(copy(BPF_REG_1, BPF_REG_7), call(helper.id), copy(BPF_REG_8, BPF_REG_0));
  // Without assigning it the program must load, or the refusal would say nothing.
  const LoadAttempt alone = attempt_body(with_socket(sockets.fd(), 0, convert));
  if (!alone.accepted()) {
    one.skip("this kernel does not have the helper: " + alone.text());
    return Ok{};
  }
  const Code checked(convert, unless_null(BPF_REG_8, assign(BPF_REG_8, 0)));
  const Code unchecked(convert, assign(BPF_REG_8, 0));
  for (const Code &use : {checked, unchecked}) {
    const LoadAttempt attempt = attempt_body(with_socket(sockets.fd(), 0, use));
    one.check(refused_for(attempt, "R2"),
              [&] { return "expected EINVAL or EACCES because of R2, got " + attempt.text(); });
  }
  return Ok{};
}

// They are for other types of programs.
constexpr std::array<Helper, 12> kMissing = {{
    {"bpf_sk_fullsock", BPF_FUNC_sk_fullsock},
    {"bpf_tcp_sock", BPF_FUNC_tcp_sock},
    {"bpf_get_listener_sock", BPF_FUNC_get_listener_sock},
    {"bpf_sk_lookup_tcp", BPF_FUNC_sk_lookup_tcp},
    {"bpf_sk_lookup_udp", BPF_FUNC_sk_lookup_udp},
    {"bpf_skc_lookup_tcp", BPF_FUNC_skc_lookup_tcp},
    {"bpf_sk_select_reuseport", BPF_FUNC_sk_select_reuseport},
    {"bpf_sk_redirect_map", BPF_FUNC_sk_redirect_map},
    {"bpf_msg_redirect_map", BPF_FUNC_msg_redirect_map},
    {"bpf_sock_from_file", BPF_FUNC_sock_from_file},
    {"bpf_get_socket_cookie", BPF_FUNC_get_socket_cookie},
    {"bpf_sk_storage_get", BPF_FUNC_sk_storage_get},
}};

Result<> check_missing(Case &one, const Helper &helper) {
  const LoadAttempt attempt =
      attempt_body(Code(copy(BPF_REG_1, BPF_REG_6), move(BPF_REG_2, 0), move(BPF_REG_3, 0),
                        move(BPF_REG_4, 0), move(BPF_REG_5, 0), call(helper.id)));
  const std::string name = fmt::format("{}#{}", helper.name, static_cast<int>(helper.id));
  one.check(refused_for(attempt, name),
            [&] { return fmt::format("expected EINVAL and {}, got {}", name, attempt.text()); });
  return Ok{};
}

}  // namespace

void check_socket_helpers(CaseLog &log) {
  for (const Helper &helper : kConversions) {
    log.run(std::string("what ") + helper.name + " gives", [&](Case &one) -> Result<> {
      SKLAB_TRY(const BpfMap sockets, BpfMap::create(BPF_MAP_TYPE_SOCKMAP, sizeof(uint64_t), 1));
      return check_conversion(one, helper, sockets);
    });
  }
  for (const Helper &helper : kMissing) {
    log.run(std::string("no ") + helper.name,
            [&](Case &one) { return check_missing(one, helper); });
  }
}

}  // namespace sklab
