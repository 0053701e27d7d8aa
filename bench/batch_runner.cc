// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "bench/batch_runner.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/measure/cpu.h"
#include "harness/path/test_run.h"

namespace sklab {
namespace {

// Untimed lookups before the timed ones: enough for code and predictors, not so many that a large
// population's caches would be warm.
uint64_t warmup_for(uint64_t lookups) { return std::min<uint64_t>(lookups / 20, 1024) / 16 * 16; }

BatchRequest request_for(const Lane &lane, uint64_t lookups) {
  BatchRequest request;
  request.protocol = lane.expectation.targets.front().packet.protocol;
  request.family = lane.expectation.targets.front().packet.source.address.family;
  request.per_iteration = lane.per_iteration;
  request.lookups = lookups;
  request.empty = lane.is_empty_loop;
  request.first_target = lane.first_target;
  request.target_count = lane.target_count();
  request.burn = lane.burn;
  return request;
}

std::string socket_name(const PopulatedNetns &netns, uint32_t mark) {
  const auto index = SocketSet::index_of(mark);
  if (!index) return "no socket";
  if (*index >= netns.population.sockets.size()) return fmt::format("an unknown mark {}", mark);
  return "socket " + netns.population.sockets[*index].name;
}

}  // namespace

Result<std::vector<NetnsLink>> BatchRunner::attach(const Lane &lane) {
  std::vector<NetnsLink> links;
  for (const Program &program : lane.programs) {
    SKLAB_TRY(NetnsLink link, NetnsLink::attach(program.fd(), netns_.netns));
    links.push_back(std::move(link));
  }
  SKLAB_TRY(const auto ids, attached_program_ids(netns_.netns));
  if (ids == lane.program_ids) return links;
  return fail_as(ErrorKind::kMismatch, "attach programs",
                 fmt::format("{} are attached instead of {}", ids.size(), lane.program_ids.size()));
}

Result<> BatchRunner::check(const Lane &lane, const BatchResult &result, uint64_t lookups) const {
  if (lane.is_empty_loop || result.matched == lookups) return Ok{};
  const LookupTarget &target = lane.expectation.targets.front();
  return fail_as(
      ErrorKind::kMismatch, "find the right socket:",
      fmt::format("{} of {} lookups found another, for example {} where {} is right",
                  lookups - result.matched, lookups, socket_name(netns_, result.wrong_mark),
                  lane.target_count() > 1 ? "one of the population"
                                          : socket_name(netns_, target.mark_low)));
}

Result<BatchResult> BatchRunner::run_untimed(const Lane &lane, uint64_t lookups) {
  SKLAB_CHECK(instruments_.key.set(lane.wants_key_on()));
  SKLAB_TRY(const auto links, attach(lane));
  SKLAB_TRY(const BatchResult result, instruments_.probe.run(request_for(lane, lookups)));
  SKLAB_CHECK(check(lane, result, lookups));
  return result;
}

Result<uint64_t> BatchRunner::run_piece(const Lane &lane, const BatchPiece &piece,
                                        const std::function<void()> &before,
                                        const std::function<void()> &after) {
  if (lane.spec.path == RowPath::kTestRun) {
    before();
    const auto elapsed_ns = run_program(lane, piece.lookups);
    after();
    if (!elapsed_ns) return tl::unexpected(elapsed_ns.error());
    return static_cast<uint64_t>(*elapsed_ns);
  }
  if (!lane.ignores_key()) SKLAB_CHECK(instruments_.key.set(lane.wants_key_on()));
  SKLAB_TRY(const auto links, attach(lane));
  BatchRequest request = request_for(lane, piece.lookups);
  request.first_target += piece.first_target;
  request.target_count = piece.target_count;
  request.per_iteration = piece.per_iteration;
  before();
  const auto result = instruments_.probe.run(request);
  after();
  if (!result) return tl::unexpected(result.error());
  SKLAB_CHECK(check(lane, *result, piece.lookups));
  return result->elapsed_ns;
}

Result<double> BatchRunner::run_timed(const Lane &lane, uint64_t lookups) {
  if (lane.spec.path == RowPath::kTestRun) return run_program(lane, lookups);
  if (!lane.ignores_key()) SKLAB_CHECK(instruments_.key.set(lane.wants_key_on()));
  SKLAB_TRY(const auto links, attach(lane));
  if (lane.spec.path == RowPath::kFlood) return run_flood(lane, lookups);
  return lane.spec.cpus == Cpus::kOne ? run_alone(lane, lookups) : run_on_all_cpus(lane, lookups);
}

Result<double> BatchRunner::run_alone(const Lane &lane, uint64_t lookups) {
  BatchRequest request = request_for(lane, lookups);
  if (lane.spec.caches == Caches::kEvicted) {
    // Twice the last level, since its replacement is not strictly by age.
    if (!eviction_) eviction_.emplace(2 * std::max<size_t>(last_level_cache_bytes(), 4U << 20U));
    eviction_->evict();
  } else {
    request.warmup_lookups = warmup_for(lookups);
  }
  SKLAB_TRY(const BatchResult result, instruments_.probe.run(request));
  SKLAB_CHECK(check(lane, result, lookups));
  return static_cast<double>(result.elapsed_ns);
}

Result<double> BatchRunner::run_on_all_cpus(const Lane &lane, uint64_t lookups) {
  if (!crew_) {
    SKLAB_TRY(Crew crew, Crew::create(instruments_.probe, netns_.netns, instruments_.cpus));
    crew_.emplace(std::move(crew));
  }
  std::vector<BatchRequest> requests(crew_->size(), request_for(lane, lookups));
  for (uint32_t i = 0; i < requests.size(); ++i) {
    requests[i].slot = i;
    requests[i].warmup_lookups = warmup_for(lookups);
    if (lane.spec.cpus != Cpus::kAllDifferent) continue;
    requests[i].first_target += i % lane.target_count();
    requests[i].target_count = 1;
  }
  SKLAB_TRY(const auto results, crew_->run(requests));
  double elapsed_ns = 0;
  for (const BatchResult &result : results) {
    SKLAB_CHECK(check(lane, result, lookups));
    elapsed_ns += static_cast<double>(result.elapsed_ns);
  }
  return elapsed_ns / static_cast<double>(results.size());
}

Result<FloodResult> BatchRunner::flood(const Lane &lane, uint64_t packets) {
  const Packet &packet = lane.expectation.targets.front().packet;
  SKLAB_TRY(FloodResult result, netns_.flood->run({packet, lane.spec.fate, packets}));
  if (!lane.packet_end.empty()) {
    SKLAB_CHECK(check_ends(result.ends, lane.packet_end, result.packets));
  }
  return result;
}

Result<double> BatchRunner::run_flood(const Lane &lane, uint64_t packets) {
  SKLAB_TRY(last_flood_, flood(lane, packets));
  return static_cast<double>(last_flood_.elapsed_ns);
}

Result<uint64_t> BatchRunner::run_untimed_flood(const Lane &lane, uint64_t packets) {
  if (!lane.ignores_key()) SKLAB_CHECK(instruments_.key.set(lane.wants_key_on()));
  SKLAB_TRY(const auto links, attach(lane));
  SKLAB_TRY(const FloodResult result, flood(lane, packets));
  return result.packets;
}

Result<double> BatchRunner::run_program(const Lane &lane, uint64_t repeat) {
  const ScriptedProgram script = script_of(lane.spec.steering, netns_.population);
  uint64_t cookie = 0;
  if (!script.assigns.empty()) {
    SKLAB_TRY(cookie, netns_.sockets.cookie(*script.assigns.front().socket));
  }
  const Packet &packet = lane.expectation.targets.front().packet;
  SKLAB_TRY(const TestRunResult result,
            test_run(lane.programs.front().fd(), packet, static_cast<uint32_t>(repeat)));
  if (result.return_code == script.return_code && result.selected_cookie == cookie) {
    return static_cast<double>(result.elapsed_ns);
  }
  return fail_as(
      ErrorKind::kMismatch, "run program",
      fmt::format("returned {} and selected socket {}, not {} and {}", result.return_code,
                  result.selected_cookie, script.return_code, cookie));
}

}  // namespace sklab
