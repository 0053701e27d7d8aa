// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/coverage/hook_code.h"

#include <algorithm>
#include <array>

namespace sklab {
namespace {

// Those that `sklab kernel build --kcov` has calls in (harness/guest/build/kernel_config.cc), but
// for the verifier.
constexpr std::array<std::string_view, 9> kUnits = {"kernel/bpf/net_namespace.c",
                                                    "net/bpf/test_run.c",
                                                    "net/core/filter.c",
                                                    "net/core/sock_map.c",
                                                    "net/core/sock_reuseport.c",
                                                    "net/ipv4/inet_hashtables.c",
                                                    "net/ipv4/udp.c",
                                                    "net/ipv6/inet6_hashtables.c",
                                                    "net/ipv6/udp.c"};

// Names of all kernels from 6.1 on.
const std::array<CodeGroup, 14> kGroups = {{
    {"run array", true, "include/linux/filter.h", {"bpf_sk_lookup_run_v4", "bpf_sk_lookup_run_v6"}},
    {"run array",
     true,
     "net/ipv4/inet_hashtables.c",
     {"inet_lookup_run_sk_lookup", "inet_lookup_run_bpf"}},
    {"run array",
     true,
     "net/ipv6/inet6_hashtables.c",
     {"inet6_lookup_run_sk_lookup", "inet6_lookup_run_bpf"}},
    {"sk_assign", true, "net/core/filter.c", {"bpf_sk_lookup_assign", "____bpf_sk_lookup_assign"}},
    {"context",
     true,
     "net/core/filter.c",
     {"sk_lookup_is_valid_access", "sk_lookup_convert_ctx_access", "sk_lookup_func_proto"}},
    // Without those of BPF_PROG_ATTACH, which only the flow dissector's programs are attached by.
    {"netns links",
     true,
     "kernel/bpf/net_namespace.c",
     {"netns_bpf_attach_type_need", "netns_bpf_attach_type_unneed", "netns_bpf_run_array_detach",
      "link_index", "link_count", "fill_prog_array", "bpf_netns_link_release",
      "bpf_netns_link_detach", "bpf_netns_link_dealloc", "bpf_netns_link_update_prog",
      "bpf_netns_link_fill_info", "bpf_netns_link_show_fdinfo", "__netns_bpf_prog_query",
      "netns_bpf_prog_query", "netns_bpf_max_progs", "netns_bpf_link_attach",
      "netns_bpf_link_create", "netns_bpf_pernet_init", "netns_bpf_pernet_pre_exit"}},
    {"test_run", true, "net/bpf/test_run.c", {"bpf_prog_test_run_sk_lookup"}},
    {"TCP lookup",
     false,
     "net/ipv4/inet_hashtables.c",
     {"__inet_lookup_listener", "inet_lhash2_lookup", "inet_lookup_reuseport", "compute_score",
      "__inet_lookup_established"}},
    {"TCP lookup",
     false,
     "net/ipv6/inet6_hashtables.c",
     {"inet6_lookup_listener", "inet6_lhash2_lookup", "inet6_lookup_reuseport", "compute_score",
      "__inet6_lookup_established"}},
    {"UDP lookup",
     false,
     "net/ipv4/udp.c",
     {"__udp4_lib_lookup", "udp4_lib_lookup1", "udp4_lib_lookup2", "compute_score",
      "udp4_lookup_run_bpf"}},
    {"UDP lookup",
     false,
     "net/ipv6/udp.c",
     {"__udp6_lib_lookup", "udp6_lib_lookup1", "udp6_lib_lookup2", "compute_score",
      "udp6_lookup_run_bpf"}},
    {"sockmap", false, "net/core/sock_map.c", {}},
    {"reuseport", false, "net/core/sock_reuseport.c", {}},
    {"reuseport", false, "net/core/filter.c", {"sk_select_reuseport", "____sk_select_reuseport"}},
}};

}  // namespace

std::span<const CodeGroup> code_groups() { return kGroups; }

bool has_hook_code(std::string_view unit) {
  const std::string path = source_path(unit);
  return std::find(kUnits.begin(), kUnits.end(), path) != kUnits.end();
}

std::string source_path(std::string_view file) {
  constexpr std::string_view kSource = "/source/";
  const size_t top = file.rfind(kSource);
  if (top != std::string_view::npos) return std::string(file.substr(top + kSource.size()));
  for (const std::string_view folder : {"include/", "kernel/", "net/"}) {
    const size_t begin = file.find("/" + std::string(folder));
    if (begin != std::string_view::npos) return std::string(file.substr(begin + 1));
  }
  return std::string(file.substr(file.starts_with("./") ? 2 : 0));
}

}  // namespace sklab
