// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* A program without maps, which needs no BTF. Its section's name is an older form. */
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

SEC("sk_lookup/without_btf")
int without_btf(struct bpf_sk_lookup *ctx)
{
	return ctx->local_port == 9 ? SK_DROP : SK_PASS;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
