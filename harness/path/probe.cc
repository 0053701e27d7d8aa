// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/path/probe.h"

#include <bpf/bpf.h>

#include <array>
#include <bit>
#include <cerrno>

#include "bpf/abi.h"
#include "harness/kernel/mapped_array.h"
#include "harness/kernel/skeleton.h"
#include "harness/path/lookup_tuple.h"
#include "probe_bpf.skel.h"

namespace sklab {
namespace {

// What the probe program could not do, it would not say either.
Result<> check(const BatchRequest &request) {
  constexpr uint64_t kMaxLoops = 1U << 23U;  // BPF_MAX_LOOPS of the kernel
  const auto per_iteration = static_cast<uint64_t>(request.per_iteration);
  const auto fits = [&](uint64_t lookups) {
    return lookups % per_iteration == 0 && lookups / per_iteration <= kMaxLoops;
  };
  if (!fits(request.lookups) || !fits(request.warmup_lookups)) {
    return fail("run so many lookups in one batch:", std::to_string(request.lookups), EINVAL);
  }
  if (!std::has_single_bit(request.target_count)) {
    return fail("take turns between targets:", std::to_string(request.target_count), EINVAL);
  }
  if (request.burn > SKLAB_MOST_BURN) {
    return fail("do so much needless work:", std::to_string(request.burn), EINVAL);
  }
  if (request.slot >= SKLAB_BATCHES) {
    return fail("use batch slot", std::to_string(request.slot), EINVAL);
  }
  return Ok{};
}

}  // namespace

struct Probe::State {
  Skeleton<probe_bpf> object;
  MappedArray<sklab_tuple> tuples;
  MappedArray<sklab_batch> batches;

  [[nodiscard]] const bpf_program *program(const BatchRequest &request) const {
    const auto &p = object->progs;
    // Indexed by lookups per iteration, then by protocol and family; the empty programs come last.
    const std::array<std::array<const bpf_program *, 5>, 3> table = {{
        {p.probe_udp4_1, p.probe_udp6_1, p.probe_tcp4_1, p.probe_tcp6_1, p.probe_empty_1},
        {p.probe_udp4_8, p.probe_udp6_8, p.probe_tcp4_8, p.probe_tcp6_8, p.probe_empty_8},
        {p.probe_udp4_16, p.probe_udp6_16, p.probe_tcp4_16, p.probe_tcp6_16, p.probe_empty_16},
    }};
    const size_t unrolled = request.per_iteration == LookupsPerIteration::kOne     ? 0
                            : request.per_iteration == LookupsPerIteration::kEight ? 1
                                                                                   : 2;
    const size_t tcp = request.protocol == Protocol::kTcp ? 2 : 0;
    const size_t ipv6 = request.family == Family::kIpv6 ? 1 : 0;
    return table[unrolled][request.empty ? 4 : tcp + ipv6];
  }
};

Probe::Probe(std::unique_ptr<State> state) : state_(std::move(state)) {}
Probe::Probe(Probe &&) noexcept = default;
Probe &Probe::operator=(Probe &&) noexcept = default;
Probe::~Probe() = default;

Result<Probe> Probe::create(bool burns) {
  SKLAB_TRY(auto object, Skeleton<probe_bpf>::open("probe"));
  object->rodata->probe_burns = burns ? 1 : 0;
  SKLAB_CHECK(object.load());
  SKLAB_TRY(auto tuples, MappedArray<sklab_tuple>::map(object->maps.tuples));
  SKLAB_TRY(auto batches, MappedArray<sklab_batch>::map(object->maps.batches));
  return Probe(
      std::make_unique<State>(State{std::move(object), std::move(tuples), std::move(batches)}));
}

Result<> Probe::set_targets(std::span<const LookupTarget> targets, uint32_t first) {
  if (first + targets.size() > state_->tuples.all().size()) {
    return fail("set lookup targets", std::to_string(first + targets.size()), E2BIG);
  }
  for (const LookupTarget &target : targets) {
    if (target.mark_low > target.mark_high) return fail("set a lookup target without marks");
    sklab_tuple &tuple = state_->tuples[first++];
    write_tuple(target.packet, tuple.addresses);
    tuple.mark_low = target.mark_low;
    tuple.mark_high = target.mark_high;
  }
  return Ok{};
}

Result<BatchResult> Probe::run(const BatchRequest &request) const {
  SKLAB_CHECK(check(request));
  sklab_batch &batch = state_->batches[request.slot];
  batch = {};
  batch.lookups = request.lookups;
  batch.warmup = request.warmup_lookups;
  batch.tuple_first = request.first_target;
  batch.tuple_mask = request.target_count - 1;
  batch.burn = request.burn;

  // The smallest frame TEST_RUN takes for a TC program is an Ethernet header.
  std::array<char, 64> frame{};
  __sk_buff context{};
  context.cb[0] = request.slot;
  LIBBPF_OPTS(bpf_test_run_opts, options, .data_in = frame.data(), .data_size_in = frame.size(),
              .ctx_in = &context, .ctx_size_in = sizeof(context), .repeat = 1);
  if (bpf_prog_test_run_opts(bpf_program__fd(state_->program(request)), &options) != 0) {
    return fail("run", "probe program", errno);
  }
  if (options.retval != 0) return fail("run", "probe program", 0, "it refused its batch slot");
  return BatchResult{batch.elapsed_ns, batch.matched, batch.last_mark, batch.wrong_mark};
}

}  // namespace sklab
