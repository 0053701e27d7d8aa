// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Floods a netns: makes frames that BPF_PROG_TEST_RUN sends up the stack as if an interface had
 * received them (BPF_F_TEST_XDP_LIVE_FRAMES).
 */
#include "bpf/abi.h"

#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/tcp.h>
#include <linux/udp.h>

#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__uint(map_flags, BPF_F_MMAPABLE);
	__type(key, __u32);
	__type(value, struct sklab_flood);
} floods SEC(".maps");

/*
 * A frame's memory is used again for a later one and keeps what was written here, so the whole
 * checksum is made, and not the old one changed.
 */
static __always_inline int write_port(struct xdp_md *ctx, struct sklab_flood *flood, __u32 offset)
{
	__u8 *transport = (void *)(long)ctx->data + offset;
	__u8 *end = (void *)(long)ctx->data_end;
	__u16 port = bpf_htons(flood->port);
	__u32 sum = flood->checksum + port;

	sum = (sum & 0xffff) + (sum >> 16);
	sum = ~((sum & 0xffff) + (sum >> 16)) & 0xffff;
	if (flood->tcp) {
		struct tcphdr *tcp = (void *)transport;

		if (transport + sizeof(*tcp) > end)
			return XDP_ABORTED;
		tcp->source = port;
		tcp->check = sum;
	} else {
		struct udphdr *udp = (void *)transport;

		if (transport + sizeof(*udp) > end)
			return XDP_ABORTED;
		udp->source = port;
		udp->check = sum ? sum : 0xffff; /* 0 would be none: RFC 768 */
	}
	return flood->action;
}

SEC("xdp")
int flood(struct xdp_md *ctx)
{
	__u32 zero = 0;
	struct sklab_flood *flood = bpf_map_lookup_elem(&floods, &zero);
	__u64 frame;
	int action;

	if (!flood)
		return XDP_ABORTED;
	frame = flood->frames++;
	if (frame == flood->stamp_at) {
		flood->stamps_ns[flood->stamp_count++ & (SKLAB_STAMPS - 1)] = bpf_ktime_get_ns();
		flood->stamp_at += flood->stamp_every;
	}
	if (flood->untouched)
		return flood->action;
	if (flood->ipv6)
		action = write_port(ctx, flood, ETH_HLEN + sizeof(struct ipv6hdr));
	else
		action = write_port(ctx, flood, ETH_HLEN + sizeof(struct iphdr));
	flood->port = flood->port == flood->port_last ? flood->port_first : flood->port + 1;
	return action;
}

char _license[] SEC("license") = "Dual BSD/GPL";
