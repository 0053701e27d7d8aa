/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The kernel's whole lookup of a socket, by a helper. */
#pragma once

#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

#define IPV4_TUPLE sizeof(((struct bpf_sock_tuple *)0)->ipv4)
#define IPV6_TUPLE sizeof(((struct bpf_sock_tuple *)0)->ipv6)

enum protocol { NO_LOOKUP, UDP, TCP };

/* The mark of the socket in the caller's netns that the tuple belongs to, 0 for none. */
static __always_inline __u32 look_up(struct __sk_buff *skb, const __u8 *tuple,
				     enum protocol protocol, __u32 tuple_size)
{
	struct bpf_sock_tuple *addresses = (struct bpf_sock_tuple *)tuple;
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
