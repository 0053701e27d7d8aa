// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/kernel_changes/mutant_lists.h"
#include "fuzz/kernel_changes/mutant_places.h"

namespace sklab {
namespace {

constexpr KernelMutant kAssignMutants[] = {
    {"assign_unknown_flag", places::kFilter, places::kAssign, "flags & ~(",
     "BPF_SK_LOOKUP_F_REPLACE", " |", "BPF_SK_LOOKUP_F_REPLACE | 4", 0, MutantKind::kExpression},
    {"assign_flags_unchecked", places::kFilter, places::kAssign, "flags & ~(",
     "BPF_SK_LOOKUP_F_REPLACE", " |", "~0ULL", 0, MutantKind::kExpression},
    {"assign_refcounted", places::kFilter, places::kAssign, "unlikely(",
     "sk && sk_is_refcounted(sk)", ")", "0", 0, MutantKind::kExpression},
    {"assign_tcp_state_loose", places::kFilter, places::kAssign, "", "sk->sk_state != TCP_LISTEN",
     ")", "sk->sk_state == TCP_ESTABLISHED", 0, MutantKind::kExpression},
    {"assign_listener_refused", places::kFilter, places::kAssign, "", "sk->sk_state != TCP_LISTEN",
     ")", "true", 0, MutantKind::kExpression},
    {"assign_connected_udp", places::kFilter, places::kAssign, "", "sk->sk_state != TCP_CLOSE", ")",
     "false", 0, MutantKind::kExpression},
    {"assign_udp_refused", places::kFilter, places::kAssign, "", "sk->sk_state != TCP_CLOSE", ")",
     "true", 0, MutantKind::kExpression},
    {"assign_protocol_unchecked", places::kFilter, places::kAssign, "if (",
     "sk && sk->sk_protocol != ctx->protocol", ")", "0", 0, MutantKind::kExpression},
    {"assign_family_unchecked", places::kFilter, places::kAssign, "(",
     "sk->sk_family == AF_INET || ipv6_only_sock(sk)", ")", "0", 0, MutantKind::kExpression},
    {"assign_v6only_unchecked", places::kFilter, places::kAssign, "(",
     "sk->sk_family == AF_INET || ipv6_only_sock(sk)", ")", "sk->sk_family == AF_INET", 0,
     MutantKind::kExpression},
    {"assign_v4_to_v6_unchecked", places::kFilter, places::kAssign, "(",
     "sk->sk_family == AF_INET || ipv6_only_sock(sk)", ")", "ipv6_only_sock(sk)", 0,
     MutantKind::kExpression},
    {"assign_dual_stack_refused", places::kFilter, places::kAssign, "(",
     "sk->sk_family == AF_INET || ipv6_only_sock(sk)", ")", "1", 0, MutantKind::kExpression},
    {"assign_exist_unchecked", places::kFilter, places::kAssign, "if (",
     "ctx->selected_sk && !(flags & BPF_SK_LOOKUP_F_REPLACE)", ")", "0", 0,
     MutantKind::kExpression},
    {"assign_exist_for_sockets_only", places::kFilter, places::kAssign, "if (",
     "ctx->selected_sk && !(flags & BPF_SK_LOOKUP_F_REPLACE)", ")",
     "sk && ctx->selected_sk && !(flags & BPF_SK_LOOKUP_F_REPLACE)", 0, MutantKind::kExpression},
    {"assign_replace_ignored", places::kFilter, places::kAssign, "if (",
     "ctx->selected_sk && !(flags & BPF_SK_LOOKUP_F_REPLACE)", ")", "ctx->selected_sk", 0,
     MutantKind::kExpression},
    {"assign_replace_needs_selection", places::kFilter, places::kAssign, "if (",
     "ctx->selected_sk && !(flags & BPF_SK_LOOKUP_F_REPLACE)", ")",
     "!ctx->selected_sk != !(flags & BPF_SK_LOOKUP_F_REPLACE) ? 0 : ctx->selected_sk || (flags & "
     "BPF_SK_LOOKUP_F_REPLACE)",
     0, MutantKind::kExpression},
    {"assign_same_socket_is_fine", places::kFilter, places::kAssign, "if (",
     "ctx->selected_sk && !(flags & BPF_SK_LOOKUP_F_REPLACE)", ")",
     "ctx->selected_sk && ctx->selected_sk != sk && !(flags & BPF_SK_LOOKUP_F_REPLACE)", 0,
     MutantKind::kExpression},
    {"assign_error_of_flags", places::kFilter, places::kAssign, "return ", "-EINVAL", ";", "-EPERM",
     0, MutantKind::kExpression},
    {"assign_error_of_protocol", places::kFilter, places::kAssign, "return ", "-EPROTOTYPE", ";",
     "-EAFNOSUPPORT", 0, MutantKind::kExpression},
    {"assign_error_of_family", places::kFilter, places::kAssign, "return ", "-EAFNOSUPPORT", ";",
     "-EPROTOTYPE", 0, MutantKind::kExpression},
    {"assign_error_of_exist", places::kFilter, places::kAssign, "return ", "-EEXIST", ";", "-EBUSY",
     0, MutantKind::kExpression},
    {"assign_exist_is_silent", places::kFilter, places::kAssign, "return ", "-EEXIST", ";", "0", 0,
     MutantKind::kExpression},
    {"assign_null_ignored", places::kFilter, places::kAssign, "ctx->selected_sk = ", "sk", ";",
     "sk ?: ctx->selected_sk", 0, MutantKind::kExpression},
    {"assign_flag_is_replace", places::kFilter, places::kAssign,
     "ctx->no_reuseport = ", "flags & BPF_SK_LOOKUP_F_NO_REUSEPORT", ";",
     "flags & BPF_SK_LOOKUP_F_REPLACE", 0, MutantKind::kExpression},
    {"assign_flag_lost", places::kFilter, places::kAssign, "ctx->no_reuseport = ",
     "flags & BPF_SK_LOOKUP_F_NO_REUSEPORT", ";", "false", 0, MutantKind::kExpression},
    {"assign_flag_sticks", places::kFilter, places::kAssign,
     "ctx->no_reuseport = ", "flags & BPF_SK_LOOKUP_F_NO_REUSEPORT", ";",
     "ctx->no_reuseport || (flags & BPF_SK_LOOKUP_F_NO_REUSEPORT)", 0, MutantKind::kExpression},
    {"assign_flag_of_null_lost", places::kFilter, places::kAssign,
     "ctx->no_reuseport = ", "flags & BPF_SK_LOOKUP_F_NO_REUSEPORT", ";",
     "sk && (flags & BPF_SK_LOOKUP_F_NO_REUSEPORT)", 0, MutantKind::kExpression,
     "without a socket nothing is remembered of the program, the flag neither"},
};

}  // namespace

std::span<const KernelMutant> kernel_assign_mutants() { return kAssignMutants; }

}  // namespace sklab
