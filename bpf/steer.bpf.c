// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The programs whose cost `sklab bench` measures: one per way in which people use the hook, each as
 * short as a user would write it.
 */
#include <linux/bpf.h>

#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#ifndef AF_INET
#define AF_INET 2
#endif

/* The sockets that the programs steer to. */
enum slot {
	STEERED = 0, /* a socket of its own */
	GROUP = 1,   /* a member of a reuseport group */
};

struct {
	__uint(type, BPF_MAP_TYPE_SOCKMAP);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, __u64);
} target_sockmap SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_SOCKHASH);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} target_sockhash SEC(".maps");

/* The range programs steer what is addressed to this prefix, or to these ports (host order). */
const volatile __u32 range_prefix4 = 0;     /* network order */
const volatile __u32 range_mask4 = 0;       /* network order */
const volatile __u32 range_prefix6[2] = {}; /* the first 64 bits, network order */
const volatile __u32 range_port_low = 0;
const volatile __u32 range_port_high = 0;

static __always_inline int steer(struct bpf_sk_lookup *ctx, void *map, __u32 slot, __u64 flags)
{
	struct bpf_sock *sk = bpf_map_lookup_elem(map, &slot);
	long error;

	/* Dropping is what a user wants when the service's socket is gone. */
	if (!sk)
		return SK_DROP;
	error = bpf_sk_assign(ctx, sk, flags);
	bpf_sk_release(sk);
	return error ? SK_DROP : SK_PASS;
}

SEC("sk_lookup")
int pass(struct bpf_sk_lookup *ctx)
{
	(void)ctx;
	return SK_PASS;
}

SEC("sk_lookup")
int drop(struct bpf_sk_lookup *ctx)
{
	(void)ctx;
	return SK_DROP;
}

SEC("sk_lookup")
int assign_sockmap(struct bpf_sk_lookup *ctx)
{
	return steer(ctx, &target_sockmap, STEERED, 0);
}

SEC("sk_lookup")
int assign_sockhash(struct bpf_sk_lookup *ctx)
{
	return steer(ctx, &target_sockhash, STEERED, 0);
}

SEC("sk_lookup")
int assign_no_reuseport(struct bpf_sk_lookup *ctx)
{
	return steer(ctx, &target_sockmap, GROUP, BPF_SK_LOOKUP_F_NO_REUSEPORT);
}

SEC("sk_lookup")
int assign_reuseport(struct bpf_sk_lookup *ctx)
{
	return steer(ctx, &target_sockmap, GROUP, 0);
}

static __always_inline int in_ip_range(struct bpf_sk_lookup *ctx)
{
	if (ctx->family == AF_INET)
		return (ctx->local_ip4 & range_mask4) == range_prefix4;
	return ctx->local_ip6[0] == range_prefix6[0] && ctx->local_ip6[1] == range_prefix6[1];
}

static __always_inline int in_port_range(struct bpf_sk_lookup *ctx)
{
	return ctx->local_port >= range_port_low && ctx->local_port <= range_port_high;
}

SEC("sk_lookup")
int ip_range(struct bpf_sk_lookup *ctx)
{
	return in_ip_range(ctx) ? steer(ctx, &target_sockmap, STEERED, 0) : SK_PASS;
}

SEC("sk_lookup")
int port_range(struct bpf_sk_lookup *ctx)
{
	return in_port_range(ctx) ? steer(ctx, &target_sockmap, STEERED, 0) : SK_PASS;
}

SEC("sk_lookup")
int ip_port_range(struct bpf_sk_lookup *ctx)
{
	if (!in_ip_range(ctx) || !in_port_range(ctx))
		return SK_PASS;
	return steer(ctx, &target_sockmap, STEERED, 0);
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
