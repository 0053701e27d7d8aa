// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Where a race's threads are stopped: a kprobe that can be attached to any instruction. Whoever
 * comes by there tells the thread that gives turns, which wakes up at once, and before anybody
 * else.
 */
#include "bpf/abi.h"

#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

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

SEC("kprobe")
int stop(void *context __attribute__((unused)))
{
	struct sklab_race_stops *state;
	__u32 only = 0;

	state = bpf_map_lookup_elem(&stops, &only);
	if (!state || state->left == 0)
		return 0;
	state->left--;
	state->passed++;
	bpf_ringbuf_output(&passed, &only, sizeof(only), BPF_RB_FORCE_WAKEUP);
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
