// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/kernel_changes/mutant_lists.h"
#include "fuzz/kernel_changes/mutant_places.h"

namespace sklab {
namespace {

constexpr KernelMutant kTestRunMutants[] = {
    {"test_run_flags_unchecked", places::kTestRunFile, places::kTestRun, "if (",
     "kattr->test.flags || kattr->test.cpu || kattr->test.batch_size", ")", "0", 0,
     MutantKind::kExpression},
    {"test_run_data_unchecked", places::kTestRunFile, places::kTestRun, "if (",
     "kattr->test.data_in", " ||", "0", 0, MutantKind::kExpression},
    {"test_run_context_size", places::kTestRunFile, places::kTestRun, "bpf_ctx_init(kattr, ",
     "sizeof(*user_ctx)", ")", "sizeof(*user_ctx) - 4", 1, MutantKind::kExpression},
    {"test_run_socket_unchecked", places::kTestRunFile, places::kTestRun, "if (", "user_ctx->sk",
     ")", "NULL", 0, MutantKind::kExpression},
    {"test_run_rest_unchecked", places::kTestRunFile, places::kTestRun, "if (",
     "!range_is_zero(user_ctx, offsetofend(typeof(*user_ctx), local_port), sizeof(*user_ctx))", ")",
     "0", 0, MutantKind::kExpression},
    {"test_run_port_unchecked", places::kTestRunFile, places::kTestRun, "",
     "user_ctx->local_port > U16_MAX", ")", "0", 0, MutantKind::kExpression},
    {"test_run_port_limit", places::kTestRunFile, places::kTestRun, "",
     "user_ctx->local_port > U16_MAX", ")", "user_ctx->local_port >= U16_MAX", 0,
     MutantKind::kExpression},
    {"test_run_error_of_port", places::kTestRunFile, places::kTestRun, "ret = ", "-ERANGE", ";",
     "-EINVAL", 0, MutantKind::kExpression},
    {"test_run_error_of_family", places::kTestRunFile, places::kTestRun, "ret = ", "-EAFNOSUPPORT",
     ";", "-EINVAL", 0, MutantKind::kExpression},
    {"test_run_local_port", places::kTestRunFile, places::kTestRun, "ctx.dport = ",
     "(u16)user_ctx->local_port", ";", "user_ctx->remote_port", 0, MutantKind::kExpression},
    {"test_run_remote_port", places::kTestRunFile, places::kTestRun, "ctx.sport = ",
     "user_ctx->remote_port", ";", "htons(user_ctx->local_port)", 0, MutantKind::kExpression},
    {"test_run_v4_local", places::kTestRunFile, places::kTestRun, "(__force __be32)",
     "user_ctx->local_ip4", ";", "user_ctx->remote_ip4", 0, MutantKind::kExpression},
    {"test_run_v4_remote", places::kTestRunFile, places::kTestRun, "(__force __be32)",
     "user_ctx->remote_ip4", ";", "user_ctx->local_ip4", 0, MutantKind::kExpression},
    {"test_run_v6_local", places::kTestRunFile, places::kTestRun, "(struct in6_addr *)",
     "user_ctx->local_ip6", ";", "user_ctx->remote_ip6", 0, MutantKind::kExpression},
    {"test_run_v6_remote", places::kTestRunFile, places::kTestRun, "(struct in6_addr *)",
     "user_ctx->remote_ip6", ";", "user_ctx->local_ip6", 0, MutantKind::kExpression},
    {"test_run_protocol", places::kTestRunFile, places::kTestRun,
     "ctx.protocol = ", "(u16)user_ctx->protocol", ";", "IPPROTO_TCP", 0, MutantKind::kExpression},
    {"test_run_group_chosen", places::kTestRunFile, places::kTestRun, "if (",
     "ctx.selected_sk->sk_reuseport && !ctx.no_reuseport", ")", "0", 0, MutantKind::kExpression},
    {"test_run_group_never", places::kTestRunFile, places::kTestRun, "if (",
     "ctx.selected_sk->sk_reuseport && !ctx.no_reuseport", ")", "ctx.selected_sk->sk_reuseport", 0,
     MutantKind::kExpression},
    {"test_run_error_of_group", places::kTestRunFile, places::kTestRun, "ret = ", "-EOPNOTSUPP",
     ";", "-EINVAL", 0, MutantKind::kExpression},
    {"test_run_cookie", places::kTestRunFile, places::kTestRun, "user_ctx->cookie = ",
     "sock_gen_cookie(ctx.selected_sk)", ";", "1", 0, MutantKind::kExpression},
    {"test_run_cookie_of_nobody", places::kTestRunFile, places::kTestRun,
     "user_ctx->cookie = ", "0", ";", "1", 0, MutantKind::kExpression},
    {"test_run_selection_stays", places::kTestRunFile, places::kTestRun, "",
     "ctx.selected_sk = NULL;", "", "", 0, MutantKind::kStatement,
     "what runs programs begins without a selection in any case"},
};

}  // namespace

std::span<const KernelMutant> kernel_test_run_mutants() { return kTestRunMutants; }

}  // namespace sklab
