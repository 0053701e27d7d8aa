// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/path/packet_path.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "harness/kernel/interface.h"

namespace sklab {
namespace {

constexpr IpAddress kLoopback6{Family::kIpv6, {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}};

// In the order of Reply.
constexpr const char *kReplyNames[] = {"none", "syn_ack", "ack", "reset", "port_unreachable"};

using Payload = std::array<uint8_t, sizeof(uint64_t)>;

Payload payload_of(uint64_t number) {
  Payload payload;
  std::memcpy(payload.data(), &number, sizeof(number));
  return payload;
}

Result<std::optional<Reply>> tcp_reply(const ParsedPacket &packet) {
  const unsigned flags = packet.tcp.flags & (kTcpSyn | kTcpAck | kTcpReset | kTcpFin);
  if (flags == (kTcpSyn | kTcpAck)) return Reply::kSynAck;
  if (flags == kTcpAck) return Reply::kAck;
  if (flags == kTcpReset || flags == (kTcpReset | kTcpAck)) return Reply::kReset;
  return fail_as(ErrorKind::kMismatch, "understand reply", describe(packet));
}

// What the server sent, as a reply to `sent`; none when it is about something else.
Result<std::optional<Reply>> reply_to(const Packet &sent, const ParsedPacket &packet) {
  if (packet.kind == PacketKind::kTcp && sent.protocol == Protocol::kTcp &&
      packet.source == sent.destination && packet.destination == sent.source) {
    return tcp_reply(packet);
  }
  if (packet.kind == PacketKind::kUnreachable && packet.quoted == sent) {
    if (packet.reason == Unreachable::kPort) return Reply::kPortUnreachable;
    return fail_as(ErrorKind::kMismatch, "understand reply", describe(packet));
  }
  return std::nullopt;
}

Result<> check_packet(const Packet &packet, Protocol protocol) {
  if (packet.protocol != protocol) {
    return fail_as(ErrorKind::kUsage, "send packet", "", 0, "it is of another protocol");
  }
  for (const IpAddress &address : {packet.source.address, packet.destination.address}) {
    if (address.family != packet.source.address.family || address.is_v4_mapped()) {
      return fail_as(ErrorKind::kUsage, "send packet to", packet.destination.text(), 0,
                     "both addresses must be of one family");
    }
    if (address == kLoopback6) {
      return fail_as(ErrorKind::kUnavailable, "send packet to", packet.destination.text(), 0,
                     "::1 does not come through a wire");
    }
  }
  return Ok{};
}

Delivery delivery_of(const std::optional<Received> &received, Reply reply) {
  if (!received) return {std::nullopt, reply, 0};
  return {received->socket, reply, received->error_number};
}

// What the peer of an established socket sends.
Packet packet_from_peer(const SocketSpec &spec) {
  return {Protocol::kTcp,
          {spec.peer->address.from_v4_mapped(), spec.peer->port},
          {spec.local.address.from_v4_mapped(), spec.local.port}};
}

}  // namespace

const char *reply_name(Reply reply) { return kReplyNames[static_cast<size_t>(reply)]; }

std::string describe_answers(Reply reply, int error_number) {
  const std::string text = fmt::format("reply={}", reply_name(reply));
  return error_number == 0 ? text : text + " error=" + ::strerrorname_np(error_number);
}

std::string describe(const Delivery &delivery, const std::vector<SocketSpec> &population) {
  return fmt::format("socket={} {}", delivery.socket ? population[*delivery.socket].name : "none",
                     describe_answers(delivery.reply, delivery.error_number));
}

Result<PacketPath> PacketPath::create(const std::vector<SocketSpec> &population) {
  SKLAB_TRY(Netns netns, Netns::create());
  SKLAB_TRY(Wire wire, Wire::attach(netns));
  PacketPath path(std::make_unique<Netns>(std::move(netns)), PacketExchange(std::move(wire)));
  SKLAB_CHECK(path.replace_population(population));
  return path;
}

Result<uint32_t> PacketPath::interface_index() const {
  SKLAB_TRY(const ScopedNetns inside, ScopedNetns::enter(*netns_));
  SKLAB_TRY(Interfaces interfaces, Interfaces::open());
  SKLAB_TRY(const InterfaceState state, interfaces.state(kWireInterface));
  return static_cast<uint32_t>(state.index);
}

Result<> PacketPath::replace_population(const std::vector<SocketSpec> &population) {
  for (const auto &[ends, connection] : connections_) {
    SKLAB_CHECK(reset({Protocol::kTcp, ends.first, ends.second}, connection));
  }
  connections_.clear();
  watch_.reset();
  sockets_.reset();
  SKLAB_TRY(SocketSet sockets,
            SocketSet::create(*netns_, population, [this](const SocketSpec &spec) {
              return connect_from_outside(spec).map([](Ok) { return UniqueFd(); });
            }));
  sockets_.emplace(std::move(sockets));
  SKLAB_TRY(SocketWatch watch, SocketWatch::create(*sockets_, population));
  watch_.emplace(std::move(watch));
  return Ok{};
}

Result<> PacketPath::connect_from_outside(const SocketSpec &spec) {
  const Packet packet = packet_from_peer(spec);
  SKLAB_CHECK(check_packet(packet, Protocol::kTcp));
  SKLAB_TRY(const Handshake handshake, shake_hands(packet));
  if (handshake.reply != Reply::kSynAck) {
    return fail("connect to socket", spec.name, ECONNREFUSED, "detach every program before");
  }
  connections_[{packet.source, packet.destination}] = handshake.connection;
  return Ok{};
}

Result<PacketPath::Answer> PacketPath::exchange(const Packet &packet,
                                                std::span<const uint8_t> bytes) {
  SKLAB_TRY(const auto replies, exchange_.send(bytes));
  Answer answer;
  for (const ParsedPacket &candidate : replies) {
    SKLAB_TRY(const auto reply, reply_to(packet, candidate));
    if (!reply) continue;
    if (answer.reply != Reply::kNone) {
      return fail_as(ErrorKind::kMismatch, "send one packet and get two replies, the second",
                     describe(candidate));
    }
    answer = {*reply, candidate.tcp};
  }
  return answer;
}

Result<PacketPath::Answer> PacketPath::exchange_segment(const Packet &packet, uint8_t flags,
                                                        const Connection &state,
                                                        std::span<const uint8_t> payload) {
  const TcpFields fields{flags, state.sequence, state.acknowledgement};
  return exchange(packet, build_tcp(packet.source, packet.destination, fields, payload));
}

Result<PacketPath::Handshake> PacketPath::shake_hands(const Packet &packet) {
  Connection connection{static_cast<uint32_t>(++count_ << 16U), 0};
  SKLAB_TRY(const Answer answer, exchange_segment(packet, kTcpSyn, connection));
  Handshake handshake{answer.reply, {}};
  if (answer.reply != Reply::kSynAck) return handshake;
  handshake.connection = {connection.sequence + 1, answer.tcp.sequence + 1};
  SKLAB_CHECK(exchange_segment(packet, kTcpAck, handshake.connection));
  return handshake;
}

// With the very next sequence number, a reset is accepted without a challenge (RFC 5961, 3.2).
Result<> PacketPath::reset(const Packet &packet, const Connection &connection) {
  SKLAB_CHECK(exchange_segment(packet, kTcpReset, {connection.sequence, 0}));
  return Ok{};
}

Result<std::optional<Received>> PacketPath::sole_received(ReceivedKind kind,
                                                          std::span<const uint8_t> payload) {
  SKLAB_TRY(std::vector<Received> all, watch_->take());
  if (all.empty()) return std::nullopt;
  Received &first = all.front();
  const bool right =
      all.size() == 1 && first.kind == kind &&
      std::equal(payload.begin(), payload.end(), first.payload.begin(), first.payload.end());
  if (right) return std::optional<Received>(std::move(first));
  return fail_as(ErrorKind::kMismatch, "see one packet arrive once",
                 fmt::format("at socket {} of {} receivers", first.socket, all.size()));
}

Result<Delivery> PacketPath::send_datagram(const Packet &packet) {
  SKLAB_CHECK(check_packet(packet, Protocol::kUdp));
  const Payload payload = payload_of(++count_);
  SKLAB_TRY(const Answer answer,
            exchange(packet, build_udp(packet.source, packet.destination, payload)));
  SKLAB_TRY(const auto received, sole_received(ReceivedKind::kData, payload));
  return delivery_of(received, answer.reply);
}

Result<Delivery> PacketPath::send_syn(const Packet &packet) {
  SKLAB_CHECK(check_packet(packet, Protocol::kTcp));
  SKLAB_TRY(const Handshake handshake, shake_hands(packet));
  SKLAB_TRY(const auto received, sole_received(ReceivedKind::kConnection));
  // Before the accepted socket is closed, which would then send a segment of its own.
  if (handshake.reply == Reply::kSynAck) SKLAB_CHECK(reset(packet, handshake.connection));
  return delivery_of(received, handshake.reply);
}

Result<Delivery> PacketPath::send_stray_ack(const Packet &packet) {
  SKLAB_CHECK(check_packet(packet, Protocol::kTcp));
  const auto number = static_cast<uint32_t>(++count_ << 16U);
  SKLAB_TRY(const Answer answer, exchange_segment(packet, kTcpAck, {number, ~number}));
  SKLAB_TRY(const auto received, sole_received(ReceivedKind::kConnection));
  return delivery_of(received, answer.reply);
}

Result<Delivery> PacketPath::send_data(const Packet &packet) {
  SKLAB_CHECK(check_packet(packet, Protocol::kTcp));
  const auto found = connections_.find({packet.source, packet.destination});
  if (found == connections_.end()) {
    return fail_as(ErrorKind::kUsage, "send data to", packet.destination.text(), ENOTCONN);
  }
  const Payload payload = payload_of(++count_);
  SKLAB_TRY(Answer answer, exchange_segment(packet, kTcpAck | kTcpPush, found->second, payload));
  SKLAB_TRY(const auto received, sole_received(ReceivedKind::kData, payload));
  if (received) found->second.sequence += static_cast<uint32_t>(payload.size());
  // The server acknowledges at once, or when the data is read (tcp_cleanup_rbuf).
  if (answer.reply == Reply::kNone) {
    SKLAB_TRY(answer, exchange(packet, {}));
  }
  return delivery_of(received, answer.reply);
}

Result<Delivery> PacketPath::send_port_unreachable(const Packet &packet) {
  SKLAB_CHECK(check_packet(packet, Protocol::kUdp));
  const Payload payload = payload_of(++count_);
  const auto quoted = build_udp(packet.destination, packet.source, payload);
  const auto error = build_unreachable(packet.source.address, packet.destination.address,
                                       Unreachable::kPort, quoted);
  SKLAB_TRY(const Answer answer, exchange(packet, error));
  SKLAB_TRY(const auto received, sole_received(ReceivedKind::kError));
  return delivery_of(received, answer.reply);
}

Result<Arrived> PacketPath::send_frame(std::span<const uint8_t> frame) {
  SKLAB_TRY(const auto replies, exchange_.send(frame));
  Arrived arrived{{}, {replies.begin(), replies.end()}};
  const auto syn_ack =
      std::find_if(arrived.replies.begin(), arrived.replies.end(), [](const ParsedPacket &reply) {
        return reply.kind == PacketKind::kTcp &&
               (reply.tcp.flags & (kTcpSyn | kTcpAck)) == (kTcpSyn | kTcpAck);
      });
  if (syn_ack == arrived.replies.end()) {
    SKLAB_TRY(arrived.received, watch_->take());
    return arrived;
  }
  const Packet answer{Protocol::kTcp, syn_ack->destination, syn_ack->source};
  const Connection connection{syn_ack->tcp.acknowledgement, syn_ack->tcp.sequence + 1};
  SKLAB_CHECK(exchange_segment(answer, kTcpAck, connection));
  SKLAB_TRY(arrived.received, watch_->take());
  SKLAB_CHECK(reset(answer, connection));
  return arrived;
}

}  // namespace sklab
