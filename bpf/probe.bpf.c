// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Makes the kernel look sockets up, and times it: a TC program, run by BPF_PROG_TEST_RUN in the
 * caller's netns, calls the lookup helpers in a loop. The helpers do the kernel's whole lookup
 * (connected sockets, the sk_lookup hook, the hashtable, the reuseport group).
 *
 * The loop is in here, and not TEST_RUN's own repeat count, since that one adds about 30 ns to every
 * lookup where this one adds about 10.
 */
#include "bpf/abi.h"

#include <linux/bpf.h>
#include <linux/pkt_cls.h>

#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, SKLAB_TUPLES);
	__uint(map_flags, BPF_F_MMAPABLE);
	__type(key, __u32);
	__type(value, struct sklab_tuple);
} tuples SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, SKLAB_BATCHES);
	__uint(map_flags, BPF_F_MMAPABLE);
	__type(key, __u32);
	__type(value, struct sklab_batch);
} batches SEC(".maps");

struct loop {
	struct __sk_buff *skb;
	__u32 tuple_first;
	__u32 tuple_mask;
	__u32 mark;
	__u32 wrong_mark;
	__u64 matched;
};

enum protocol { NO_LOOKUP, UDP, TCP };

static __always_inline __u32 look_up(struct __sk_buff *skb, const struct sklab_tuple *tuple,
				     enum protocol protocol, __u32 tuple_size)
{
	struct bpf_sock_tuple *addresses = (struct bpf_sock_tuple *)tuple->addresses;
	struct bpf_sock *sk;
	__u32 mark;

	if (protocol == UDP)
		sk = bpf_sk_lookup_udp(skb, addresses, tuple_size, BPF_F_CURRENT_NETNS, 0);
	else
		sk = bpf_sk_lookup_tcp(skb, addresses, tuple_size, BPF_F_CURRENT_NETNS, 0);
	if (!sk)
		return 0;
	mark = sk->mark;
	bpf_sk_release(sk);
	return mark;
}

static __always_inline long iterate(__u32 index, struct loop *loop, enum protocol protocol,
				    __u32 tuple_size, int lookups)
{
	__u32 key = (loop->tuple_first + (index & loop->tuple_mask)) & (SKLAB_TUPLES - 1);
	const struct sklab_tuple *tuple = bpf_map_lookup_elem(&tuples, &key);
	__u32 mark = 0;

	if (!tuple)
		return 1;
	for (int i = 0; i < lookups; i++)
		mark = look_up(loop->skb, tuple, protocol, tuple_size);
	loop->mark = mark;
	if (mark >= tuple->mark_low && mark <= tuple->mark_high)
		loop->matched++;
	else
		loop->wrong_mark = mark;
	return 0;
}

static __always_inline int run_batch(struct __sk_buff *skb, long (*callback)(__u32, struct loop *))
{
	__u32 slot = skb->cb[0];
	struct sklab_batch *batch = bpf_map_lookup_elem(&batches, &slot);
	struct loop loop = {.skb = skb};
	__u64 start_ns;

	if (!batch)
		return TC_ACT_SHOT;
	loop.tuple_first = batch->tuple_first;
	loop.tuple_mask = batch->tuple_mask;
	bpf_loop(batch->warmup, callback, &loop, 0);
	loop.matched = 0;
	loop.wrong_mark = 0;
	start_ns = bpf_ktime_get_ns();
	bpf_loop(batch->lookups, callback, &loop, 0);
	batch->elapsed_ns = bpf_ktime_get_ns() - start_ns;
	batch->matched = loop.matched;
	batch->last_mark = loop.mark;
	batch->wrong_mark = loop.wrong_mark;
	return TC_ACT_OK;
}

/*
 * A program per case rather than run-time switches, so that nothing but the lookup differs between
 * the empty program and the others.
 */
#define PROBE(name, protocol, tuple_size, lookups)                                   \
	static long iterate_##name(__u32 index, struct loop *loop)                   \
	{                                                                            \
		return iterate(index, loop, protocol, tuple_size, lookups);          \
	}                                                                            \
	SEC("tc")                                                                    \
	int probe_##name(struct __sk_buff *skb)                                      \
	{                                                                            \
		return run_batch(skb, iterate_##name);                               \
	}

#define IPV4_TUPLE sizeof(((struct bpf_sock_tuple *)0)->ipv4)
#define IPV6_TUPLE sizeof(((struct bpf_sock_tuple *)0)->ipv6)

PROBE(empty, NO_LOOKUP, 0, 0)
PROBE(udp4, UDP, IPV4_TUPLE, 1)
PROBE(udp6, UDP, IPV6_TUPLE, 1)
PROBE(tcp4, TCP, IPV4_TUPLE, 1)
PROBE(tcp6, TCP, IPV6_TUPLE, 1)
PROBE(udp4_twice, UDP, IPV4_TUPLE, 2)
PROBE(udp6_twice, UDP, IPV6_TUPLE, 2)
PROBE(tcp4_twice, TCP, IPV4_TUPLE, 2)
PROBE(tcp6_twice, TCP, IPV6_TUPLE, 2)

char LICENSE[] SEC("license") = "Dual BSD/GPL";
