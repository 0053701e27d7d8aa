// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/object/object_packets.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "harness/model/bind_rules.h"
#include "harness/model/loopback_addresses.h"

namespace sklab {
namespace {

template <typename T>
void add_once(std::vector<T> &all, const T &value) {
  if (std::find(all.begin(), all.end(), value) == all.end()) all.push_back(value);
}

constexpr size_t bits_of(Family family) { return family == Family::kIpv4 ? 32 : 128; }

void flip_bit(IpAddress &address, size_t bit) {
  address.bytes[bit / 8] ^= static_cast<uint8_t>(0x80U >> bit % 8);
}

}  // namespace

ObjectPackets::ObjectPackets(const ObjectScenario &scenario, uint64_t seed) : random_(seed) {
  for (const ObjectPacket &packet : scenario.packets) {
    add(packet.packet.destination);
    add(packet.packet.source);
    packets_.push_back(packet.packet);
  }
  for (const SocketSpec &socket : scenario.sockets) {
    add(socket.local);
    if (socket.peer) add(*socket.peer);
    if (is_established(socket)) established_.push_back(socket);
  }
  for (const MapEntry &entry : scenario.entries) {
    for (const auto *scalars : {&entry.key, &entry.value}) {
      for (const Scalar &scalar : *scalars) add(scalar);
    }
  }
  // There is always some of either.
  for (const IpAddress &address : kServers4) add_once(addresses4_, address);
  for (const IpAddress &address : kServers6) add_once(addresses6_, address);
}

void ObjectPackets::add(const Endpoint &endpoint) {
  const IpAddress address = endpoint.address.from_v4_mapped();
  if (!address.is_wildcard()) {
    add_once(address.family == Family::kIpv4 ? addresses4_ : addresses6_, address);
  }
  add_once(ports_, endpoint.port);
}

void ObjectPackets::add(const Scalar &scalar) {
  switch (scalar.type) {
    case ScalarType::kIp4:
    case ScalarType::kIp6: {
      IpAddress address{scalar.type == ScalarType::kIp4 ? Family::kIpv4 : Family::kIpv6, {}};
      std::copy(scalar.bytes.begin(), scalar.bytes.end(), address.bytes.begin());
      add(Endpoint{address, ports_.front()});
      break;
    }
    case ScalarType::kBe16:
      add_once(ports_, static_cast<uint16_t>(scalar.bytes[0] << 8U | scalar.bytes[1]));
      break;
    case ScalarType::kU16: {
      uint16_t port = 0;
      std::memcpy(&port, scalar.bytes.data(), sizeof(port));
      add_once(ports_, port);
      break;
    }
    // The context's local_port has 32 bits.
    case ScalarType::kU32: {
      uint32_t port = 0;
      std::memcpy(&port, scalar.bytes.data(), sizeof(port));
      if (port <= UINT16_MAX) add_once(ports_, static_cast<uint16_t>(port));
      break;
    }
    default:
      break;
  }
}

void ObjectPackets::change_address(IpAddress &address) {
  const size_t bits = bits_of(address.family);
  const size_t first = random_.below(bits);
  flip_bit(address, first);
  if (random_.one_in(2)) return;
  for (size_t bit = first + 1; bit < bits; ++bit) {
    if (random_.one_in(2)) flip_bit(address, bit);
  }
}

IpAddress ObjectPackets::make_address(Family family) {
  const std::vector<IpAddress> &near = addresses(family);
  IpAddress address = near[random_.below(near.size())];
  if (random_.one_in(2)) change_address(address);
  return address;
}

uint16_t ObjectPackets::make_port() {
  constexpr std::array<uint16_t, 4> kEdges = {0, 1, 1023, 65535};
  const uint16_t near = ports_[random_.below(ports_.size())];
  switch (random_.below(8)) {
    case 0:
      return static_cast<uint16_t>(near + 1);
    case 1:
      return static_cast<uint16_t>(near - 1);
    case 2:
      return static_cast<uint16_t>(random_.next());
    case 3:
      return kEdges[random_.below(kEdges.size())];
    default:
      return near;
  }
}

Packet ObjectPackets::make_packet() {
  Packet packet;
  packet.protocol = random_.one_in(2) ? Protocol::kTcp : Protocol::kUdp;
  const Family family = random_.one_in(2) ? Family::kIpv4 : Family::kIpv6;
  packet.source = {make_address(family), make_port()};
  packet.destination = {make_address(family), make_port()};
  return packet;
}

// One of the scenario's with one thing changed: protocol, address and port have to fit each other
// for a program to do something.
Packet ObjectPackets::change_packet() {
  Packet packet = packets_[random_.below(packets_.size())];
  const Family family = packet.source.address.family;
  switch (random_.below(5)) {
    case 0:
      packet.protocol = packet.protocol == Protocol::kTcp ? Protocol::kUdp : Protocol::kTcp;
      break;
    case 1:
      packet.source = {make_address(family), make_port()};
      break;
    case 2:
      packet.destination.port = make_port();
      break;
    case 3:
      packet.destination.address = make_address(family);
      break;
    default:
      change_address(packet.destination.address);
      break;
  }
  return packet;
}

Packet ObjectPackets::next() {
  for (;;) {
    const Packet packet = random_.one_in(4) ? make_packet() : change_packet();
    if (is_possible(packet)) return packet;
  }
}

bool ObjectPackets::is_possible(const Packet &packet) const {
  if (packet.destination.address.is_wildcard()) return false;
  if (packet.source.address.is_v4_mapped() || packet.destination.address.is_v4_mapped()) {
    return false;
  }
  // The far end of a connection is no socket of the scenario.
  return std::none_of(established_.begin(), established_.end(), [&](const SocketSpec &socket) {
    const auto tuple = four_tuple(socket);
    return packet.protocol == Protocol::kTcp && packet.source == tuple->local &&
           packet.destination == tuple->peer;
  });
}

}  // namespace sklab
