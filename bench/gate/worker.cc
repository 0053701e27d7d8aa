// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "bench/gate/worker.h"

#include <algorithm>
#include <cerrno>
#include <memory>
#include <utility>

#include "bench/check.h"
#include "bench/gate/injection.h"
#include "bench/group_lanes.h"
#include "bench/group_session.h"
#include "bench/suite.h"
#include "harness/kernel/program.h"
#include "harness/measure/cpu.h"
#include "sklab/version.h"

namespace sklab {
namespace {

class GateWorker {
 public:
  GateWorker(Instruments instruments, const GateWorkerOptions &options)
      : instruments_(std::move(instruments)),
        slowdown_(options.slowdown.value_or(0)),
        groups_(groups_of(options.object)) {}

  GateReply answer(const GateRequest &request) {
    GateReply reply;
    const Result<> done = perform(request, reply);
    if (done) return reply;
    // A row that does the wrong thing is out, the others go on.
    if (done.error().kind == ErrorKind::kMismatch && request.what != "open") {
      reply.failure = done.error().message();
    } else {
      reply.error = done.error().message();
      reply.error_kind = static_cast<int>(done.error().kind);
    }
    return reply;
  }

 private:
  Result<> perform(const GateRequest &request, GateReply &reply) {
    if (request.what == "open") return open(request, reply);
    if (session_ == nullptr || request.lane >= session_->lanes.size()) {
      return fail("measure lane", std::to_string(request.lane), EINVAL);
    }
    Lane &lane = session_->lanes[request.lane];
    if (request.what == "check") return check(lane, request, reply);
    if (request.what == "run") return run(lane, request.lookups, reply);
    return fail("do what a gate asks:", request.what, 0, "is one of the two builds much newer?");
  }

  Result<> open(const GateRequest &request, GateReply &reply) {
    session_.reset();
    SKLAB_TRY(const GroupSpec group, find_group(request));
    SKLAB_TRY(session_, GroupSession::open(group, instruments_, request.seed));
    batch_ns_ = request.batch_ns;
    reply.sklab_version = kSklabVersion;
    for (const Lane &lane : session_->lanes) {
      SKLAB_TRY(LaneFacts facts, describe(lane));
      reply.lanes.push_back(std::move(facts));
    }
    return Ok{};
  }

  Result<GroupSpec> find_group(const GateRequest &request) const {
    const auto found = std::find_if(groups_.begin(), groups_.end(), [&](const GroupSpec &group) {
      return group.name == request.group;
    });
    if (found == groups_.end()) {
      return fail_as(ErrorKind::kUsage, "find the group", request.group, 0,
                     "this build does not have it");
    }
    GroupSpec group = *found;
    const auto unwanted = [&](const RowSpec &row) {
      return std::find(request.rows.begin(), request.rows.end(), row.name) == request.rows.end();
    };
    group.rows.erase(std::remove_if(group.rows.begin(), group.rows.end(), unwanted),
                     group.rows.end());
    if (group.rows.size() == request.rows.size()) return group;
    return fail_as(ErrorKind::kUsage, "find all rows of the group", request.group, 0,
                   "this build does not have them");
  }

  Result<LaneFacts> describe(const Lane &lane) const {
    LaneFacts facts;
    facts.name = lane.spec.name;
    facts.title = lane.spec.title;
    facts.path = path_name(lane.spec.path);
    if (!lane.is_empty_loop) {
      facts.definition = definition_of(lane, session_->netns().population);
    }
    facts.is_empty_loop = lane.is_empty_loop;
    facts.ignores_key = lane.ignores_key();
    facts.wants_key_on = lane.wants_key_on();
    const auto empty = empty_loop_of(session_->lanes, lane);
    facts.empty_loop = empty && !lane.is_empty_loop ? static_cast<int>(*empty) : -1;
    for (const Program &program : lane.programs) {
      SKLAB_TRY(const ProgramSize size, program_size(program.fd()));
      // What the kernel does not show to this process cannot be compared.
      if (size.instructions != 0) facts.counts["program_instructions"] += size.instructions;
      if (size.machine_code_bytes != 0) facts.counts["program_bytes"] += size.machine_code_bytes;
    }
    return facts;
  }

  Result<> check(Lane &lane, const GateRequest &request, GateReply &reply) {
    // What a user's program answers is known before any lookup is checked.
    if (!lane.failure.empty()) return fail_as(ErrorKind::kMismatch, lane.failure);
    SKLAB_CHECK(check_lane(lane, session_->runner(), session_->netns()));
    if (lane.lookups == 0) lane.lookups = request.lookups;
    if (lane.lookups == 0) {
      SKLAB_TRY(lane.lookups, session_->calibrate(lane, batch_ns_));
    }
    if (slowdown_ > 0 && !lane.is_empty_loop && lane.burn == 0) {
      SKLAB_CHECK(slow_down(lane, request.burn));
    }
    reply.lookups = lane.lookups;
    reply.burn = lane.burn;
    return Ok{};
  }

  Result<> slow_down(Lane &lane, uint32_t known_burn) {
    lane.burn = known_burn;
    if (lane.burn != 0) return Ok{};
    const auto empty = empty_loop_of(session_->lanes, lane);
    return inject_slowdown(*session_, lane, empty ? &session_->lanes[*empty] : nullptr, slowdown_);
  }

  Result<> run(const Lane &lane, uint64_t lookups, GateReply &reply) {
    SKLAB_TRY(const double elapsed_ns, session_->runner().run_timed(lane, lookups));
    reply.latency_ns = elapsed_ns / static_cast<double>(lookups);
    return Ok{};
  }

  Instruments instruments_;
  double slowdown_;
  std::vector<GroupSpec> groups_;
  double batch_ns_ = 0;
  std::unique_ptr<GroupSession> session_;
};

Result<Instruments> instruments_for(const GateWorkerOptions &options) {
  SKLAB_TRY(std::vector<unsigned> cpus, pin_to(options.cpu));
  // Whatever else runs would not only take its time in the middle of batches, but also come between
  // batches that are to be compared.
  run_first();
  SKLAB_TRY(Probe probe, Probe::create(options.slowdown.has_value()));
  return Instruments{std::move(probe), KeySwitch::held_elsewhere(), std::move(cpus)};
}

}  // namespace

Result<> serve_gate(const GateChannel &channel, const GateWorkerOptions &options) {
  SKLAB_TRY(Instruments instruments, instruments_for(options));
  GateWorker worker(std::move(instruments), options);
  for (;;) {
    const auto request = channel.receive_request();
    if (!request && request.error().error_number == ECONNRESET) return Ok{};
    if (!request) return tl::unexpected(request.error());
    SKLAB_CHECK(channel.send(worker.answer(*request)));
  }
}

}  // namespace sklab
