// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Reads the value that a netns mixes into its socket hashes (net->hash_mix), which is needed to
 * choose addresses and ports that share one bucket. It is random and not published, so it is read
 * through BTF from any TCP listener of the netns.
 */
#include "bpf/abi.h"

#include <linux/bpf.h>
#include <linux/pkt_cls.h>

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

/* Only the fields that are used; CO-RE finds their offsets in the running kernel. */
#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)
struct net {
	__u32 hash_mix;
};
typedef struct {
	struct net *net;
} possible_net_t;
struct sock_common {
	possible_net_t skc_net;
};
struct tcp_sock;
#pragma clang attribute pop

__u8 listener_tuple[12] = {};
__u32 hash_mix = 0;
__u32 found = 0;

SEC("tc")
int read_hash_mix(struct __sk_buff *skb)
{
	struct bpf_sock_tuple tuple = {};
	struct sock_common *common;
	struct bpf_sock *sk;

	__builtin_memcpy(&tuple.ipv4, listener_tuple, sizeof(tuple.ipv4));
	sk = bpf_skc_lookup_tcp(skb, &tuple, sizeof(tuple.ipv4), BPF_F_CURRENT_NETNS, 0);
	if (!sk)
		return TC_ACT_OK;
	/* A socket of any type begins with its struct sock_common. */
	common = (struct sock_common *)bpf_skc_to_tcp_sock(sk);
	if (common) {
		hash_mix = BPF_CORE_READ(common, skc_net.net, hash_mix);
		found = 1;
	}
	bpf_sk_release(sk);
	return TC_ACT_OK;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
