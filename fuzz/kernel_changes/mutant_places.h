// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Where mutants are: files and functions of the kernel's.
#pragma once

namespace sklab::places {

inline constexpr char kFilterHeader[] = "include/linux/filter.h";
inline constexpr char kRunArray[] = "BPF_PROG_SK_LOOKUP_RUN_ARRAY";
inline constexpr char kRun4[] = "bpf_sk_lookup_run_v4";
inline constexpr char kRun6[] = "bpf_sk_lookup_run_v6";

inline constexpr char kFilter[] = "net/core/filter.c";
inline constexpr char kAssign[] = "bpf_sk_lookup_assign";
inline constexpr char kValidAccess[] = "sk_lookup_is_valid_access";
inline constexpr char kConvertAccess[] = "sk_lookup_convert_ctx_access";

inline constexpr char kLinks[] = "kernel/bpf/net_namespace.c";
inline constexpr char kTcp4[] = "net/ipv4/inet_hashtables.c";
inline constexpr char kTcp6[] = "net/ipv6/inet6_hashtables.c";
inline constexpr char kUdp4[] = "net/ipv4/udp.c";
inline constexpr char kUdp6[] = "net/ipv6/udp.c";
inline constexpr char kReuseport[] = "net/core/sock_reuseport.c";
inline constexpr char kMaps[] = "net/core/sock_map.c";

inline constexpr char kTestRunFile[] = "net/bpf/test_run.c";
inline constexpr char kTestRun[] = "bpf_prog_test_run_sk_lookup";

}  // namespace sklab::places
