// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/semantics/packet_variation.h"

#include "fuzz/semantics/scenario_records.h"
#include "harness/model/loopback_addresses.h"

namespace sklab {
namespace {

uint16_t random_port_number(FuzzRandom &random) {
  return static_cast<uint16_t>(1 + random.below(65535));
}

Packet packet_to(const SocketSpec &target, FuzzRandom &random) {
  Packet packet{target.protocol, {}, {}};
  const IpAddress address = target.local.address.from_v4_mapped();
  bool ipv6 = address.family == Family::kIpv6;
  if (address.is_wildcard()) {
    ipv6 = target.family == Family::kIpv6 && random.one_in(2);
    packet.destination.address = ipv6 ? kServers6[0] : kServers4[0];
  } else {
    packet.destination.address = address;
  }
  packet.destination.port = target.local.port;
  packet.source = {ipv6 ? kClients6[0] : kClients4[0], kClientPorts[0]};
  if (target.peer && random.one_in(2)) {
    packet.source = {target.peer->address.from_v4_mapped(), target.peer->port};
  }
  return packet;
}

Packet without_peers(Packet packet) {
  // A segment to the far end of a connection: UDP has no sockets there.
  if (is_peer_port(packet.destination.port)) packet.protocol = Protocol::kUdp;
  return packet;
}

}  // namespace

Packet with_other_port(const Packet &packet, FuzzRandom &random) {
  Packet other = packet;
  Endpoint &end = random.one_in(2) ? other.destination : other.source;
  end.port = random_port_number(random);
  return without_peers(other);
}

Packet vary_packet(const Packet &packet, std::span<const SocketSpec> sockets, FuzzRandom &random) {
  Packet varied = packet;
  switch (random.below(6)) {
    case 0:
    case 1:
      varied.destination.port = random_port_number(random);
      break;
    case 2:
      varied.source.port = random_port_number(random);
      break;
    case 3:
      varied.protocol = packet.protocol == Protocol::kUdp ? Protocol::kTcp : Protocol::kUdp;
      break;
    default:
      if (!sockets.empty()) varied = packet_to(sockets[random.below(sockets.size())], random);
  }
  return without_peers(varied);
}

Packet random_packet(std::span<const SocketSpec> sockets, FuzzRandom &random) {
  const bool ipv6 = random.one_in(2);
  Packet packet{random.one_in(2) ? Protocol::kUdp : Protocol::kTcp,
                {ipv6 ? kClients6[0] : kClients4[0], kClientPorts[0]},
                {ipv6 ? kServers6[0] : kServers4[0], random_port_number(random)}};
  if (!sockets.empty()) packet = packet_to(sockets[random.below(sockets.size())], random);
  return random.one_in(4) ? vary_packet(packet, sockets, random) : without_peers(packet);
}

}  // namespace sklab
