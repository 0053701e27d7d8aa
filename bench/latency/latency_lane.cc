// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "bench/latency/latency_lane.h"

#include <cerrno>

#include "bench/latency/open_loop.h"
#include "bench/traffic.h"

namespace sklab {
namespace {

constexpr uint16_t kFirstClientPort = 30000;

Result<LatencyLane> make_lane(const LatencyRowSpec &spec, const LatencySection &section,
                              const PopulatedNetns &netns, uint16_t client_port) {
  LatencyLane lane;
  lane.spec = spec;
  lane.rate_per_second = section.rate_per_second;
  if (spec.empty) {
    lane.exchange = make_empty_exchange();
    return lane;
  }
  std::vector<ScriptedProgram> scripts;
  if (is_attached_here(spec.steering)) {
    scripts.push_back(script_of(spec.steering, netns.population));
    SKLAB_TRY(lane.programs, netns.programs.instances(spec.steering, 1));
  }
  const Packet packet{section.family.protocol,
                      {section.family.client, client_port},
                      {section.family.server, kServerPort}};
  SKLAB_TRY(const Expectation expectation, expect(netns.population, scripts, {packet}));
  lane.runs_per_request = expectation.program_runs;
  const auto socket = SocketSet::index_of(expectation.targets.front().mark_low);
  if (!socket) return fail("find a socket for a request of row", spec.name, EINVAL);
  SKLAB_TRY(lane.exchange, make_exchange(section.family.protocol, packet.source,
                                         {{packet.destination, netns.sockets.fd(*socket)}}));
  return lane;
}

}  // namespace

Result<std::vector<LatencyLane>> make_latency_lanes(const LatencySection &section,
                                                    const PopulatedNetns &netns) {
  std::vector<LatencyLane> lanes;
  // Datagrams of every row come from a port of its own, connections from all that follow the first.
  uint16_t port = kFirstClientPort;
  for (const LatencyRowSpec &spec : section.rows) {
    SKLAB_TRY(LatencyLane lane, make_lane(spec, section, netns, port));
    lanes.push_back(std::move(lane));
    if (section.family.protocol == Protocol::kUdp) ++port;
  }
  return lanes;
}

}  // namespace sklab
