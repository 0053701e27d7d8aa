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

/* The loader sets how many there are, but for the last, of which there is one. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, SKLAB_PROGRAMS);
	__uint(map_flags, BPF_F_MMAPABLE);
	__type(key, __u32);
	__type(value, struct sklab_script);
} scripts SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, SKLAB_PROGRAMS);
	__uint(map_flags, BPF_F_MMAPABLE);
	__type(key, __u32);
	__type(value, struct sklab_run);
} runs SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__uint(map_flags, BPF_F_MMAPABLE);
	__type(key, __u32);
	__type(value, struct sklab_packet);
} packets SEC(".maps");

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
	__type(value, struct sklab_batch_state);
} batch SEC(".maps");

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

static __always_inline struct sklab_batch_state *current_batch(void)
{
	__u32 only = 0;

	return bpf_map_lookup_elem(&batch, &only);
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

/* The script of the program at this position in the lookup that runs now, performed. */
static __always_inline const struct sklab_script *
run_script(struct bpf_sk_lookup *ctx, struct sklab_batch_state *state, __u32 position)
{
	__u32 index = state->first_run + position;
	struct sklab_run *run = bpf_map_lookup_elem(&runs, &index);
	const struct sklab_script *script;

	if (!run)
		return NULL;
	script = bpf_map_lookup_elem(&scripts, &run->script);
	if (!script)
		return NULL;
	if (run->count != 0xffff)
		run->count++;
	run->order = ++state->sequence;
	for (__u32 i = 0; i < SKLAB_ASSIGNS; i++) {
		if (i >= script->assign_count)
			break;
		run->results[i] = assign_one(ctx, &script->assigns[i]);
	}
	return script;
}

SEC("sk_lookup")
int scripted(struct bpf_sk_lookup *ctx)
{
	__u32 position = own_position();
	struct sklab_batch_state *state = current_batch();
	const struct sklab_script *script;

	if (!state)
		return SK_PASS;
	script = run_script(ctx, state, position);
	return script ? script->return_code & 1 : SK_PASS;
}

struct dispatch {
	struct bpf_sk_lookup *ctx;
	struct sklab_batch_state *state;
	__u32 dropped;
	__u32 redirected;
};

static long dispatch_one(__u32 position, struct dispatch *dispatch)
{
	struct sklab_batch_state *state = dispatch->state;
	const struct sklab_script *script = run_script(dispatch->ctx, state, position);

	if (!script)
		return 1;
	if (script->return_code == state->code_ok)
		return 0;
	if (script->return_code == state->code_drop)
		dispatch->dropped = 1;
	else if (script->return_code == state->code_redirect)
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
	struct sklab_batch_state *state = current_batch();
	struct dispatch dispatch = {.ctx = ctx, .state = state};

	if (!state)
		return SK_PASS;
	bpf_loop(state->program_count, dispatch_one, &dispatch, 0);
	/* REDIRECT, or what stands for it, outweighs every DROP, even when no socket is selected.
	 */
	if (state->dialect == SKLAB_REDIRECT ? dispatch.redirected : ctx->sk != NULL)
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
	struct sklab_batch_state *state = current_batch();
	const struct sklab_packet *packet;

	if (!lookup || !state)
		return 1;
	packet = bpf_map_lookup_elem(&packets, &lookup->packet);
	if (!packet)
		return 1;
	state->first_run = index * state->program_count;
	state->sequence = 0;
	switch (packet->kind) {
	case SKLAB_UDP4:
		lookup->mark = look_up(*skb, packet->addresses, UDP, IPV4_TUPLE);
		break;
	case SKLAB_UDP6:
		lookup->mark = look_up(*skb, packet->addresses, UDP, IPV6_TUPLE);
		break;
	case SKLAB_TCP4:
		lookup->mark = look_up(*skb, packet->addresses, TCP, IPV4_TUPLE);
		break;
	case SKLAB_TCP6:
		lookup->mark = look_up(*skb, packet->addresses, TCP, IPV6_TUPLE);
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
	const struct sklab_batch_state *state = current_batch();

	if (!state)
		return 0;
	return bpf_loop(state->lookup_count, drive_one, &skb, 0);
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
