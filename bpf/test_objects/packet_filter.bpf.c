// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* A program of another type than sk_lookup. */
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

SEC("socket")
int packet_filter(struct __sk_buff *skb)
{
	(void)skb;
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
