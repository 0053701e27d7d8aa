// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/kernel_changes/mutant_lists.h"

namespace sklab {

void add_assign_mutants(std::vector<KernelMutant> &mutants) {
  constexpr char kFilter[] = "net/core/filter.c";
  constexpr char kAssign[] = "bpf_sk_lookup_assign";
  for (const KernelMutant &mutant : {
           KernelMutant{"assign_unknown_flag", kFilter, kAssign, "flags & ~(",
                        "BPF_SK_LOOKUP_F_REPLACE", " |", "BPF_SK_LOOKUP_F_REPLACE | 4", 0,
                        MutantKind::kExpression},
           KernelMutant{"assign_flags_unchecked", kFilter, kAssign, "flags & ~(",
                        "BPF_SK_LOOKUP_F_REPLACE", " |", "~0ULL", 0, MutantKind::kExpression},
           KernelMutant{"assign_refcounted", kFilter, kAssign, "unlikely(",
                        "sk && sk_is_refcounted(sk)", ")", "0", 0, MutantKind::kExpression},
           KernelMutant{"assign_tcp_state_loose", kFilter, kAssign, "",
                        "sk->sk_state != TCP_LISTEN", ")", "sk->sk_state == TCP_ESTABLISHED", 0,
                        MutantKind::kExpression},
           KernelMutant{"assign_listener_refused", kFilter, kAssign, "",
                        "sk->sk_state != TCP_LISTEN", ")", "true", 0, MutantKind::kExpression},
           KernelMutant{"assign_connected_udp", kFilter, kAssign, "", "sk->sk_state != TCP_CLOSE",
                        ")", "false", 0, MutantKind::kExpression},
           KernelMutant{"assign_udp_refused", kFilter, kAssign, "", "sk->sk_state != TCP_CLOSE",
                        ")", "true", 0, MutantKind::kExpression},
           KernelMutant{"assign_protocol_unchecked", kFilter, kAssign, "if (",
                        "sk && sk->sk_protocol != ctx->protocol", ")", "0", 0,
                        MutantKind::kExpression},
           KernelMutant{"assign_family_unchecked", kFilter, kAssign, "(",
                        "sk->sk_family == AF_INET || ipv6_only_sock(sk)", ")", "0", 0,
                        MutantKind::kExpression},
           KernelMutant{"assign_v6only_unchecked", kFilter, kAssign, "(",
                        "sk->sk_family == AF_INET || ipv6_only_sock(sk)", ")",
                        "sk->sk_family == AF_INET", 0, MutantKind::kExpression},
           KernelMutant{"assign_v4_to_v6_unchecked", kFilter, kAssign, "(",
                        "sk->sk_family == AF_INET || ipv6_only_sock(sk)", ")", "ipv6_only_sock(sk)",
                        0, MutantKind::kExpression},
           KernelMutant{"assign_dual_stack_refused", kFilter, kAssign, "(",
                        "sk->sk_family == AF_INET || ipv6_only_sock(sk)", ")", "1", 0,
                        MutantKind::kExpression},
           KernelMutant{"assign_exist_unchecked", kFilter, kAssign, "if (",
                        "ctx->selected_sk && !(flags & BPF_SK_LOOKUP_F_REPLACE)", ")", "0", 0,
                        MutantKind::kExpression},
           KernelMutant{"assign_exist_for_sockets_only", kFilter, kAssign, "if (",
                        "ctx->selected_sk && !(flags & BPF_SK_LOOKUP_F_REPLACE)", ")",
                        "sk && ctx->selected_sk && !(flags & BPF_SK_LOOKUP_F_REPLACE)", 0,
                        MutantKind::kExpression},
           KernelMutant{"assign_replace_ignored", kFilter, kAssign, "if (",
                        "ctx->selected_sk && !(flags & BPF_SK_LOOKUP_F_REPLACE)", ")",
                        "ctx->selected_sk", 0, MutantKind::kExpression},
           KernelMutant{"assign_replace_needs_selection", kFilter, kAssign, "if (",
                        "ctx->selected_sk && !(flags & BPF_SK_LOOKUP_F_REPLACE)", ")",
                        "!ctx->selected_sk != !(flags & BPF_SK_LOOKUP_F_REPLACE) ? 0 : "
                        "ctx->selected_sk || (flags & BPF_SK_LOOKUP_F_REPLACE)",
                        0, MutantKind::kExpression},
           KernelMutant{
               "assign_same_socket_is_fine", kFilter, kAssign, "if (",
               "ctx->selected_sk && !(flags & BPF_SK_LOOKUP_F_REPLACE)", ")",
               "ctx->selected_sk && ctx->selected_sk != sk && !(flags & BPF_SK_LOOKUP_F_REPLACE)",
               0, MutantKind::kExpression},
           KernelMutant{"assign_error_of_flags", kFilter, kAssign, "return ", "-EINVAL", ";",
                        "-EPERM", 0, MutantKind::kExpression},
           KernelMutant{"assign_error_of_protocol", kFilter, kAssign, "return ", "-EPROTOTYPE", ";",
                        "-EAFNOSUPPORT", 0, MutantKind::kExpression},
           KernelMutant{"assign_error_of_family", kFilter, kAssign, "return ", "-EAFNOSUPPORT", ";",
                        "-EPROTOTYPE", 0, MutantKind::kExpression},
           KernelMutant{"assign_error_of_exist", kFilter, kAssign, "return ", "-EEXIST", ";",
                        "-EBUSY", 0, MutantKind::kExpression},
           KernelMutant{"assign_exist_is_silent", kFilter, kAssign, "return ", "-EEXIST", ";", "0",
                        0, MutantKind::kExpression},
           KernelMutant{"assign_null_ignored", kFilter, kAssign, "ctx->selected_sk = ", "sk", ";",
                        "sk ?: ctx->selected_sk", 0, MutantKind::kExpression},
           KernelMutant{"assign_flag_is_replace", kFilter, kAssign, "flags & ",
                        "BPF_SK_LOOKUP_F_NO_REUSEPORT", ";", "BPF_SK_LOOKUP_F_REPLACE", 0,
                        MutantKind::kExpression},
           KernelMutant{"assign_flag_lost", kFilter, kAssign, "flags & ",
                        "BPF_SK_LOOKUP_F_NO_REUSEPORT", ";", "0", 0, MutantKind::kExpression},
           KernelMutant{"assign_flag_sticks", kFilter, kAssign, "ctx->no_reuseport = ", "flags",
                        " &", "ctx->no_reuseport ? BPF_SK_LOOKUP_F_NO_REUSEPORT : flags", 0,
                        MutantKind::kExpression},
           KernelMutant{"assign_flag_of_null_lost", kFilter, kAssign, "ctx->no_reuseport = ",
                        "flags", " &", "sk ? flags : 0", 0, MutantKind::kExpression,
                        "without a socket nothing is remembered of the program, the flag neither"},
       }) {
    mutants.push_back(mutant);
  }
}

}  // namespace sklab
