// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <array>

#include "fuzz/coverage/hook_code.h"

namespace sklab {
namespace {

constexpr char kNoMemory[] = "the kernel has to run out of memory";
constexpr char kOwnThread[] =
    "runs in a thread of the kernel's own or after a grace period, which KCOV does not follow";
constexpr char kFlowDissector[] = "of the flow dissector's programs, which are attached otherwise";
constexpr char kVerdicts[] =
    "of programs that are attached to the map, and move data between sockets; the hook only reads "
    "maps";
constexpr char kIterators[] = "of BPF iterators over maps; the hook only reads maps";
constexpr char kPsocks[] =
    "of sockets in a map that are closed or disconnected while data waits in it";
constexpr char kOtherHelpers[] = "a helper of other types of programs";
constexpr char kIncomingCpu[] = "takes sockets with SO_INCOMING_CPU, which sklab opens none of";
constexpr char kMigration[] =
    "takes net.ipv4.tcp_migrate_req, with which requests move to another listener";
constexpr char kGrowth[] = "takes groups of more than 128 sockets";
constexpr char kClassicFilter[] =
    "takes SO_ATTACH_REUSEPORT_CBPF; sklab's groups have BPF programs";
constexpr char kDelivery[] =
    "takes a packet that is delivered, in a softirq, which KCOV does not follow; conform sees who "
    "gets it";
constexpr char kMovingAddress[] =
    "takes a socket whose address changes while it is looked up, without a grace period";
constexpr char kWalks[] = "of BPF_MAP_GET_NEXT_KEY, for who walks a map; the hook reads one entry";
constexpr char kMapSize[] = "of a map's fdinfo";
constexpr char kWritingPrograms[] = "of programs that write into maps; the hook only reads maps";
constexpr char kFullMap[] = "takes a map that is full, or a kernel that runs out of memory";
constexpr char kVsock[] = "takes VSOCK sockets, which sklab's own kernels lack; conform has cases";
constexpr char kLateGroup[] = "takes a socket that got SO_REUSEPORT after it was bound";
constexpr char kEarlyProgram[] =
    "takes a socket that gets a group's program, and so a group, before it is bound";
constexpr char kProgramTakenAway[] =
    "of SO_DETACH_REUSEPORT_BPF; sklab's groups keep their programs";
constexpr char kReusedSocket[] =
    "takes a socket that is freed and used again while it is looked up, without a grace period";

constexpr std::array kUnreached = {
    Unreached{"bpf_netns_link_release", "WARN_ON", "a warning that is never to come"},
    Unreached{"netns_bpf_link_*", "ENOMEM", kNoMemory},
    Unreached{"netns_bpf_link_attach", "EEXIST", kFlowDissector},
    Unreached{"netns_bpf_link_attach", "flow_dissector", kFlowDissector},
    Unreached{"netns_bpf_link_attach", "if (err)", kFlowDissector},
    Unreached{"netns_bpf_pernet_pre_exit", "", kOwnThread, true},
    Unreached{"bpf_prog_test_run_sk_lookup", "ENOMEM", kNoMemory},
    Unreached{"compute_score", "sk_incoming_cpu", kIncomingCpu},
    Unreached{"compute_score", "bound_dev_if", kDelivery, true},
    Unreached{"udp*_lib_lookup1", "score > badness", kMovingAddress},
    Unreached{"__inet_lookup_established", "", kReusedSocket},
    Unreached{"__inet6_lookup_established", "", kReusedSocket},
    Unreached{"sock_map_get_from_fd", "", kVerdicts},
    Unreached{"__bpf_map_get", "", kVerdicts},
    Unreached{"sock_map_prog_*", "", kVerdicts},
    Unreached{"sock_map_bpf_prog_query", "", kVerdicts},
    Unreached{"sock_map_link*", "", kVerdicts},
    Unreached{"sock_map_del_link", "", kVerdicts},
    Unreached{"sock_map_init_proto", "", kVerdicts},
    Unreached{"sock_map_redirect_allowed", "", kVerdicts},
    Unreached{"sock_map_iter_*", "", kIterators},
    Unreached{"sock_*_seq_*", "", kIterators},
    Unreached{"bpf_*iter*", "", kIterators},
    Unreached{"sock_map_init_seq_private", "", kIterators},
    Unreached{"sock_map_fini_seq_private", "", kIterators},
    Unreached{"*bpf_sock_map_update", "", kOtherHelpers},
    Unreached{"*bpf_sock_hash_update", "", kOtherHelpers},
    Unreached{"*bpf_sk_redirect_*", "", kOtherHelpers},
    Unreached{"*bpf_msg_redirect_*", "", kOtherHelpers},
    Unreached{"sock_map_unhash", "", kPsocks},
    Unreached{"sock_map_destroy", "", kPsocks},
    Unreached{"sock_map_close", "", kPsocks},
    Unreached{"sock_*_free", "", kOwnThread, true},
    Unreached{"sock_*_release_progs", "", kOwnThread, true},
    Unreached{"sock_map_alloc", "", kNoMemory},
    Unreached{"sock_hash_alloc", "", kNoMemory},
    Unreached{"sock_hash_alloc_elem", "if (!old)", kFullMap},
    Unreached{"sock_hash_update_common", "ENOMEM", kNoMemory},
    Unreached{"sock_hash_update_common", "PTR_ERR(elem_new)", kFullMap},
    Unreached{"sock_*_get_next_key", "", kWalks},
    Unreached{"sock_*_mem_usage", "", kMapSize},
    Unreached{"sock_map_update_elem", "", kWritingPrograms},
    Unreached{"sock_map_op_okay", "", kWritingPrograms},
    Unreached{"sock_map_sk_state_allowed", "SOCK_STREAM", kVsock},
    Unreached{"sock_map_update_elem_sys", "*(u32 *)value",
              "takes a map with values of 4 bytes, which sklab fills none of"},
    Unreached{"sock_map_update_elem_sys", "S32_MAX", "takes a number that is no descriptor's"},
    Unreached{"sock_map_update_elem_sys", "ret = -EINVAL",
              "takes a socket without a struct sock, which none with a descriptor is"},
    Unreached{"*_incoming_cpu", "", kIncomingCpu},
    Unreached{"*_closed_sock", "", kMigration},
    Unreached{"reuseport_migrate_sock", "", kMigration},
    Unreached{"reuseport_resurrect", "", kMigration},
    Unreached{"reuseport_*", "reuseport_resurrect", kMigration},
    Unreached{"reuseport_grow", "", kGrowth},
    Unreached{"reuseport_*", "reuseport_grow", kGrowth},
    Unreached{"reuseport_*", "ENOMEM", kNoMemory},
    Unreached{"reuseport_alloc", "kfree(reuse)", kNoMemory},
    Unreached{"reuseport_alloc", "ret = id", kNoMemory},
    Unreached{"reuseport_alloc", "bind_inany", kEarlyProgram},
    Unreached{"reuseport_alloc", "ret = 0", kEarlyProgram},
    Unreached{"reuseport_add_sock", "reuseport_alloc", kLateGroup},
    Unreached{"reuseport_add_sock", "if (err)", kLateGroup},
    Unreached{"reuseport_add_sock", "return err", kMigration},
    Unreached{"reuseport_add_sock", "old_reuse", kEarlyProgram},
    Unreached{"reuseport_add_sock", "EBUSY",
              "takes a socket that is in a group of several already"},
    Unreached{"reuseport_attach_prog", "if (!sk->sk_reuseport)", kEarlyProgram},
    Unreached{"reuseport_attach_prog", "reuseport_alloc", kEarlyProgram},
    Unreached{"reuseport_detach_prog", "", kProgramTakenAway},
    Unreached{"reuseport_stop_listen_sock", "bpf_sk_reuseport_detach", kMigration},
    Unreached{"reuseport_stop_listen_sock", "__reuseport_detach_sock", kMigration},
    Unreached{"reuseport_select_sock_by_hash", "first_valid_sk", kIncomingCpu},
    Unreached{"reuseport_select_sock", "*sk2 = NULL", kDelivery, true},
    Unreached{"reuseport_select_sock", "prog->type", kDelivery, true},
    Unreached{"reuseport_select_sock", "if (!sk2)", kDelivery, true},
    Unreached{"*sk_select_reuseport", "", kDelivery, true},
    Unreached{"reuseport_free_rcu", "", kOwnThread, true},
    Unreached{"run_bpf_filter", "", kClassicFilter},
};

// With a * for anything, as often as there is one.
bool fits(std::string_view pattern, std::string_view name) {
  const size_t star = pattern.find('*');
  if (star == std::string_view::npos) return pattern == name;
  if (name.substr(0, star) != pattern.substr(0, star)) return false;
  const std::string_view rest = pattern.substr(star + 1);
  for (size_t at = star; at <= name.size(); ++at) {
    if (fits(rest, name.substr(at))) return true;
  }
  return false;
}

}  // namespace

const Unreached *why_unreached(std::string_view function, std::string_view line,
                               std::string_view before) {
  for (const Unreached &known : kUnreached) {
    const bool is_here = line.find(known.text) != std::string_view::npos ||
                         before.find(known.text) != std::string_view::npos;
    if (is_here && fits(known.function, function)) return &known;
  }
  return nullptr;
}

}  // namespace sklab
