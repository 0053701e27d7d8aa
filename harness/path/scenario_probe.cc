// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/path/scenario_probe.h"

#include "harness/kernel/netns.h"
#include "harness/kernel/socket_set.h"
#include "harness/path/scripted_programs.h"

namespace sklab {

Result<Observation> observe(const Scenario &scenario, Probe &probe) {
  SKLAB_TRY(const Netns netns, Netns::create());
  SKLAB_TRY(const SocketSet sockets, SocketSet::create(netns, scenario.sockets));
  SKLAB_TRY(ScriptedPrograms programs, ScriptedPrograms::create(scenario, sockets));
  SKLAB_CHECK(programs.attach(netns));

  const LookupTarget target{scenario.packet, 0, 0};
  SKLAB_CHECK(probe.set_targets({&target, 1}));
  SKLAB_TRY(const ScopedNetns inside, ScopedNetns::enter(netns));
  BatchRequest request;
  request.protocol = scenario.packet.protocol;
  request.family = scenario.packet.source.address.family;
  SKLAB_TRY(const BatchResult batch, probe.run(request));
  return Observation{SocketSet::index_of(batch.last_mark), programs.assign_results(),
                     programs.run_counts()};
}

}  // namespace sklab
