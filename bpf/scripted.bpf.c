// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Programs that do what a script says, and write down what came of it:
 *  - `scripted`, attached once per program of a scenario: the kernel's own rules combine them;
 *  - `dispatch`, attached once: runs all scripts of a scenario itself, under the rules of an older
 *    dialect, so that these too are executed by a real hook;
 *  - `choose`, the SK_REUSEPORT program of a group;
 *  - `drive`, a TC program that makes many lookups, each with scripts of its own.
 */
#include "bpf/abi.h"
#include "bpf/lookup.h"

#include <linux/pkt_cls.h>

/* The loader sets how many scripts and lookups there are. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, SKLAB_PROGRAMS);
	__uint(map_flags, BPF_F_MMAPABLE);
	__type(key, __u32);
	__type(value, struct sklab_script);
} scripts SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__uint(map_flags, BPF_F_MMAPABLE);
	__type(key, __u32);
	__type(value, struct sklab_lookup);
} lookups SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__uint(map_flags, BPF_F_MMAPABLE);
	__type(key, __u32);
	__type(value, struct sklab_run);
} runs SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, SKLAB_CHOICES);
	__uint(map_flags, BPF_F_MMAPABLE);
	__type(key, __u32);
	__type(value, struct sklab_choice);
} choices SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_SOCKMAP);
	__uint(max_entries, SKLAB_SOCKETS);
	__type(key, __u32);
	__type(value, __u64);
} sockets SEC(".maps");

static __always_inline __u32 own_position(void)
{
	__u32 position;

	asm volatile("%0 = %1" : "=r"(position) : "i"(SKLAB_POSITION_MARKER));
	return position;
}

static __always_inline struct sklab_run *current_run(void)
{
	__u32 only = 0;

	return bpf_map_lookup_elem(&runs, &only);
}

static __always_inline struct sklab_script *script_at(struct sklab_run *run, __u32 position)
{
	__u32 index = run->first_script + position;

	return bpf_map_lookup_elem(&scripts, &index);
}

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

static __always_inline void run_script(struct bpf_sk_lookup *ctx, struct sklab_run *run,
				       struct sklab_script *script)
{
	script->runs++;
	script->order = ++run->sequence;
	for (__u32 i = 0; i < SKLAB_ASSIGNS; i++) {
		if (i >= script->assign_count)
			break;
		script->results[i] = assign_one(ctx, &script->assigns[i]);
	}
}

SEC("sk_lookup")
int scripted(struct bpf_sk_lookup *ctx)
{
	__u32 position = own_position();
	struct sklab_run *run = current_run();
	struct sklab_script *script;

	if (!run)
		return SK_PASS;
	script = script_at(run, position);
	if (!script)
		return SK_PASS;
	run_script(ctx, run, script);
	return script->return_code & 1;
}

struct dispatch {
	struct bpf_sk_lookup *ctx;
	struct sklab_run *run;
	__u32 dropped;
	__u32 redirected;
};

static long dispatch_one(__u32 position, struct dispatch *dispatch)
{
	struct sklab_run *run = dispatch->run;
	struct sklab_script *script = script_at(run, position);

	if (!script)
		return 1;
	run_script(dispatch->ctx, run, script);
	if (script->return_code == run->code_ok)
		return 0;
	if (script->return_code == run->code_drop)
		dispatch->dropped = 1;
	else if (script->return_code == run->code_redirect)
		dispatch->redirected = 1;
	return 0;
}

/*
 * All scripts share this program's context, as all programs of the older dialects do. What they
 * decide together is told to the kernel in its own dialect.
 */
SEC("sk_lookup")
int dispatch(struct bpf_sk_lookup *ctx)
{
	struct sklab_run *run = current_run();
	struct dispatch dispatch = {.ctx = ctx, .run = run};

	if (!run)
		return SK_PASS;
	bpf_loop(run->program_count, dispatch_one, &dispatch, 0);
	/* REDIRECT, or what stands for it, outweighs every DROP, even when no socket is selected.
	 */
	if (run->dialect == SKLAB_REDIRECT ? dispatch.redirected : ctx->sk != NULL)
		return SK_PASS;
	bpf_sk_assign(ctx, NULL, BPF_SK_LOOKUP_F_REPLACE);
	return dispatch.dropped ? SK_DROP : SK_PASS;
}

SEC("sk_reuseport")
int choose(struct sk_reuseport_md *ctx)
{
	__u32 position = own_position();
	struct sklab_choice *choice = bpf_map_lookup_elem(&choices, &position);

	if (!choice)
		return SK_PASS;
	choice->runs++;
	if (choice->action == SKLAB_CHOOSE_DROP)
		return SK_DROP;
	/* A socket of another group is refused, and the kernel's hash chooses. */
	if (choice->action == SKLAB_CHOOSE_SELECT)
		bpf_sk_select_reuseport(ctx, &sockets, &choice->socket, 0);
	return SK_PASS;
}

static long drive_one(__u32 index, struct __sk_buff **skb)
{
	struct sklab_lookup *lookup = bpf_map_lookup_elem(&lookups, &index);
	struct sklab_run *run = current_run();

	if (!lookup || !run)
		return 1;
	run->first_script = index * run->program_count;
	run->sequence = 0;
	switch (lookup->kind) {
	case SKLAB_UDP4:
		lookup->mark = look_up(*skb, lookup->addresses, UDP, IPV4_TUPLE);
		break;
	case SKLAB_UDP6:
		lookup->mark = look_up(*skb, lookup->addresses, UDP, IPV6_TUPLE);
		break;
	case SKLAB_TCP4:
		lookup->mark = look_up(*skb, lookup->addresses, TCP, IPV4_TUPLE);
		break;
	case SKLAB_TCP6:
		lookup->mark = look_up(*skb, lookup->addresses, TCP, IPV6_TUPLE);
		break;
	default:
		return 1;
	}
	return 0;
}

/* Returns how many lookups were made, so that one left out is noticed. */
SEC("tc")
int drive(struct __sk_buff *skb)
{
	const struct sklab_run *run = current_run();

	if (!run)
		return 0;
	return bpf_loop(run->lookup_count, drive_one, &skb, 0);
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
