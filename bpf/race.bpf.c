// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Programs that lookups run while links, programs, sockets and maps change: each takes its time, so
 * that there is time for something to change meanwhile. Lookups are told apart by their source
 * ports.
 */
#include "bpf/abi.h"

#include <linux/bpf.h>

#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, SKLAB_NUMBERS);
	__uint(map_flags, BPF_F_MMAPABLE);
	__type(key, __u32);
	__type(value, struct sklab_race_script);
} scripts SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, SKLAB_RACE_LOOKUPS);
	__uint(map_flags, BPF_F_MMAPABLE);
	__type(key, __u32);
	__type(value, struct sklab_race_trace);
} traces SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_SOCKMAP);
	__uint(max_entries, 8);
	__type(key, __u32);
	__type(value, __u64);
} sockets SEC(".maps");

static long wait_a_turn(__u32 index __attribute__((unused)), void *context __attribute__((unused)))
{
	return 0;
}

/* A loop that the verifier need not follow turn by turn. */
static __always_inline void wait_turns(__u32 turns)
{
	bpf_loop(turns, wait_a_turn, NULL, 0);
}

static __always_inline int race(struct bpf_sk_lookup *ctx, __u32 number)
{
	struct sklab_race_script *script;
	struct sklab_race_trace *trace;
	__u32 lookup, at;
	struct bpf_sock *sk;

	script = bpf_map_lookup_elem(&scripts, &number);
	lookup = bpf_ntohs(ctx->remote_port) % SKLAB_RACE_LOOKUPS;
	trace = bpf_map_lookup_elem(&traces, &lookup);
	if (!script || !trace)
		return SK_PASS;
	at = trace->runs++;
	if (at < SKLAB_RACE_TRACE)
		trace->numbers[at] = number;
	wait_turns(script->delay);
	if (script->key != SKLAB_NO_SOCKET) {
		sk = bpf_map_lookup_elem(&sockets, &script->key);
		if (sk) {
			wait_turns(script->delay);
			bpf_sk_assign(ctx, sk, script->flags);
			bpf_sk_release(sk);
		}
	}
	wait_turns(script->delay);
	return script->return_code & 1;
}

#define RACED(number)                                                                              \
	SEC("sk_lookup")                                                                           \
	int raced_##number(struct bpf_sk_lookup *ctx)                                              \
	{                                                                                          \
		return race(ctx, number);                                                          \
	}

RACED(0)
RACED(1)
RACED(2)
RACED(3)

char LICENSE[] SEC("license") = "Dual BSD/GPL";
