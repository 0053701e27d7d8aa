// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/kernel_changes/known_bugs.h"

namespace sklab {

const std::vector<KnownBug> &known_bugs() {
  constexpr char kLinks[] = "kernel/bpf/net_namespace.c";
  constexpr char kCalls[] = "kernel/bpf/syscall.c";
  constexpr char kFilter[] = "net/core/filter.c";
  static const std::vector<KnownBug> kBugs = {
      {{"link_update_race",
        {{kLinks, "bpf_netns_link_update_prog", "guard(mutex)(&netns_bpf_mutex);", ""},
         {kLinks, "bpf_netns_link_update_prog", "net = net_link->net;",
          "guard(mutex)(&netns_bpf_mutex);\n\tnet = net_link->net;"}}},
       "until 2026 bpf_netns_link_update_prog looked at the link's program before it took the "
       "lock"},
      {{"link_info_race",
        {{kCalls, "bpf_link_get_info_by_fd", "rcu_read_lock();", ""},
         {kCalls, "bpf_link_get_info_by_fd", "rcu_read_unlock();", ""}}},
       "until 2026 bpf_link_get_info_by_fd read the program's id without RCU"},
      {{"reuseport_with_connected",
        {{"net/ipv4/inet_hashtables.c", "inet_lookup_run_sk_lookup", "if (reuse_sk)",
          "if (reuse_sk && !reuseport_has_conns(sk))"},
         {"net/ipv6/inet6_hashtables.c", "inet6_lookup_run_sk_lookup", "if (reuse_sk)",
          "if (reuse_sk && !reuseport_has_conns(sk))"}}},
       "until July 2020 the choice of a UDP group with a connected member was thrown away"},
      {{"remote_port_width",
        {{kFilter, "sk_lookup_convert_ctx_access",
          "BPF_LDX_MEM(BPF_H, si->dst_reg, si->src_reg,\n"
          "\t\t\t\t      bpf_target_off(struct bpf_sk_lookup_kern,\n"
          "\t\t\t\t\t\t     sport, 2, target_size));",
          "BPF_LDX_MEM(BPF_SIZE(si->code), si->dst_reg, si->src_reg,\n"
          "\t\t\t\t      bpf_target_off(struct bpf_sk_lookup_kern,\n"
          "\t\t\t\t\t\t     sport, 2, target_size));"}}},
       "in 5.18-rc a load of four bytes of remote_port had two of them from elsewhere"},
      {{"loose_socket_state",
        {{kFilter, "bpf_sk_lookup_assign", "sk->sk_state != TCP_LISTEN",
          "sk->sk_state == TCP_ESTABLISHED"}}},
       "until November 2021 only established sockets were refused, not those that are closed"},
  };
  return kBugs;
}

}  // namespace sklab
