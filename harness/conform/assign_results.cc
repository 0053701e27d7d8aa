// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/conform/assign_results.h"

#include <fmt/format.h>

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "harness/conform/comparison.h"
#include "harness/model/scenario_text.h"

namespace sklab {
namespace {

// Every kind of socket there is. The first two of each protocol are what a packet of each family
// can be assigned to, so that there is an earlier selection.
constexpr std::array kAddresses = {
    "{}4 127.0.0.1:{}",
    "{}6 [fd00::1]:{}",
    "{}4 0.0.0.0:{}",
    "{}6 [::]:{}",
    "{}6 [::]:{} v6only",
    "{}6 [fd00::1]:{} v6only",
    "{}6 [::ffff:127.0.0.1]:{}",
    "{}6 [::ffff:0.0.0.0]:{}",
    "{}4 127.0.0.1:{} reuseport={}",
    "{}6 [::]:{} reuseport={}",
    "{}4 127.0.0.1:{} peer=127.0.0.9:4001",
    "{}6 [fd00::1]:{} peer=[fd00::3]:4001",
    "{}6 [::ffff:127.0.0.1]:{} peer=[::ffff:127.0.0.9]:4001",
};

constexpr std::array kPackets = {
    "udp4 127.0.0.9:4000 -> 127.0.0.1:7000", "udp6 [fd00::3]:4000 -> [fd00::1]:7000",
    "tcp4 127.0.0.9:4000 -> 127.0.0.1:7000", "tcp6 [fd00::3]:4000 -> [fd00::1]:7000"};

std::vector<uint64_t> flags_to_try(Depth depth) {
  std::vector<uint64_t> flags;
  const uint64_t limit = depth == Depth::kQuick ? 8 : 256;
  for (uint64_t value = 0; value < limit; ++value) flags.push_back(value);
  // Each single bit of the others, alone and with both that have a meaning.
  for (unsigned bit = 8; bit < 64; ++bit) {
    flags.push_back(uint64_t{1} << bit);
    flags.push_back((uint64_t{1} << bit) | kAssignReplace | kAssignNoReuseport);
  }
  flags.push_back(~uint64_t{0});
  return flags;
}

Result<Scenario> population(const std::string &packet) {
  std::string text = "scenario 1\ndialect pass_drop\n";
  unsigned number = 0;
  for (const char *protocol : {"udp", "tcp"}) {
    for (const char *address : kAddresses) {
      text += fmt::format("socket s{} {}\n", number,
                          fmt::format(fmt::runtime(address), protocol, 7100 + number, number));
      ++number;
    }
  }
  return parse_scenario(text + "program pass\nprogram pass\npacket " + packet + "\n");
}

// The socket of the population that the packet can be assigned to.
size_t assignable(const Packet &packet) {
  const size_t ipv6 = packet.source.address.family == Family::kIpv6 ? 1 : 0;
  return ipv6 + (packet.protocol == Protocol::kTcp ? kAddresses.size() : 0);
}

Result<> check_packet(ScenarioProbe &probe, const ConformSettings &settings, const char *packet,
                      Case &result) {
  SKLAB_TRY(Scenario scenario, population(packet));
  SKLAB_CHECK(probe.populate(scenario.sockets));
  Comparison comparison(probe, *settings.rules, result);
  SKLAB_CHECK(comparison.start(scenario));
  const auto flags = flags_to_try(settings.depth);
  const ScriptedProgram selects{{{assignable(scenario.packet), 0}}, kSkPass};
  for (const bool selected : {false, true}) {
    scenario.programs[0] = selected ? selects : ScriptedProgram{};
    // One past the last socket stands for NULL.
    for (size_t socket = 0; socket <= scenario.sockets.size(); ++socket) {
      const bool null = socket == scenario.sockets.size();
      for (const uint64_t value : flags) {
        const AssignOperation assign{null ? std::nullopt : std::optional(socket), value};
        scenario.programs[1].assigns.assign(1, assign);
        SKLAB_CHECK(comparison.add(scenario));
      }
    }
  }
  return comparison.finish();
}

}  // namespace

void check_assign_results(CaseLog &log, const ConformSettings &settings) {
  auto probe = ScenarioProbe::create();
  for (const char *packet : kPackets) {
    log.run(std::string(packet, 4), [&](Case &result) -> Result<> {
      if (!probe) return tl::unexpected(probe.error());
      return check_packet(*probe, settings, packet, result);
    });
  }
}

}  // namespace sklab
