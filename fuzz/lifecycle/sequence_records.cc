// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/lifecycle/sequence_records.h"

#include <array>

#include "fuzz/lifecycle/lifecycle_model.h"
#include "fuzz/lifecycle/sequence_operands.h"

namespace sklab {
namespace {

// An exit takes milliseconds, most of them spent waiting: a hundred times what other records do.
constexpr uint8_t kNetnsRecordsWithEffect = 16;  // one of so many

bool changes_state(OperationKind kind) {
  return kind != OperationKind::kLookUp && kind != OperationKind::kRead &&
         kind != OperationKind::kQuery && kind != OperationKind::kLinkInfo;
}

// Puts operations together, and asks the model which of them are possible.
class SequenceDecoder {
 public:
  explicit SequenceDecoder(Sequence &sequence) : sequence_(sequence), model_(kernel_rules()) {}

  void decode(SequenceRecordView record);
  void check_all();

 private:
  bool add(const Operation &operation) {
    if (sequence_.operations.size() == kMostOperations || !model_.possible(operation)) return false;
    if (changes_state(operation.kind)) model_.apply(operation, sequence_.programs);
    sequence_.operations.push_back(operation);
    return true;
  }

  // Of those that are open, the one that the byte means; a number that there is not, if none is.
  template <typename Things>
  static size_t choose(const Things &things, uint8_t byte) {
    std::vector<size_t> open;
    for (const auto &[number, thing] : things) {
      if (thing.open) open.push_back(number);
    }
    return open.empty() ? SIZE_MAX : open[byte % open.size()];
  }
  [[nodiscard]] size_t link(SequenceRecordView record) const {
    return choose(model_.links(), record[1]);
  }
  [[nodiscard]] size_t socket(SequenceRecordView record) const {
    return choose(model_.sockets(), record[1]);
  }
  [[nodiscard]] const SocketSpec *spec_of(size_t socket) const {
    const auto found = model_.sockets().find(socket);
    return found == model_.sockets().end() ? nullptr : &found->second.state.spec;
  }

  void attach(SequenceRecordView record, size_t times);
  void update(SequenceRecordView record);
  void call_for(OperationKind kind, SequenceRecordView record);
  void call_for_netns(SequenceRecordView record);
  void serve(SequenceRecordView record);
  void bind(size_t socket, SequenceRecordView record, bool mapped);
  void connect(size_t socket, SequenceRecordView record);
  void call_for_packet(OperationKind kind, SequenceRecordView record);
  void aim_at(size_t socket, SequenceRecordView record, Operation &operation) const;
  void call_for_key(OperationKind kind, SequenceRecordView record, size_t socket);

