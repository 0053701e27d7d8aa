// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/path/object_lab.h"

#include <algorithm>
#include <array>
#include <utility>

#include "harness/kernel/netns_link.h"
#include "harness/model/hashtable_rules.h"

namespace sklab {
namespace {

bool is_unicast(const IpAddress &address) {
  if (address.is_wildcard()) return false;
  if (address.family == Family::kIpv4) {
    constexpr uint8_t kFirstMulticast = 224;
    // The broadcast address of 127.0.0.0/8, the only network that an interface is in.
    constexpr std::array<uint8_t, 4> kBroadcast = {127, 255, 255, 255};
    return address.bytes[0] != 0 && address.bytes[0] < kFirstMulticast &&
           !std::equal(kBroadcast.begin(), kBroadcast.end(), address.bytes.begin());
  }
  const bool multicast = address.bytes[0] == 0xff;
  // An address of one link is only one together with the link.
  const bool link_local = address.bytes[0] == 0xfe && (address.bytes[1] & 0xc0U) == 0x80;
  return !multicast && !link_local;
}

bool goes_to_one_socket(const Packet &packet) {
  const auto is_possible = [](const Endpoint &endpoint) {
    return is_unicast(endpoint.address) && endpoint.port != 0;
  };
  return is_possible(packet.source) && is_possible(packet.destination);
}

}  // namespace

Result<ObjectLab> ObjectLab::create(ObjectSource source) {
  SKLAB_TRY(PacketPath path, PacketPath::create(source.scenario.sockets));
  SKLAB_TRY(UserObject object, UserObject::create(source, path.sockets()));
  SKLAB_TRY(ObjectObserver observer, ObjectObserver::create(path.netns(), path.sockets()));
  ObjectLab lab(std::move(source.scenario), std::move(object), std::move(observer));
  lab.path_ = std::make_unique<PacketPath>(std::move(path));
  return lab;
}

Result<ObjectLab> ObjectLab::create_without_wire(ObjectSource source) {
  SKLAB_TRY(Netns netns, Netns::create());
  SKLAB_CHECK(netns.make_every_address_local());
  SKLAB_TRY(SocketSet sockets, SocketSet::create(netns, source.scenario.sockets));
  SKLAB_TRY(UserObject object, UserObject::create(source, sockets));
  SKLAB_TRY(ObjectObserver observer, ObjectObserver::create(netns, sockets));
  ObjectLab lab(std::move(source.scenario), std::move(object), std::move(observer));
  lab.local_ = std::make_unique<LocalSockets>(LocalSockets{std::move(netns), std::move(sockets)});
  return lab;
}

const Netns &ObjectLab::netns() const { return path_ ? path_->netns() : local_->netns; }

Result<std::optional<Delivery>> ObjectLab::send(const Packet &packet) {
  if (!path_ || !goes_to_one_socket(packet)) return std::nullopt;
  Scenario scenario;
  scenario.sockets = scenario_.sockets;
  scenario.packet = packet;
  SKLAB_TRY(const NetnsLink link, NetnsLink::attach(object_.fd(), netns()));
  PacketOperation operation = &PacketPath::send_datagram;
  if (packet.protocol == Protocol::kTcp) {
    operation =
        find_connected(scenario, kernel_rules()) ? &PacketPath::send_data : &PacketPath::send_syn;
  }
  auto delivery = (path_.get()->*operation)(packet);
  if (delivery) return *delivery;
  if (delivery.error().kind == ErrorKind::kUnavailable) return std::nullopt;
  return tl::unexpected(delivery.error());
}

}  // namespace sklab
