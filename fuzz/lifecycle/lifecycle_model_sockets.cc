// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <algorithm>
#include <cerrno>

#include "fuzz/lifecycle/lifecycle_model.h"
#include "harness/model/assign_rules.h"
#include "harness/model/bind_rules.h"
#include "harness/model/model.h"

namespace sklab {
namespace {

constexpr size_t kMostOpenSockets = 16;

// Whether the address is one that such a socket can be bound or connected to.
bool fits(const SocketSpec &spec, const IpAddress &address) {
  if (address.family != spec.family) return false;
  return !(spec.v6_only && address.is_v4_mapped());
}

// Of IPv6 sockets for IPv4 Linux 6.1 takes one that is bound to ::ffff:0.0.0.0 for one of a single
// address when TCP sockets are bound (inet_bind2_bucket_addr_match); later ones do not.
bool one_is_mapped_wildcard(const SocketSpec &a, const SocketSpec &b) {
  const IpAddress &one = a.local.address;
  const IpAddress &other = b.local.address;
  return a.protocol == Protocol::kTcp && b.protocol == Protocol::kTcp && one.is_v4_mapped() &&
         other.is_v4_mapped() &&
         one.from_v4_mapped().is_wildcard() != other.from_v4_mapped().is_wildcard();
}

bool is_udp(const ModelSocket &socket) { return socket.state.spec.protocol == Protocol::kUdp; }

// udp_disconnect forgets the peer's IPv4 address and port, but not its IPv6 address (sk_v6_daddr):
// packets of others do not reach the socket afterwards. That is no rule, and may be mended.
bool loses_its_peer(const SocketSpec &spec) {
  return spec.family == Family::kIpv4 || spec.local.address.is_v4_mapped();
}

}  // namespace

const ModelSocket *LifecycleModel::open_socket(size_t number) const {
  const auto found = sockets_.find(number);
  return found != sockets_.end() && found->second.open ? &found->second : nullptr;
}

size_t LifecycleModel::count_open_sockets() const {
  return static_cast<size_t>(std::count_if(sockets_.begin(), sockets_.end(),
                                           [](const auto &entry) { return entry.second.open; }));
}

bool LifecycleModel::socket_possible(const Operation &operation) const {
  if (operation.kind == OperationKind::kOpenSocket || operation.kind == OperationKind::kEstablish) {
    if (!netns_open(operation.netns) || sockets_.contains(operation.socket)) return false;
    if (count_open_sockets() >= kMostOpenSockets) return false;
    return operation.kind == OperationKind::kOpenSocket ||
           !has_connection(index_of(operation.netns), operation.packet);
  }
  const ModelSocket *socket = open_socket(operation.socket);
  if (socket == nullptr) return false;
  const SocketStage stage = socket->state.stage;
  switch (operation.kind) {
    case OperationKind::kBind:
      return stage != SocketStage::kFresh || may_bind(*socket, operation.spec.local);
    case OperationKind::kListen:
      // Without a port the kernel would choose one.
      return is_udp(*socket) || stage != SocketStage::kFresh;
    case OperationKind::kConnect:
      return may_connect(*socket, *operation.spec.peer);
    case OperationKind::kDisconnect:
      return is_udp(*socket) && stage != SocketStage::kFresh && loses_its_peer(socket->state.spec);
    case OperationKind::kShutDown:
      return stage == SocketStage::kListening;
    case OperationKind::kPut:
      // Since Linux 7.0 flags beyond 32 bits are refused before the map is asked
      // (bpf_map_check_op_flags).
      if (operation.flags >> 32U != 0 && check_put_stage({.socket = &socket->state}) != 0) {
        return false;
      }
      return rules_.lifecycle.refuses_fresh_udp || !is_udp(*socket) || stage != SocketStage::kFresh;
    default:
      return true;  // kCloseSocket
  }
}

// The kernel says yes or no, whatever came first. Beside sockets that it can share its address with
// and others that it cannot, it depends: udp_lib_lport_inuse asks the first that it meets, and
// inet_csk_get_port takes a short cut past a dual-stack wildcard's conflicts with IPv4
// (sk_reuseport_match).
bool LifecycleModel::may_bind(const ModelSocket &socket, const Endpoint &local) const {
  if (!fits(socket.state.spec, local.address) || local.port == 0) return false;
  const SocketSpec spec = bound_spec(socket, local);
  bool conflicts = false;
  bool shares = false;
  for (const auto &[number, other] : sockets_) {
    if (!other.open || other.netns != socket.netns || other.state.stage == SocketStage::kFresh) {
      continue;
    }
    const bool in_conflict = conflict(spec, other.state.spec);
    if (!in_conflict && !can_coexist(spec, other.state.spec)) return false;
    if (in_conflict && one_is_mapped_wildcard(spec, other.state.spec)) return false;
    conflicts |= in_conflict;
    shares |=
        spec.reuseport_group && other.state.spec.reuseport_group && overlap(spec, other.state.spec);
  }
  return !conflicts || !shares;
}

bool LifecycleModel::may_connect(const ModelSocket &socket, const Endpoint &peer) const {
  SocketSpec spec = socket.state.spec;
  // What connect() makes of a wildcard is a matter of routes; it takes a socket out of its group
  // since Linux 6.13 only.
  if (!is_udp(socket) || socket.state.stage == SocketStage::kFresh || spec.reuseport_group ||
      spec.local.address.from_v4_mapped().is_wildcard() || !fits(spec, peer.address) ||
      peer.address.is_v4_mapped() != spec.local.address.is_v4_mapped()) {
    return false;
  }
  spec.peer = peer;
  return std::all_of(sockets_.begin(), sockets_.end(), [&](const auto &entry) {
    const ModelSocket &other = entry.second;
    return &other == &socket || !other.open || other.netns != socket.netns ||
           other.state.stage == SocketStage::kFresh || can_coexist(spec, other.state.spec);
  });
}

SocketSpec LifecycleModel::bound_spec(const ModelSocket &socket, const Endpoint &local) const {
  SocketSpec spec = socket.state.spec;
  spec.local = local;
  if (!spec.reuseport_group) return spec;
  // The kernel puts sockets that are bound alike into one group; a new one has the number of its
  // first socket.
  const auto own = std::find_if(sockets_.begin(), sockets_.end(),
                                [&](const auto &entry) { return &entry.second == &socket; });
  spec.reuseport_group = kFirstGroup + own->first;
  for (const auto &[number, other] : sockets_) {
    if (other.open && other.netns == socket.netns && other.state.stage != SocketStage::kFresh &&
        other.state.spec.reuseport_group &&
        reuseport_key(other.state.spec) == reuseport_key(spec)) {
      spec.reuseport_group = other.state.spec.reuseport_group;
    }
  }
  return spec;
}

bool LifecycleModel::has_connection(size_t netns, const Packet &packet) const {
  const FourTuple wanted{packet.protocol, packet.destination, packet.source};
  return std::any_of(sockets_.begin(), sockets_.end(), [&](const auto &entry) {
    const ModelSocket &socket = entry.second;
    return socket.open && socket.netns == netns && four_tuple(socket.state.spec) == wanted;
  });
}

ExpectedResult LifecycleModel::apply_to_sockets(const Operation &operation) {
  ExpectedResult expected;
  int &error = expected.result.error;
  switch (operation.kind) {
    case OperationKind::kOpenSocket:
      sockets_[operation.socket] = {{operation.spec, SocketStage::kFresh},
                                    index_of(operation.netns)};
      break;
    case OperationKind::kBind:
      error = bind(sockets_.at(operation.socket), operation.spec.local);
      break;
    case OperationKind::kListen:
      error = listen(sockets_.at(operation.socket));
      break;
    case OperationKind::kConnect:
      sockets_.at(operation.socket).state.stage = SocketStage::kConnected;
      sockets_.at(operation.socket).state.spec.peer = operation.spec.peer;
      break;
    case OperationKind::kDisconnect:
      sockets_.at(operation.socket).state.stage = SocketStage::kBound;
      sockets_.at(operation.socket).state.spec.peer.reset();
      break;
    case OperationKind::kShutDown:
      // It keeps its port, and its places in maps.
      sockets_.at(operation.socket).state.stage = SocketStage::kBound;
      sockets_.at(operation.socket).hashed.reset();
      break;
    case OperationKind::kEstablish:
      return establish(operation);
    case OperationKind::kCloseSocket:
      close_socket(operation.socket);
      break;
    case OperationKind::kPut:
      error = put(operation);
      break;
    case OperationKind::kErase:
      error = erase(operation);
      break;
    default:
      return read(operation);
  }
  return expected;
}

int LifecycleModel::bind_error(const ModelSocket &socket, const OpenSocket &state) const {
  for (const auto &[number, other] : sockets_) {
    if (&other == &socket || !other.open || other.netns != socket.netns) continue;
    if (other.state.stage == SocketStage::kFresh) continue;
    if (rules_.lifecycle.bind_conflict(state, other.state)) return -EADDRINUSE;
  }
  return 0;
}

int LifecycleModel::bind(ModelSocket &socket, const Endpoint &local) {
  if (socket.state.stage != SocketStage::kFresh) return -EINVAL;
  const OpenSocket bound{bound_spec(socket, local), SocketStage::kBound};
  if (const int error = bind_error(socket, bound); error != 0) return error;
  socket.state = bound;
  if (is_udp(socket)) hash(socket);
  return 0;
}

int LifecycleModel::listen(ModelSocket &socket) {
  if (is_udp(socket)) return -EOPNOTSUPP;
  switch (socket.state.stage) {
    case SocketStage::kConnected:
      return -EINVAL;
    case SocketStage::kListening:
      return 0;
    default:
      break;
  }
  const OpenSocket listening{socket.state.spec, SocketStage::kListening};
  if (const int error = bind_error(socket, listening); error != 0) return error;
  socket.state = listening;
  hash(socket);
  return 0;
}

// Programs do nothing outside of lookups, so only listeners count.
ExpectedResult LifecycleModel::establish(const Operation &operation) {
  std::vector<size_t> numbers;
  Scenario scenario = population_of(index_of(operation.netns), numbers);
  scenario.packet = operation.packet;
  const Outcome outcome = evaluate(scenario, Arrival::kPacket);
  ExpectedResult expected;
  if (outcome.sockets.empty()) {
    expected.result.error = -ECONNREFUSED;
    return expected;
  }
  for (const size_t index : outcome.sockets) expected.sockets.push_back(numbers[index]);
  SocketSpec spec = scenario.sockets[outcome.sockets.front()];
  const bool mapped =
      spec.family == Family::kIpv6 && operation.packet.source.address.family == Family::kIpv4;
  spec.local = operation.packet.destination;
  spec.peer = operation.packet.source;
  if (mapped) {
    spec.local.address = spec.local.address.to_v4_mapped();
    spec.peer->address = spec.peer->address.to_v4_mapped();
  }
  spec.reuseport_group.reset();
  ModelSocket &socket = sockets_[operation.socket];
  socket = {{spec, SocketStage::kConnected}, index_of(operation.netns)};
  hash(socket);
  return expected;
}

void LifecycleModel::hash(ModelSocket &socket) {
  if (!socket.hashed) socket.hashed = hashed_++;
}

void LifecycleModel::close_socket(size_t number) {
  ModelSocket &socket = sockets_.at(number);
  socket.open = false;
  if (rules_.lifecycle.stays_mapped(socket.state)) return;
  for (auto &map : maps_) {
    std::erase_if(map, [number](const auto &entry) { return entry.second == number; });
  }
}

int LifecycleModel::put(const Operation &operation) {
  auto &map = maps_[static_cast<size_t>(operation.map)];
  const SocketMapPut put{operation.map,
                         operation.key,
                         operation.flags,
                         &sockets_.at(operation.socket).state,
                         map.contains(operation.key),
                         map.size()};
  if (const int error = check_put(rules_.lifecycle, put); error != 0) return error;
  map[operation.key] = operation.socket;
  return 0;
}

int LifecycleModel::erase(const Operation &operation) {
  auto &map = maps_[static_cast<size_t>(operation.map)];
  const int error = rules_.lifecycle.erase({operation.map, map.contains(operation.key)});
  if (error == 0) map.erase(operation.key);
  return error;
}

ExpectedResult LifecycleModel::read(const Operation &operation) const {
  const auto &map = mapped(operation.map);
  const auto found = map.find(operation.key);
  ExpectedResult expected;
  if (found == map.end()) {
    expected.result.error = -ENOENT;
  } else {
    expected.sockets = {found->second};
  }
  return expected;
}

}  // namespace sklab
