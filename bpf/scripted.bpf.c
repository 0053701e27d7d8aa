// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The scripted program: performs the assigns and returns the code that its script says, and writes
 * down what each assign returned. Its script is chosen by its position in the attach order.
 */
#include "bpf/abi.h"

#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, SKLAB_PROGRAMS);
	__uint(map_flags, BPF_F_MMAPABLE);
	__type(key, __u32);
	__type(value, struct sklab_script);
} scripts SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_SOCKMAP);
	__uint(max_entries, SKLAB_SOCKETS);
	__type(key, __u32);
	__type(value, __u64);
} sockets SEC(".maps");

static __always_inline int assign_one(struct bpf_sk_lookup *ctx, const struct sklab_assign *assign)
{
	struct bpf_sock *sk;
	int result;

	if (assign->socket == SKLAB_NO_SOCKET)
		return bpf_sk_assign(ctx, NULL, assign->flags);
	sk = bpf_map_lookup_elem(&sockets, &assign->socket);
	/* Not an errno of bpf_sk_assign: the socket is missing from the map. */
	if (!sk)
		return 1;
	result = bpf_sk_assign(ctx, sk, assign->flags);
	bpf_sk_release(sk);
	return result;
}

SEC("sk_lookup")
int scripted(struct bpf_sk_lookup *ctx)
{
	struct sklab_script *script;
	__u32 position;

	asm volatile("%0 = %1" : "=r"(position) : "i"(SKLAB_POSITION_MARKER));
	script = bpf_map_lookup_elem(&scripts, &position);
	if (!script)
		return SK_PASS;
	script->runs++;
	for (__u32 i = 0; i < SKLAB_ASSIGNS; i++) {
		if (i >= script->assign_count)
			break;
		script->results[i] = assign_one(ctx, &script->assigns[i]);
	}
	return script->return_code & 1;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
