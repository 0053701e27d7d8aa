// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The shape of the program that the series introducing the hook was measured with: up to two
 * lookups in a longest-prefix trie (the exact port first, then any port), a hash lookup from the
 * label found to a socket slot, a SOCKMAP lookup, and the assign.
 */
#include <linux/bpf.h>

#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#ifndef AF_INET
#define AF_INET 2
#endif

struct binding_key {
	__u32 prefix_length; /* in bits, of what follows */
	__u8 protocol;
	__u8 reserved;
	__be16 port;      /* 0 for any */
	__u8 address[16]; /* IPv4 as a v4-mapped IPv6 address */
};

struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(max_entries, 4096);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, struct binding_key);
	__type(value, __u32); /* label */
} bindings SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, __u32);   /* label */
	__type(value, __u32); /* slot */
} labels SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_SOCKMAP);
	__uint(max_entries, 1024);
	__type(key, __u32);
	__type(value, __u64);
} destinations SEC(".maps");

static __always_inline void set_address(struct binding_key *key, struct bpf_sk_lookup *ctx)
{
	if (ctx->family == AF_INET) {
		__u32 address = ctx->local_ip4;

		key->address[10] = 0xff;
		key->address[11] = 0xff;
		__builtin_memcpy(&key->address[12], &address, sizeof(address));
		return;
	}
	for (int i = 0; i < 4; i++) {
		__u32 word = ctx->local_ip6[i];

		__builtin_memcpy(&key->address[4 * i], &word, sizeof(word));
	}
}

SEC("sk_lookup")
int series(struct bpf_sk_lookup *ctx)
{
	struct binding_key key = {
	    .prefix_length = 8 * (sizeof(key) - sizeof(key.prefix_length)),
	    .protocol = ctx->protocol,
	    .port = bpf_htons(ctx->local_port),
	};
	struct bpf_sock *sk;
	__u32 *label, *slot;
	long error;

	set_address(&key, ctx);
	label = bpf_map_lookup_elem(&bindings, &key);
	if (!label) {
		key.port = 0;
		label = bpf_map_lookup_elem(&bindings, &key);
	}
	if (!label)
		return SK_PASS;
	slot = bpf_map_lookup_elem(&labels, label);
	if (!slot)
		return SK_DROP;
	sk = bpf_map_lookup_elem(&destinations, slot);
	if (!sk)
		return SK_DROP;
	error = bpf_sk_assign(ctx, sk, 0);
	bpf_sk_release(sk);
	return error ? SK_DROP : SK_PASS;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
