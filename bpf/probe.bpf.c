// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Makes the kernel look sockets up, and times it: a TC program, run by BPF_PROG_TEST_RUN in the
 * caller's netns, calls the lookup helpers in a loop. The helpers do the kernel's whole lookup
 * (connected sockets, the sk_lookup hook, the hashtable, the reuseport group).
 *
 * The loop is in here, and not TEST_RUN's own repeat count, since that one adds about 30 ns to
 * every lookup where this one adds about 3.
 */
#include "bpf/abi.h"
#include "bpf/lookup.h"

#include <linux/pkt_cls.h>

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

/*
 * For a gate that must notice a slowdown: needless work in every iteration. A constant when the
 * program is loaded, so that nothing is left of it where it is not asked for.
 */
const volatile __u32 probe_burns = 0;

struct loop {
	struct __sk_buff *skb;
	__u32 tuple_first;
	__u32 tuple_mask;
	__u32 mark;
	__u32 wrong_mark;
	__u64 matched;
	__u64 burn;
	__u64 chain; /* what the last step of needless work gave */
};

/*
 * Steps that wait for each other, for the lookup before and for the one after, which a processor
 * would else do meanwhile: the next key depends on the last step, in a way that changes nothing.
 */
/* No compiler can make one of several. */
#define BURN_STEP(chain) (((chain) ^ ((chain) >> 29)) * 0x9e3779b97f4a7c15ULL)
#define BURN_AT_ONCE 16

static long burn_many(__u32 index, struct loop *loop)
{
	(void)index;
	for (__u32 i = 0; i < BURN_AT_ONCE; i++)
		loop->chain = BURN_STEP(loop->chain);
	return 0;
}

static __always_inline void burn(struct loop *loop)
{
	__u64 chain;

	loop->chain += loop->mark;
	/* The verifier would walk through every step of one long loop. */
	if (loop->burn >= BURN_AT_ONCE)
		bpf_loop(loop->burn / BURN_AT_ONCE, burn_many, loop, 0);
	chain = loop->chain;
	for (__u32 i = 0; i < loop->burn % BURN_AT_ONCE; i++)
		chain = BURN_STEP(chain);
	loop->chain = chain;
	/* 0, which the processor knows only when the steps are done, and the compiler never. */
	asm volatile("%0 &= 0" : "+r"(chain));
	loop->tuple_first += chain;
}

static __always_inline long look_up_one(struct loop *loop, __u32 number, enum protocol protocol,
					__u32 tuple_size)
{
	__u32 key = (loop->tuple_first + (number & loop->tuple_mask)) & (SKLAB_TUPLES - 1);
	const struct sklab_tuple *tuple = bpf_map_lookup_elem(&tuples, &key);
	__u32 mark = 0;
	__u64 wrong;

	if (!tuple)
		return 1;
	if (protocol != NO_LOOKUP)
		mark = look_up(loop->skb, tuple->addresses, protocol, tuple_size);
	/* Without branches, which would multiply with every unrolled lookup for the verifier. */
	wrong =
	    ((__u64)(tuple->mark_high - tuple->mark_low) - (__u32)(mark - tuple->mark_low)) >> 63;
	loop->mark = mark;
	loop->matched += 1 - wrong;
	loop->wrong_mark ^= (loop->wrong_mark ^ mark) & -(__u32)wrong;
	return 0;
}

static __always_inline int run_batch(struct __sk_buff *skb, __u32 unrolled,
				     long (*callback)(__u32, struct loop *))
{
	__u32 slot = skb->cb[0];
	struct sklab_batch *batch = bpf_map_lookup_elem(&batches, &slot);
	struct loop loop = {.skb = skb};
	__u64 start_ns;

	if (!batch)
		return TC_ACT_SHOT;
	loop.tuple_first = batch->tuple_first;
	loop.tuple_mask = batch->tuple_mask;
	if (probe_burns)
		loop.burn = batch->burn;
	bpf_loop(batch->warmup / unrolled, callback, &loop, 0);
	loop.matched = 0;
	loop.wrong_mark = 0;
	start_ns = bpf_ktime_get_ns();
	bpf_loop(batch->lookups / unrolled, callback, &loop, 0);
	batch->elapsed_ns = bpf_ktime_get_ns() - start_ns;
	batch->matched = loop.matched;
	batch->last_mark = loop.mark;
	batch->wrong_mark = loop.wrong_mark;
	return TC_ACT_OK;
}

/*
 * A program per case rather than run-time switches, so that nothing but the lookup differs between
 * the empty programs and the others. Each exists with 1, 8 and 16 lookups an iteration: 1 for a
 * single lookup, 8 to make little of the loop's own cost, 16 to check how much of it is left.
 */
#define PROBE_UNROLLED(name, protocol, tuple_size, unrolled)                                       \
	static long iterate_##name##_##unrolled(__u32 index, struct loop *loop)                    \
	{                                                                                          \
		_Pragma("unroll") for (__u32 i = 0; i < unrolled; i++)                             \
		{                                                                                  \
			if (look_up_one(loop, index * unrolled + i, protocol, tuple_size))         \
				return 1;                                                          \
		}                                                                                  \
		if (probe_burns)                                                                   \
			burn(loop);                                                                \
		return 0;                                                                          \
	}                                                                                          \
	SEC("tc")                                                                                  \
	int probe_##name##_##unrolled(struct __sk_buff *skb)                                       \
	{                                                                                          \
		return run_batch(skb, unrolled, iterate_##name##_##unrolled);                      \
	}

#define PROBE(name, protocol, tuple_size)                                                          \
	PROBE_UNROLLED(name, protocol, tuple_size, 1)                                              \
	PROBE_UNROLLED(name, protocol, tuple_size, 8)                                              \
	PROBE_UNROLLED(name, protocol, tuple_size, 16)

PROBE(empty, NO_LOOKUP, 0)
PROBE(udp4, UDP, IPV4_TUPLE)
PROBE(udp6, UDP, IPV6_TUPLE)
PROBE(tcp4, TCP, IPV4_TUPLE)
PROBE(tcp6, TCP, IPV6_TUPLE)

char LICENSE[] SEC("license") = "Dual BSD/GPL";
