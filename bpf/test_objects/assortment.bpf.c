// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Programs that do one thing wrong each, and maps of many types. */
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

#define MAP(name, map_type, entries, key_type, value_type)                                         \
	struct {                                                                                   \
		__uint(type, map_type);                                                            \
		__uint(max_entries, entries);                                                      \
		__type(key, key_type);                                                             \
		__type(value, value_type);                                                         \
	} name SEC(".maps")

MAP(wide_sockmap, BPF_MAP_TYPE_SOCKMAP, 2, __u32, __u64);
MAP(narrow_sockhash, BPF_MAP_TYPE_SOCKHASH, 2, __u16, __u32);
MAP(group_array, BPF_MAP_TYPE_REUSEPORT_SOCKARRAY, 2, __u32, __u64);
MAP(cookies, BPF_MAP_TYPE_HASH, 2, __u32, __u64);
MAP(bytes, BPF_MAP_TYPE_HASH, 2, __u32, __u8);
MAP(cpu_values, BPF_MAP_TYPE_PERCPU_ARRAY, 2, __u32, __u32);

/* Its keys are descriptors of sockets. */
struct {
	__uint(type, BPF_MAP_TYPE_SK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, __u32);
} socket_storage SEC(".maps");

/* Pinned as users do whose programs outlive their loader; no test may leave a pin behind. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__uint(pinning, LIBBPF_PIN_BY_NAME);
	__type(key, __u32);
	__type(value, __u32);
} pinned_anywhere SEC(".maps");

const volatile __u32 dropped_port = 9;
const volatile __u16 dropped_ports[2] = {};
__u64 initial = 7;
__u64 zero;

static __always_inline int assign(struct bpf_sk_lookup *ctx, void *map, const void *key)
{
	struct bpf_sock *sk = bpf_map_lookup_elem(map, key);
	long error;

	if (!sk)
		return SK_PASS;
	error = bpf_sk_assign(ctx, sk, 0);
	bpf_sk_release(sk);
	return error ? SK_DROP : SK_PASS;
}

/* Drops one port, by mistake. */
SEC("sk_lookup")
int drops_a_port(struct bpf_sk_lookup *ctx)
{
	__u32 key = 0;

	if (ctx->local_port == dropped_port || ctx->local_port == dropped_ports[1])
		return SK_DROP;
	bpf_map_lookup_elem(&pinned_anywhere, &key);
	return assign(ctx, &wide_sockmap, &key);
}

/* Never the same answer twice. */
SEC("sk_lookup")
int alternates(struct bpf_sk_lookup *ctx)
{
	__u32 key = 0;

	return __sync_fetch_and_add(&zero, 1) % 2 == 0 ? SK_PASS : assign(ctx, &wide_sockmap, &key);
}

/* Knows where it runs: test runs have no interface. */
SEC("sk_lookup")
int drops_test_runs(struct bpf_sk_lookup *ctx)
{
	return ctx->ingress_ifindex == 0 ? SK_DROP : SK_PASS;
}

SEC("sk_lookup")
int takes_from_sockhash(struct bpf_sk_lookup *ctx)
{
	__u16 key = 1;

	return assign(ctx, &narrow_sockhash, &key);
}

/* Shows what the other maps and the variables hold: it passes only if all is as the test says. */
SEC("sk_lookup")
int reads_values(struct bpf_sk_lookup *ctx)
{
	__u32 key = 1;
	__u64 *cookie = bpf_map_lookup_elem(&cookies, &key);
	__u8 *byte = bpf_map_lookup_elem(&bytes, &key);
	__u32 *value = bpf_map_lookup_elem(&cpu_values, &key);

	(void)ctx;
	return cookie && *cookie > 1 && byte && *byte == 2 && value && *value == 3 &&
		       dropped_port == 4 && initial == 5 && zero == 6
		   ? SK_PASS
		   : SK_DROP;
}

/* The verifier refuses it: the pointer may be NULL. */
SEC("sk_lookup")
int refused(struct bpf_sk_lookup *ctx)
{
	__u32 key = 1;
	__u64 *cookie = bpf_map_lookup_elem(&cookies, &key);

	(void)ctx;
	return *cookie & 1;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
