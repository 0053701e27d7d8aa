// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/kernel_changes/mutant_lists.h"

namespace sklab {

void add_test_run_mutants(std::vector<KernelMutant> &mutants) {
  static constexpr char kTestRun[] = "net/bpf/test_run.c";
  static constexpr char kFunction[] = "bpf_prog_test_run_sk_lookup";
  for (const KernelMutant &mutant : {
           KernelMutant{"test_run_flags_unchecked", kTestRun, kFunction, "if (",
                        "kattr->test.flags || kattr->test.cpu || kattr->test.batch_size", ")", "0",
                        0, MutantKind::kExpression},
           KernelMutant{"test_run_data_unchecked", kTestRun, kFunction, "if (",
                        "kattr->test.data_in", " ||", "0", 0, MutantKind::kExpression},
           KernelMutant{"test_run_context_size", kTestRun, kFunction, "bpf_ctx_init(kattr, ",
                        "sizeof(*user_ctx)", ")", "sizeof(*user_ctx) - 4", 1,
                        MutantKind::kExpression},
           KernelMutant{"test_run_socket_unchecked", kTestRun, kFunction, "if (", "user_ctx->sk",
                        ")", "NULL", 0, MutantKind::kExpression},
           KernelMutant{"test_run_rest_unchecked", kTestRun, kFunction, "if (",
                        "!range_is_zero(user_ctx, offsetofend(typeof(*user_ctx), local_port), "
                        "sizeof(*user_ctx))",
                        ")", "0", 0, MutantKind::kExpression},
           KernelMutant{"test_run_port_unchecked", kTestRun, kFunction, "",
                        "user_ctx->local_port > U16_MAX", ")", "0", 0, MutantKind::kExpression},
           KernelMutant{"test_run_port_limit", kTestRun, kFunction, "",
                        "user_ctx->local_port > U16_MAX", ")", "user_ctx->local_port >= U16_MAX", 0,
                        MutantKind::kExpression},
           KernelMutant{"test_run_error_of_port", kTestRun, kFunction, "ret = ", "-ERANGE", ";",
                        "-EINVAL", 0, MutantKind::kExpression},
           KernelMutant{"test_run_error_of_family", kTestRun, kFunction, "ret = ", "-EAFNOSUPPORT",
                        ";", "-EINVAL", 0, MutantKind::kExpression},
           KernelMutant{"test_run_local_port", kTestRun, kFunction,
                        "ctx.dport = ", "(u16)user_ctx->local_port", ";", "user_ctx->remote_port",
                        0, MutantKind::kExpression},
           KernelMutant{"test_run_remote_port", kTestRun, kFunction,
                        "ctx.sport = ", "user_ctx->remote_port", ";", "htons(user_ctx->local_port)",
                        0, MutantKind::kExpression},
           KernelMutant{"test_run_v4_local", kTestRun, kFunction, "(__force __be32)",
                        "user_ctx->local_ip4", ";", "user_ctx->remote_ip4", 0,
                        MutantKind::kExpression},
           KernelMutant{"test_run_v4_remote", kTestRun, kFunction, "(__force __be32)",
                        "user_ctx->remote_ip4", ";", "user_ctx->local_ip4", 0,
                        MutantKind::kExpression},
           KernelMutant{"test_run_v6_local", kTestRun, kFunction, "(struct in6_addr *)",
                        "user_ctx->local_ip6", ";", "user_ctx->remote_ip6", 0,
                        MutantKind::kExpression},
           KernelMutant{"test_run_v6_remote", kTestRun, kFunction, "(struct in6_addr *)",
                        "user_ctx->remote_ip6", ";", "user_ctx->local_ip6", 0,
                        MutantKind::kExpression},
           KernelMutant{"test_run_protocol", kTestRun, kFunction, "ctx.protocol = ",
                        "(u16)user_ctx->protocol", ";", "IPPROTO_TCP", 0, MutantKind::kExpression},
           KernelMutant{"test_run_group_chosen", kTestRun, kFunction, "if (",
                        "ctx.selected_sk->sk_reuseport && !ctx.no_reuseport", ")", "0", 0,
                        MutantKind::kExpression},
           KernelMutant{"test_run_group_never", kTestRun, kFunction, "if (",
                        "ctx.selected_sk->sk_reuseport && !ctx.no_reuseport", ")",
                        "ctx.selected_sk->sk_reuseport", 0, MutantKind::kExpression},
           KernelMutant{"test_run_error_of_group", kTestRun, kFunction, "ret = ", "-EOPNOTSUPP",
                        ";", "-EINVAL", 0, MutantKind::kExpression},
           KernelMutant{"test_run_cookie", kTestRun, kFunction, "user_ctx->cookie = ",
                        "sock_gen_cookie(ctx.selected_sk)", ";", "1", 0, MutantKind::kExpression},
           KernelMutant{"test_run_cookie_of_nobody", kTestRun, kFunction,
                        "user_ctx->cookie = ", "0", ";", "1", 0, MutantKind::kExpression},
           KernelMutant{"test_run_selection_stays", kTestRun, kFunction, "",
                        "ctx.selected_sk = NULL;", "", "", 0, MutantKind::kStatement,
                        "what runs programs begins without a selection in any case"},
       }) {
    mutants.push_back(mutant);
  }
}

}  // namespace sklab
