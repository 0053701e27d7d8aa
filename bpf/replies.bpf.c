// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Counts and drops what a flooded netns sends. */
#include "bpf/abi.h"

#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/pkt_cls.h>

#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__uint(map_flags, BPF_F_MMAPABLE);
	__type(key, __u32);
	__type(value, struct sklab_replies);
} replies SEC(".maps");

static __always_inline __u32 transport_offset(struct __sk_buff *skb)
{
	return ETH_HLEN + (skb->protocol == bpf_htons(ETH_P_IPV6) ? sizeof(struct ipv6hdr)
								  : sizeof(struct iphdr));
}

static __always_inline int is_tcp(struct __sk_buff *skb)
{
	__u32 offset = skb->protocol == bpf_htons(ETH_P_IPV6)
			   ? ETH_HLEN + offsetof(struct ipv6hdr, nexthdr)
			   : ETH_HLEN + offsetof(struct iphdr, protocol);
	__u8 protocol = 0;

	bpf_skb_load_bytes(skb, offset, &protocol, sizeof(protocol));
	return protocol == IPPROTO_TCP;
}

SEC("tc")
int count_replies(struct __sk_buff *skb)
{
	__u32 zero = 0;
	struct sklab_replies *sent = bpf_map_lookup_elem(&replies, &zero);
	__u8 flags = 0;

	if (!sent)
		return TC_ACT_SHOT;
	/* Byte 13 of the TCP header: RFC 9293, 3.1. */
	if (is_tcp(skb))
		bpf_skb_load_bytes(skb, transport_offset(skb) + 13, &flags, sizeof(flags));
	if ((flags & 0x12) == 0x12)
		sent->syn_acks[skb->mark & (SKLAB_REPLY_MARKS - 1)]++;
	else if (flags & 0x04)
		sent->resets++;
	else
		sent->others++;
	return TC_ACT_SHOT;
}

char _license[] SEC("license") = "Dual BSD/GPL";
