// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/path/scenario_probe.h"

#include <algorithm>
#include <chrono>
#include <numeric>
#include <set>

#include "harness/model/bind_rules.h"

namespace sklab {
namespace {

// Of scenarios with scripts of their own: large enough that the system call costs nothing, small
// enough for the processor's cache.
constexpr ScriptedPrograms::Capacity kBatch = {1024, 4096};

}  // namespace

Result<ScenarioProbe> ScenarioProbe::create() {
  SKLAB_TRY(ScriptedPrograms programs, ScriptedPrograms::create(kCapacity));
  return ScenarioProbe(std::move(programs));
}

Result<> ScenarioProbe::open(Netns netns, const std::vector<SocketSpec> &sockets,
                             std::span<const size_t> assigned) {
  added_ = 0;
  SKLAB_TRY(SocketSet opened, SocketSet::create(netns, sockets));
  SKLAB_CHECK(programs_.use_population(opened, assigned));
  netns_.emplace(std::move(netns));
  sockets_.emplace(std::move(opened));
  // Closed connections leave TIME_WAIT behind.
  netns_can_be_used_again_ = std::none_of(sockets.begin(), sockets.end(), is_established);
  return Ok{};
}

Result<> ScenarioProbe::populate(const std::vector<SocketSpec> &sockets) {
  std::vector<size_t> all(sockets.size());
  std::iota(all.begin(), all.end(), size_t{0});
  // Programs of before would steer the connections of this population.
  programs_.detach();
  sockets_.reset();
  // A netns takes milliseconds to set up.
  if (std::exchange(netns_can_be_used_again_, false)) {
    return open(std::move(*netns_), sockets, all);
  }
  SKLAB_TRY(Netns netns, Netns::create());
  return open(std::move(netns), sockets, all);
}

Result<> ScenarioProbe::attach(Dialect dialect, const ReturnCodes &codes, size_t programs) {
  added_ = 0;
  batch_size_ = kBatch.scripts / std::max<size_t>(programs, 1);
  batch_size_ = std::min<size_t>(batch_size_, kBatch.lookups);
  return programs_.attach(*netns_, dialect, codes, programs);
}

Result<> ScenarioProbe::look_up(size_t count) {
  SKLAB_TRY(const ScopedNetns inside, ScopedNetns::enter(*netns_));
  const auto start = std::chrono::steady_clock::now();
  SKLAB_CHECK(programs_.look_up(count));
  lookup_ns_ = static_cast<uint64_t>((std::chrono::steady_clock::now() - start).count());
  return Ok{};
}

Result<> ScenarioProbe::run(const std::function<void(size_t, const Observation &)> &show) {
  const size_t count = std::exchange(added_, 0);
  SKLAB_CHECK(look_up(count));
  for (size_t i = 0; i < count; ++i) {
    programs_.read(i, observation_);
    show(i, observation_);
  }
  return Ok{};
}

Result<Observation> ScenarioProbe::observe(const Scenario &scenario) {
  const std::vector<size_t> assigned = assigned_sockets(scenario);
  SKLAB_TRY(Netns netns, Netns::create());
  SKLAB_CHECK(open(std::move(netns), scenario.sockets, assigned));
  SKLAB_CHECK(programs_.attach_reuseport(scenario, *sockets_));
  SKLAB_CHECK(attach(scenario.dialect, scenario.codes, scenario.programs.size()));
  SKLAB_CHECK(add(scenario));
  Observation observed;
  SKLAB_CHECK(run([&](size_t, const Observation &seen) { observed = seen; }));
  return observed;
}

std::vector<size_t> assigned_sockets(const Scenario &scenario) {
  std::set<size_t> assigned;
  for (const ScriptedProgram &program : scenario.programs) {
    for (const AssignOperation &assign : program.assigns) {
      if (assign.socket) assigned.insert(*assign.socket);
    }
  }
  for (const ReuseportProgram &program : scenario.reuseport_programs) {
    if (program.action == ReuseportProgram::Action::kSelect) assigned.insert(program.socket);
  }
  return {assigned.begin(), assigned.end()};
}

}  // namespace sklab