  Sequence &sequence_;
  LifecycleModel model_;
  size_t next_link_ = 0;
  size_t next_socket_ = 0;
};

void SequenceDecoder::attach(SequenceRecordView record, size_t times) {
  Operation operation{.kind = OperationKind::kAttach,
                      .netns = record[2] % kNetnsSlots,
                      .program = record[1] % kAllPrograms};
  for (size_t i = 0; i < times; ++i) {
    operation.link = next_link_;
    if (!add(operation)) return;
    ++next_link_;
  }
}

void SequenceDecoder::update(SequenceRecordView record) {
  Operation operation{
      .kind = OperationKind::kUpdate, .link = link(record), .program = record[2] % kAllPrograms};
  if (!model_.possible(operation)) return;
  if (record[3] % 3 == 1) operation.expected = model_.link_state(operation.link).program.number;
  if (record[3] % 3 == 2) operation.expected = record[3] / 3 % kAllPrograms;
  add(operation);
}

// An operation about one link or socket.
void SequenceDecoder::call_for(OperationKind kind, SequenceRecordView record) {
  add({.kind = kind, .link = link(record), .socket = socket(record)});
}

void SequenceDecoder::call_for_netns(SequenceRecordView record) {
  Operation operation{.netns = record[2] % kNetnsSlots};
  switch (sequence_record(record[0])) {
    case SequenceRecord::kQuery: {
      constexpr std::array<uint32_t, 4> kRooms = {0, 1, SKLAB_PROGRAMS, kMostRoom};
      operation.kind = OperationKind::kQuery;
      operation.room = record[3] < 128 ? kRooms[record[3] % kRooms.size()] : record[3] % kMostRoom;
      operation.flags = record[4] < 240 ? 0 : record[4] - 239;
      break;
    }
    case SequenceRecord::kLegacy:
      operation.kind =
          record[3] % 2 == 0 ? OperationKind::kLegacyAttach : OperationKind::kLegacyDetach;
      operation.program = record[1] % kAllPrograms;
      break;
    default:
      if (record[3] % kNetnsRecordsWithEffect != 0) return;
      operation.kind = model_.netns_open(operation.netns) ? OperationKind::kExitNetns
                                                          : OperationKind::kOpenNetns;
  }
  add(operation);
}

void SequenceDecoder::serve(SequenceRecordView record) {
  const uint8_t bits = record[1];
  Operation open{
      .kind = OperationKind::kOpenSocket, .netns = record[2] % kNetnsSlots, .socket = next_socket_};
  SocketSpec &spec = open.spec;
  spec.protocol = (bits & kSequenceUdp) != 0 ? Protocol::kUdp : Protocol::kTcp;
  spec.family = (bits & kSequenceIpv6) != 0 ? Family::kIpv6 : Family::kIpv4;
  spec.local.address.family = spec.family;
  const bool mapped = spec.family == Family::kIpv6 && (bits & kSequenceMapped) != 0;
  spec.v6_only = spec.family == Family::kIpv6 && !mapped && (bits & kSequenceV6Only) != 0;
  if ((bits & kSequenceReuseport) != 0) spec.reuseport_group = 0;
  if (!add(open)) return;
  const size_t socket = next_socket_++;
  const size_t stage = record[5] % 8;
  if (stage > 0) bind(socket, record, mapped);
  if (stage > 1 && spec.protocol == Protocol::kTcp) {
    add({.kind = OperationKind::kListen, .socket = socket});
  }
  if (stage == 2 && spec.protocol == Protocol::kUdp) connect(socket, record);
  if (stage > 3) call_for_key(OperationKind::kPut, record, socket);
}

void SequenceDecoder::bind(size_t socket, SequenceRecordView record, bool mapped) {
  const SocketSpec *spec = spec_of(socket);
  if (spec == nullptr) return;
  Operation operation{.kind = OperationKind::kBind, .socket = socket, .spec = *spec};
  const bool ipv6 = spec->family == Family::kIpv6 && !mapped;
  IpAddress address = operands::server_address(ipv6, record[3], true);
  if (mapped) address = address.to_v4_mapped();
  operation.spec.local = {address, operands::server_port(record[4])};
  add(operation);
}

void SequenceDecoder::connect(size_t socket, SequenceRecordView record) {
  const SocketSpec *spec = spec_of(socket);
  if (spec == nullptr) return;
  Operation operation{.kind = OperationKind::kConnect, .socket = socket, .spec = *spec};
  const bool mapped = spec->local.address.is_v4_mapped();
  Endpoint peer = operands::client_endpoint(spec->family == Family::kIpv6 && !mapped, record[7]);
  if (mapped) peer.address = peer.address.to_v4_mapped();
  operation.spec.peer = peer;
  add(operation);
}

// To an address, or to one of the sockets.
void SequenceDecoder::call_for_packet(OperationKind kind, SequenceRecordView record) {
  const uint8_t bits = record[1];
  Operation operation{.kind = kind, .netns = record[2] % kNetnsSlots};
  if (kind == OperationKind::kEstablish) operation.socket = next_socket_;
  const bool ipv6 = (bits & kSequenceIpv6) != 0;
  operation.packet.protocol = (bits & kSequenceUdp) != 0 ? Protocol::kUdp : Protocol::kTcp;
  operation.packet.destination = {operands::server_address(ipv6, record[3], false),
                                  operands::server_port(record[4])};
  operation.packet.source = operands::client_endpoint(ipv6, record[7]);
  if (record[5] >= 64) aim_at(choose(model_.sockets(), record[5]), record, operation);
  if (kind == OperationKind::kEstablish) operation.packet.protocol = Protocol::kTcp;
  if (add(operation) && kind == OperationKind::kEstablish) ++next_socket_;
}

// Changes the packet to one that the socket could get, mostly in its netns.
void SequenceDecoder::aim_at(size_t socket, SequenceRecordView record, Operation &operation) const {
  const SocketSpec *spec = spec_of(socket);
  if (spec == nullptr || spec->local.port == 0) return;
  const auto place = model_.place_of(model_.sockets().at(socket).netns);
  if (place && record[2] % 16 != 0) operation.netns = *place;
  const IpAddress local = spec->local.address.from_v4_mapped();
  const bool either = local.is_wildcard() && local.family == Family::kIpv6;
  const bool ipv6 = either ? (record[1] & kSequenceIpv6) != 0 : local.family == Family::kIpv6;
  Packet &packet = operation.packet;
  packet.protocol = spec->protocol;
  packet.destination = {
      local.is_wildcard() ? operands::server_address(ipv6, record[3], false) : local,
      spec->local.port};
  packet.source = operands::client_endpoint(ipv6, record[7]);
  if (spec->peer && (record[1] & kSequenceFromPeer) != 0) {
    packet.source = {spec->peer->address.from_v4_mapped(), spec->peer->port};
  }
}

void SequenceDecoder::call_for_key(OperationKind kind, SequenceRecordView record, size_t socket) {
  const ProgramStep::Source source = operands::source_of(record[6]);
  Operation operation{.kind = kind, .socket = socket, .map = source.map, .key = source.key};
  if (sequence_record(record[0]) == SequenceRecord::kPut)
    operation.flags = operands::put_flags_of(record[4]);
  add(operation);
}

void SequenceDecoder::check_all() {
  for (size_t place = 0; place < kNetnsSlots; ++place) {
    add({.kind = OperationKind::kQuery, .netns = place, .room = SKLAB_PROGRAMS});
  }
  // Copied: they do not change, but add() could.
  const auto links = model_.links();
  for (const auto &[number, link] : links) {
    if (link.open) add({.kind = OperationKind::kLinkInfo, .link = number});
  }
  for (const SocketMapKind map : {SocketMapKind::kSockmap, SocketMapKind::kSockhash}) {
    for (uint32_t key = 0; key < kMapKeys; ++key) {
      add({.kind = OperationKind::kRead, .map = map, .key = key});
    }
  }
  const std::array<uint8_t, kSequenceRecordSize> in_its_netns = {0, kSequenceFromPeer, 1};
  for (const auto &[number, socket] : model_.sockets()) {
    if (!socket.open || !socket.hashed) continue;
    Operation operation{.kind = OperationKind::kLookUp};
    aim_at(number, in_its_netns, operation);
    add(operation);
  }
}

void SequenceDecoder::decode(SequenceRecordView record) {
  switch (sequence_record(record[0])) {
    case SequenceRecord::kProgram:
      return;
    case SequenceRecord::kAttach:
      return attach(record, 1);
    case SequenceRecord::kAttachMany:
      return attach(record, 1 + record[3] % (kMaxLinks + 2));
    case SequenceRecord::kUpdate:
      return update(record);
    case SequenceRecord::kDetach:
      return call_for(OperationKind::kDetach, record);
    case SequenceRecord::kCloseLink:
      return call_for(OperationKind::kCloseLink, record);
    case SequenceRecord::kLinkInfo:
      return call_for(OperationKind::kLinkInfo, record);
    case SequenceRecord::kQuery:
    case SequenceRecord::kLegacy:
    case SequenceRecord::kNetns:
      return call_for_netns(record);
    case SequenceRecord::kServer:
      return serve(record);
    case SequenceRecord::kBind:
      return bind(socket(record), record, record[7] % 4 == 0);
    case SequenceRecord::kListen:
      return call_for(OperationKind::kListen, record);
    case SequenceRecord::kConnect:
      return connect(socket(record), record);
    case SequenceRecord::kDisconnect:
      return call_for(OperationKind::kDisconnect, record);
    case SequenceRecord::kShutDown:
      return call_for(OperationKind::kShutDown, record);
    case SequenceRecord::kEstablish:
      return call_for_packet(OperationKind::kEstablish, record);
    case SequenceRecord::kCloseSocket:
      return call_for(OperationKind::kCloseSocket, record);
    case SequenceRecord::kPut:
      return call_for_key(OperationKind::kPut, record, socket(record));
    case SequenceRecord::kErase:
      return call_for_key(OperationKind::kErase, record, 0);
    case SequenceRecord::kRead:
      return call_for_key(OperationKind::kRead, record, 0);
    case SequenceRecord::kLookUp:
      return call_for_packet(OperationKind::kLookUp, record);
    case SequenceRecord::kCheckAll:
      return check_all();
  }
}

}  // namespace

Sequence decode_sequence(std::span<const uint8_t> bytes) {
  std::vector<SequenceRecordView> records;
  for (; bytes.size() >= kSequenceRecordSize; bytes = bytes.subspan(kSequenceRecordSize)) {
    records.push_back(bytes.first<kSequenceRecordSize>());
  }
  Sequence sequence;
  sequence.programs = operands::default_programs();
  for (const SequenceRecordView record : records) {
    if (sequence_record(record[0]) == SequenceRecord::kProgram) {
      operands::decode_program(record, sequence.programs);
    }
  }
  SequenceDecoder decoder(sequence);
  for (const SequenceRecordView record : records) decoder.decode(record);
  decoder.check_all();
  return sequence;
}

}  // namespace sklab
