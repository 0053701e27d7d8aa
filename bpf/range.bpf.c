// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * A prefix and a range of ports to one socket, in the ways that BPF has for it: each as a user
 * would write it. Only one of these programs is loaded at a time.
 */
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/pkt_cls.h>

#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#ifndef AF_INET
#define AF_INET 2
#endif

#define RANGE_PORTS 256

/* What is steered: these ports (host order) of this prefix (network order, /24 or /64). */
const volatile __u32 range_prefix4 = 0;
const volatile __u32 range_mask4 = 0;
const volatile __u32 range_prefix6[2] = {};
const volatile __u32 range_port_low = 0;

struct {
	__uint(type, BPF_MAP_TYPE_SOCKMAP);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} range_server SEC(".maps");

/* A port's socket, by port. */
struct {
	__uint(type, BPF_MAP_TYPE_REUSEPORT_SOCKARRAY);
	__uint(max_entries, RANGE_PORTS);
	__type(key, __u32);
	__type(value, __u64);
} range_members SEC(".maps");

static __always_inline int has_port(__u32 port)
{
	return port - range_port_low < RANGE_PORTS;
}

SEC("sk_lookup")
int steer_lookup(struct bpf_sk_lookup *ctx)
{
	struct bpf_sock *sk;
	__u32 slot = 0;
	long error;

	if (!has_port(ctx->local_port))
		return SK_PASS;
	if (ctx->family == AF_INET) {
		if ((ctx->local_ip4 & range_mask4) != range_prefix4)
			return SK_PASS;
	} else if (ctx->local_ip6[0] != range_prefix6[0] || ctx->local_ip6[1] != range_prefix6[1]) {
		return SK_PASS;
	}
	sk = bpf_map_lookup_elem(&range_server, &slot);
	if (!sk)
		return SK_DROP;
	error = bpf_sk_assign(ctx, sk, 0);
	bpf_sk_release(sk);
	return error ? SK_DROP : SK_PASS;
}

SEC("sk_reuseport")
int choose_member(struct sk_reuseport_md *md)
{
	/* From the transport header on: source port, destination port. */
	__be16 *ports = md->data;
	__u32 slot;

	if (ports + 2 > (__be16 *)md->data_end)
		return SK_DROP;
	slot = bpf_ntohs(ports[1]) - range_port_low;
	return bpf_sk_select_reuseport(md, &range_members, &slot, 0) ? SK_DROP : SK_PASS;
}

/* Addresses and ports of a packet of the range; 0 if it is of another, or cannot be told. */
static __always_inline __u32 parse(struct __sk_buff *skb, struct bpf_sock_tuple *tuple,
				   __u8 *protocol)
{
	void *data = (void *)(long)skb->data;
	void *end = (void *)(long)skb->data_end;

	if (skb->protocol == bpf_htons(ETH_P_IP)) {
		struct iphdr *ip = data + ETH_HLEN;

		/* Options would move the ports. */
		if ((void *)(ip + 1) + 4 > end || ip->ihl != 5)
			return 0;
		if ((ip->daddr & range_mask4) != range_prefix4)
			return 0;
		*protocol = ip->protocol;
		tuple->ipv4.saddr = ip->saddr;
		tuple->ipv4.daddr = ip->daddr;
		__builtin_memcpy(&tuple->ipv4.sport, ip + 1, 4);
		return has_port(bpf_ntohs(tuple->ipv4.dport)) ? sizeof(tuple->ipv4) : 0;
	}
	if (skb->protocol == bpf_htons(ETH_P_IPV6)) {
		struct ipv6hdr *ip6 = data + ETH_HLEN;

		if ((void *)(ip6 + 1) + 4 > end)
			return 0;
		if (ip6->daddr.s6_addr32[0] != range_prefix6[0] ||
		    ip6->daddr.s6_addr32[1] != range_prefix6[1])
			return 0;
		*protocol = ip6->nexthdr;
		__builtin_memcpy(tuple->ipv6.saddr, &ip6->saddr, 32);
		__builtin_memcpy(&tuple->ipv6.sport, ip6 + 1, 4);
		return has_port(bpf_ntohs(tuple->ipv6.dport)) ? sizeof(tuple->ipv6) : 0;
	}
	return 0;
}

static __always_inline int assign(struct __sk_buff *skb, struct bpf_sock *sk)
{
	long error = bpf_sk_assign(skb, sk, 0);

	bpf_sk_release(sk);
	return error ? TC_ACT_SHOT : TC_ACT_OK;
}

SEC("tc")
int steer_packet(struct __sk_buff *skb)
{
	struct bpf_sock_tuple tuple = {};
	__u8 protocol = 0;
	__u32 slot = 0;
	struct bpf_sock *sk;
	__u32 size = parse(skb, &tuple, &protocol);

	if (!size || (protocol != IPPROTO_TCP && protocol != IPPROTO_UDP))
		return TC_ACT_OK;
	/* What belongs to a connection must not go to the listener. */
	if (protocol == IPPROTO_TCP) {
		if (size == sizeof(tuple.ipv4))
			sk = bpf_skc_lookup_tcp(skb, &tuple, sizeof(tuple.ipv4),
						BPF_F_CURRENT_NETNS, 0);
		else
			sk = bpf_skc_lookup_tcp(skb, &tuple, sizeof(tuple.ipv6),
						BPF_F_CURRENT_NETNS, 0);
		if (sk) {
			if (sk->state != BPF_TCP_LISTEN)
				return assign(skb, sk);
			bpf_sk_release(sk);
		}
	}
	sk = bpf_map_lookup_elem(&range_server, &slot);
	if (!sk)
		return TC_ACT_SHOT;
	return assign(skb, sk);
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
