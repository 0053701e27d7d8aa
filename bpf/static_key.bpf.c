// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Reads how many links hold the static key of the hook on (bpf_sk_lookup_enabled in
 * net/core/filter.c). Nothing else says so, but for what lookups cost.
 */
#include <linux/bpf.h>
#include <linux/pkt_cls.h>

#include <bpf/bpf_helpers.h>

/* Not there where the kernel's symbols are those of its code only (CONFIG_KALLSYMS_ALL). */
extern const void bpf_sk_lookup_enabled __ksym __weak;

__s32 users = 0;
__u32 found = 0;

SEC("tc")
int read_static_key(struct __sk_buff *skb __attribute__((unused)))
{
	/* struct static_key begins with the count. */
	const void *key = &bpf_sk_lookup_enabled;

	found = key && !bpf_probe_read_kernel(&users, sizeof(users), key);
	return TC_ACT_OK;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
