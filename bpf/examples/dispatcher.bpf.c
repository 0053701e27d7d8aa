// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * A dispatcher as a server with many addresses has one: prefixes and ports are bound to labels, and
 * a label is a socket. So services get addresses, or sockets, without being restarted. Compiled by
 *
 *   clang -target bpf -O2 -g -I /usr/include/$(uname -m)-linux-gnu -c dispatcher.bpf.c
 *
 * dispatcher.scenario says what it is to do.
 */
#include <linux/bpf.h>

#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#ifndef AF_INET
#define AF_INET 2
#endif

/*
 * The longest match wins: protocol and port are compared as a whole, the address by its prefix. So
 * prefix_length is 32 and the bits of the address.
 */
struct binding4 {
	__u32 prefix_length;
	__u8 protocol;
	__u8 reserved;
	__be16 port; /* 0 for all that are not bound by themselves */
	__be32 address;
};

struct binding6 {
	__u32 prefix_length;
	__u8 protocol;
	__u8 reserved;
	__be16 port;
	__be32 address[4];
};

struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(max_entries, 4096);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, struct binding4);
	__type(value, __u32); /* label */
} bindings4 SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(max_entries, 4096);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, struct binding6);
	__type(value, __u32);
} bindings6 SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_SOCKMAP);
	__uint(max_entries, 256);
	__type(key, __u32); /* label */
	__type(value, __u64);
} sockets SEC(".maps");

enum counter { SELECTED, NOT_BOUND, WITHOUT_SOCKET, REFUSED, COUNTERS };

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, COUNTERS);
	__type(key, __u32);
	__type(value, __u64);
} counters SEC(".maps");

/* What becomes of packets to a label without a socket: dropped, or left to the rest of the lookup.
 */
const volatile __u32 drop_without_socket = 1;

static __always_inline void count(__u32 counter)
{
	__u64 *value = bpf_map_lookup_elem(&counters, &counter);

	if (value)
		(*value)++;
}

static __always_inline const __u32 *find_label4(const struct bpf_sk_lookup *ctx)
{
	struct binding4 key = {
	    .prefix_length = 8 * (sizeof(key) - sizeof(key.prefix_length)),
	    .protocol = ctx->protocol,
	    .port = bpf_htons(ctx->local_port),
	    .address = ctx->local_ip4,
	};
	const __u32 *label = bpf_map_lookup_elem(&bindings4, &key);

	if (label)
		return label;
	key.port = 0;
	return bpf_map_lookup_elem(&bindings4, &key);
}

static __always_inline const __u32 *find_label6(const struct bpf_sk_lookup *ctx)
{
	struct binding6 key = {
	    .prefix_length = 8 * (sizeof(key) - sizeof(key.prefix_length)),
	    .protocol = ctx->protocol,
	    .port = bpf_htons(ctx->local_port),
	    .address = {ctx->local_ip6[0], ctx->local_ip6[1], ctx->local_ip6[2], ctx->local_ip6[3]},
	};
	const __u32 *label = bpf_map_lookup_elem(&bindings6, &key);

	if (label)
		return label;
	key.port = 0;
	return bpf_map_lookup_elem(&bindings6, &key);
}

SEC("sk_lookup")
int dispatcher(struct bpf_sk_lookup *ctx)
{
	const __u32 *label = ctx->family == AF_INET ? find_label4(ctx) : find_label6(ctx);
	struct bpf_sock *sk;
	long error;

	if (!label) {
		count(NOT_BOUND);
		return SK_PASS;
	}
	sk = bpf_map_lookup_elem(&sockets, label);
	if (!sk) {
		count(WITHOUT_SOCKET);
		return drop_without_socket ? SK_DROP : SK_PASS;
	}
	error = bpf_sk_assign(ctx, sk, 0);
	bpf_sk_release(sk);
	count(error ? REFUSED : SELECTED);
	return error ? SK_DROP : SK_PASS;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
