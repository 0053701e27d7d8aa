// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// The packet path: packets arrive from outside, and what is seen is which socket received them and
// what the sender got. Nothing but these packets makes the netns look sockets up.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "harness/base/result.h"
#include "harness/kernel/netns.h"
#include "harness/kernel/socket_set.h"
#include "harness/model/scenario.h"
#include "harness/path/packet_exchange.h"
#include "harness/path/socket_watch.h"

namespace sklab {

// What the sender of a packet gets back at once.
enum class Reply : uint8_t { kNone, kSynAck, kAck, kReset, kPortUnreachable };

const char *reply_name(Reply reply);

// "reply=none", or "reply=none error=ECONNREFUSED".
std::string describe_answers(Reply reply, int error_number);

struct Delivery {
  std::optional<size_t> socket;  // index into the population
  Reply reply = Reply::kNone;
  int error_number = 0;  // that the socket got (SO_ERROR), when an ICMP error arrived

  bool operator==(const Delivery &) const = default;
};

// One line, with the population's names: "socket=a reply=none".
std::string describe(const Delivery &delivery, const std::vector<SocketSpec> &population);

// What came of a frame.
struct Arrived {
  std::vector<Received> received;
  std::vector<ParsedPacket> replies;  // without their payloads
};

// Every operation sends one packet, or the few of a TCP handshake, and leaves nothing behind: no
// connection, no unread datagram. A packet goes from its source, who is outside, to its
// destination; both may be any unicast address but ::1 (kernel/wire.h).
//
// One thread at a time. Errors, beside those of the system calls: kMismatch for what no packet
// should cause, such as two receivers or a reply that Reply does not have; ETIMEDOUT when the
// server does not get through with a packet; kUnavailable for ::1.
class PacketPath {
 public:
  // The peers of established sockets are outside.
  static Result<PacketPath> create(const std::vector<SocketSpec> &population);
  // Also ends the connections of established sockets, so that a population after them finds their
  // addresses free.
  Result<> replace_population(const std::vector<SocketSpec> &population);

  // Where programs are attached.
  [[nodiscard]] const Netns &netns() const { return *netns_; }
  [[nodiscard]] const SocketSet &sockets() const { return *sockets_; }
  // Of the interface that packets arrive on, in that netns.
  [[nodiscard]] Result<uint32_t> interface_index() const;

  // A UDP datagram. Socket: who received it.
  Result<Delivery> send_datagram(const Packet &packet);
  // A TCP SYN and, if it is answered by a SYN-ACK, the rest of the handshake; the connection is
  // reset afterwards. Socket: the listener that accepted it.
  Result<Delivery> send_syn(const Packet &packet);
  // A TCP segment with the ACK flag alone, without a connection.
  Result<Delivery> send_stray_ack(const Packet &packet);
  // A few bytes to an established socket of the population, in sequence. Socket: who received them.
  Result<Delivery> send_data(const Packet &packet);
  // The error "port unreachable" from the packet's source, about a UDP datagram from the packet's
  // destination to its source. Socket: who got the error, and error_number which one.
  Result<Delivery> send_port_unreachable(const Packet &packet);
  // An IP packet of any bytes, at least one, or a part of one. A SYN-ACK is answered with the rest
  // of the handshake, so that a listener shows itself by accepting, and with a reset in the end.
  Result<Arrived> send_frame(std::span<const uint8_t> frame);

 private:
  struct Answer {
    Reply reply = Reply::kNone;
    TcpFields tcp;  // of the reply, if it is a segment
  };
  // Where a connection is, as its peer sees it: the next sequence numbers in both directions.
  struct Connection {
    uint32_t sequence = 0;
    uint32_t acknowledgement = 0;
  };
  struct Handshake {
    Reply reply = Reply::kNone;
    Connection connection;  // with kSynAck
  };

  PacketPath(std::unique_ptr<Netns> netns, PacketExchange exchange)
      : netns_(std::move(netns)), exchange_(std::move(exchange)) {}

  Result<Answer> exchange(const Packet &packet, std::span<const uint8_t> bytes);
  Result<Answer> exchange_segment(const Packet &packet, uint8_t flags, const Connection &state,
                                  std::span<const uint8_t> payload = {});
  Result<Handshake> shake_hands(const Packet &packet);
  Result<> reset(const Packet &packet, const Connection &connection);
  Result<> connect_from_outside(const SocketSpec &spec);
  Result<std::optional<Received>> sole_received(ReceivedKind kind,
                                                std::span<const uint8_t> payload = {});

  std::unique_ptr<Netns> netns_;
  PacketExchange exchange_;
  std::optional<SocketSet> sockets_;
  std::optional<SocketWatch> watch_;
  // Those of the established sockets, by source and destination of what the peer sends.
  std::map<std::pair<Endpoint, Endpoint>, Connection> connections_;
  // Of operations, from which their payloads and sequence numbers are made.
  uint64_t count_ = 0;
};

// One of those that send a packet.
using PacketOperation = Result<Delivery> (PacketPath::*)(const Packet &);

}  // namespace sklab
