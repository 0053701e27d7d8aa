// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Where a race's threads are stopped: at breakpoints of the processor's, for an instruction or for
 * an access to memory. Whoever comes by one tells the thread that gives turns, which wakes up at
 * once, and before anybody else.
 */
#include "bpf/abi.h"

#include <linux/bpf.h>

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

/* What the kernel has of it is in its BTF. */
#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)
struct bpf_prog;
struct bpf_link {
	struct bpf_prog *prog;
	__u32 id;
	enum bpf_link_type type;
};
struct bpf_prog_array_item {
	struct bpf_prog *prog;
};
struct bpf_prog_array {
	struct bpf_prog_array_item items[1];
};
struct netns_bpf {
	struct bpf_prog_array *run_array[2];
};
struct net {
	struct netns_bpf bpf;
};
struct bpf_netns_link {
	struct bpf_link link;
	struct net *net;
};
struct bpf_iter_meta {
	void *seq;
};
struct bpf_iter__bpf_link {
	struct bpf_iter_meta *meta;
	struct bpf_link *link;
};
#pragma clang attribute pop

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__uint(map_flags, BPF_F_MMAPABLE);
	__type(key, __u32);
	__type(value, struct sklab_race_stops);
} stops SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} passed SEC(".maps");

SEC("perf_event")
int stop(void *context __attribute__((unused)))
{
	struct sklab_race_stops *state;
	__u32 only = 0;

	state = bpf_map_lookup_elem(&stops, &only);
	if (!state || state->left == 0)
		return 0;
	if (state->skip > 0) {
		state->skip--;
		return 0;
	}
	state->left--;
	state->passed++;
	bpf_ringbuf_output(&passed, &only, sizeof(only), BPF_RB_FORCE_WAKEUP);
	return 0;
}

static __always_inline void watch(struct sklab_race_stops *state, void *address, __u32 link,
				  enum sklab_race_field field)
{
	__u64 at = state->watched_count;

	if (!address || at >= SKLAB_RACE_WATCHED)
		return;
	state->watched[at].address = (__u64)address;
	state->watched[at].link = link;
	state->watched[at].field = field;
	state->watched_count = at + 1;
}

/* What calls about links read and write of each. */
SEC("iter/bpf_link")
int find_watched(struct bpf_iter__bpf_link *context)
{
	struct sklab_race_stops *state;
	struct bpf_prog_array *programs;
	struct bpf_link *link = context->link;
	struct bpf_netns_link *netns_link;
	struct net *net;
	__u32 only = 0;
	__u32 id;

	state = bpf_map_lookup_elem(&stops, &only);
	if (!link || !state || BPF_CORE_READ(link, type) != BPF_LINK_TYPE_NETNS)
		return 0;
	id = BPF_CORE_READ(link, id);
	netns_link = (struct bpf_netns_link *)link;
	watch(state, __builtin_preserve_access_index(&link->prog), id, SKLAB_RACE_PROG);
	watch(state, __builtin_preserve_access_index(&netns_link->net), id, SKLAB_RACE_NET);
	net = BPF_CORE_READ(netns_link, net);
	if (!net)
		return 0;
	watch(state, __builtin_preserve_access_index(&net->bpf.run_array[1]), id, SKLAB_RACE_ARRAY);
	programs = BPF_CORE_READ(net, bpf.run_array[1]);
	if (programs)
		watch(state, __builtin_preserve_access_index(&programs->items[0].prog), id,
		      SKLAB_RACE_ITEM);
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
