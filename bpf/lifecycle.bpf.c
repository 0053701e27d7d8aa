// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Programs for sequences of attach, update and detach:
 *  - `attached`, loaded under several numbers, each of which can be attached anywhere and often:
 *    does what the script of its number says, and writes down that it ran;
 *  - `look_up_once`, a TC program that makes one lookup.
 * Without a lookup of the latter `attached` passes and does nothing: connections are made as if it
 * were not there.
 */
#include "bpf/abi.h"
#include "bpf/lookup.h"

#include <linux/pkt_cls.h>

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, SKLAB_NUMBERS);
	__uint(map_flags, BPF_F_MMAPABLE);
	__type(key, __u32);
	__type(value, struct sklab_numbered);
} numbered SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__uint(map_flags, BPF_F_MMAPABLE);
	__type(key, __u32);
	__type(value, struct sklab_trace);
} traces SEC(".maps");

/* The loader sets how many entries they have. */
struct {
	__uint(type, BPF_MAP_TYPE_SOCKMAP);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} sockmap SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_SOCKHASH);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} sockhash SEC(".maps");

static __always_inline __u32 own_number(void)
{
	__u32 number;

	asm volatile("%0 = %1" : "=r"(number) : "i"(SKLAB_POSITION_MARKER));
	return number;
}

static __always_inline struct sklab_trace *current_trace(void)
{
	__u32 only = 0;

	return bpf_map_lookup_elem(&traces, &only);
}

static __always_inline int take_step(struct bpf_sk_lookup *ctx, const struct sklab_step *step)
{
	struct bpf_sock *sk;
	int result;

	if (step->map == SKLAB_NO_SOCKET)
		return bpf_sk_assign(ctx, NULL, step->flags);
	if (step->map == SKLAB_IN_SOCKMAP)
		sk = bpf_map_lookup_elem(&sockmap, &step->key);
	else
		sk = bpf_map_lookup_elem(&sockhash, &step->key);
	/* Not an errno of bpf_sk_assign: the key has no socket. */
	if (!sk)
		return SKLAB_NOT_MAPPED;
	result = bpf_sk_assign(ctx, sk, step->flags);
	bpf_sk_release(sk);
	return result;
}

SEC("sk_lookup")
int attached(struct bpf_sk_lookup *ctx)
{
	__u32 number = own_number();
	struct sklab_trace *trace = current_trace();
	struct sklab_numbered *script = bpf_map_lookup_elem(&numbered, &number);
	__u32 at;

	if (!trace || !script || !trace->armed)
		return SK_PASS;
	at = trace->runs++;
	if (at < SKLAB_PROGRAMS)
		trace->numbers[at] = number;
	for (__u32 i = 0; i < SKLAB_STEPS; i++) {
		if (i >= script->step_count)
			break;
		at = trace->result_count++;
		if (at < SKLAB_PROGRAMS * SKLAB_STEPS)
			trace->results[at] = take_step(ctx, &script->steps[i]);
	}
	return script->return_code & 1;
}

/* Returns 1 when the lookup was made. */
SEC("tc")
int look_up_once(struct __sk_buff *skb)
{
	struct sklab_trace *trace = current_trace();

	if (!trace)
		return 0;
	trace->runs = 0;
	trace->result_count = 0;
	trace->armed = 1;
	switch (trace->kind) {
	case SKLAB_UDP4:
		trace->mark = look_up(skb, trace->addresses, UDP, IPV4_TUPLE);
		break;
	case SKLAB_UDP6:
		trace->mark = look_up(skb, trace->addresses, UDP, IPV6_TUPLE);
		break;
	case SKLAB_TCP4:
		trace->mark = look_up(skb, trace->addresses, TCP, IPV4_TUPLE);
		break;
	default:
		trace->mark = look_up(skb, trace->addresses, TCP, IPV6_TUPLE);
	}
	trace->armed = 0;
	return 1;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
