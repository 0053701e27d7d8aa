// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/path/tool_flood.h"

#include <fmt/format.h>

#include <array>
#include <utility>
#include <vector>

#include "harness/base/file.h"
#include "harness/kernel/interface.h"
#include "harness/path/flood_frame.h"

namespace sklab {
namespace {

struct ToolFacts {
  const char *program;
  const char *package;
};
// In the order of ToolFlood::Tool.
constexpr std::array kTools = {ToolFacts{"trafgen", "netsniff-ng"},
                               ToolFacts{"xdp-trafficgen", "xdp-tools"}};

std::string hardware_address(const uint8_t *bytes) {
  return fmt::format("{:02x}", fmt::join(bytes, bytes + 6, ":"));
}

// As trafgen(8) describes it: what is not given, checksums among it, it fills in.
std::string trafgen_packet(const FloodBatch &batch, const std::array<uint8_t, 14> &header) {
  const Packet &packet = batch.packet;
  const bool ipv6 = packet.source.address.family == Family::kIpv6;
  const bool tcp = packet.protocol == Protocol::kTcp;
  const int hops = batch.fate == FloodFate::kLowHopLimit ? kFloodHopLimit - 1 : int{kFloodHopLimit};
  return fmt::format(
      "{{ eth(da={}, sa={}), {}(sa={}, da={}, {}={}), {}(sp=dinc({}, {}), dp={}{}{}) }}\n",
      hardware_address(header.data()), hardware_address(header.data() + 6), ipv6 ? "ip6" : "ip4",
      packet.source.address.text(), packet.destination.address.text(), ipv6 ? "hl" : "ttl", hops,
      tcp ? "tcp" : "udp", kFloodFirstPort, kFloodFirstPort + kFloodPorts - 1,
      packet.destination.port, tcp ? ", syn, seq=1" : "",
      batch.fate == FloodFate::kBadChecksum ? ", csum=0x1" : "");
}

}  // namespace

Result<std::string> ToolFlood::program_of(Tool tool) {
  const ToolFacts &facts = kTools[static_cast<size_t>(tool)];
  return find_program(facts.program, facts.package);
}

Result<ToolFlood> ToolFlood::open(Tool tool) {
  SKLAB_TRY(std::string program, program_of(tool));
  if (tool == Tool::kXdpTrafficgen) SKLAB_CHECK(Interfaces::turn_on_gro(kUplinkInterface));
  SKLAB_TRY(TemporaryFolder folder, TemporaryFolder::create("sklab-flood."));
  return ToolFlood(tool, std::move(program), std::move(folder));
}

Result<ChildProcess> ToolFlood::start(const FloodBatch &batch, const Uplink &uplink) const {
  const Packet &packet = batch.packet;
  const auto header = uplink.arriving_header(packet.source.address.family);
  ChildCommand command;
  if (tool_ == Tool::kTrafgen) {
    const std::string file = folder_.path() / "packet.cfg";
    SKLAB_CHECK(write_file_atomically(file, trafgen_packet(batch, header)));
    command.arguments = {program_, "--dev", kUplinkFarEnd,   "--conf",        file,
                         "--cpus", "1",     "--no-sock-mem", "--no-cpu-stats"};
  } else {
    const bool can = packet.protocol == Protocol::kUdp &&
                     packet.source.address.family == Family::kIpv6 &&
                     batch.fate == FloodFate::kSocket;
    if (!can) {
      return fail_as(ErrorKind::kUnavailable, "make such packets with", program_, 0,
                     "it makes UDP over IPv6 only");
    }
    command.arguments = {program_,     "udp",
                         "--dst-mac",  hardware_address(header.data()),
                         "--src-mac",  hardware_address(header.data() + 6),
                         "--dst-addr", packet.destination.address.text(),
                         "--src-addr", packet.source.address.text(),
                         "--dst-port", std::to_string(packet.destination.port),
                         "--src-port", std::to_string(kFloodFirstPort),
                         "--threads",  "1",
                         kUplinkFarEnd};
  }
  SKLAB_TRY(const ScopedNetns inside, ScopedNetns::enter(uplink.client()));
  return ChildProcess::start(command);
}

}  // namespace sklab
