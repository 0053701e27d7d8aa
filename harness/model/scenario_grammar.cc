// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/model/scenario_grammar.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <limits>

namespace sklab {
namespace {

struct PacketKindName {
  std::string_view name;
  Protocol protocol;
  Family family;
};

constexpr std::array kPacketKindNames = {PacketKindName{"tcp4", Protocol::kTcp, Family::kIpv4},
                                         PacketKindName{"tcp6", Protocol::kTcp, Family::kIpv6},
                                         PacketKindName{"udp4", Protocol::kUdp, Family::kIpv4},
                                         PacketKindName{"udp6", Protocol::kUdp, Family::kIpv6}};

Result<PacketKindName> parse_kind(LineReader &reader) {
  const std::string_view word = reader.next();
  for (const PacketKindName &kind : kPacketKindNames) {
    if (kind.name == word) return kind;
  }
  return reader.error("tcp4, tcp6, udp4 or udp6");
}

Result<Endpoint> parse_endpoint_at(LineReader &reader, std::string_view text) {
  auto endpoint = parse_endpoint(text);
  if (!endpoint) return reader.error(endpoint.error());
  return endpoint;
}

Result<> parse_socket_option(LineReader &reader, SocketSpec &socket) {
  const std::string_view word = reader.next();
  if (word == "v6only") {
    if (socket.v6_only) return reader.error("v6only once");
    socket.v6_only = true;
    return Ok{};
  }
  if (const auto group = value_of(word, "reuseport=")) {
    if (socket.reuseport_group) return reader.error("one reuseport group");
    SKLAB_TRY(socket.reuseport_group, parse_u32(reader, *group));
    return Ok{};
  }
  if (const auto peer = value_of(word, "peer=")) {
    if (socket.peer) return reader.error("one peer");
    SKLAB_TRY(socket.peer, parse_endpoint_at(reader, *peer));
    return Ok{};
  }
  return reader.error("v6only, reuseport=NUMBER or peer=ADDRESS:PORT");
}

}  // namespace

bool is_identifier(std::string_view text) {
  const auto allowed = [](unsigned char c) { return std::isalnum(c) != 0 || c == '_'; };
  return !text.empty() && std::isdigit(static_cast<unsigned char>(text.front())) == 0 &&
         std::all_of(text.begin(), text.end(), allowed);
}

std::string_view packet_kind_name(Protocol protocol, Family family) {
  const auto *const found = std::find_if(
      kPacketKindNames.begin(), kPacketKindNames.end(),
      [&](const auto &kind) { return kind.protocol == protocol && kind.family == family; });
  return found->name;
}

Result<SocketSpec> parse_socket_line(LineReader &reader, SocketNames &names) {
  SocketSpec socket;
  socket.name = std::string(reader.next());
  if (socket.name.empty()) return reader.error("the socket's name");
  if (!names.emplace(socket.name, names.size()).second) {
    return reader.error("a name that no other socket has");
  }
  SKLAB_TRY(const PacketKindName kind, parse_kind(reader));
  socket.protocol = kind.protocol;
  socket.family = kind.family;
  SKLAB_TRY(socket.local, parse_endpoint_at(reader, reader.next()));
  while (!reader.at_end()) SKLAB_CHECK(parse_socket_option(reader, socket));
  return socket;
}

std::string format_socket_line(const SocketSpec &socket) {
  std::string text =
      fmt::format("socket {} {} {}", socket.name, packet_kind_name(socket.protocol, socket.family),
                  socket.local.text());
  if (socket.v6_only) text += " v6only";
  if (socket.reuseport_group) text += fmt::format(" reuseport={}", *socket.reuseport_group);
  if (socket.peer) text += " peer=" + socket.peer->text();
  return text;
}

Result<Packet> parse_packet_line(LineReader &reader) {
  Packet packet;
  SKLAB_TRY(const PacketKindName kind, parse_kind(reader));
  packet.protocol = kind.protocol;
  SKLAB_TRY(packet.source, parse_endpoint_at(reader, reader.next()));
  if (packet.source.address.family != kind.family) return reader.error("an address of that family");
  if (reader.next() != "->") return reader.error("->");
  SKLAB_TRY(packet.destination, parse_endpoint_at(reader, reader.next()));
  return packet;
}

std::string format_packet_line(const Packet &packet) {
  return fmt::format("packet {} {} -> {}",
                     packet_kind_name(packet.protocol, packet.source.address.family),
                     packet.source.text(), packet.destination.text());
}

Result<size_t> parse_socket_name(LineReader &reader, const SocketNames &names,
                                 std::string_view expected) {
  const auto found = names.find(reader.next());
  if (found == names.end()) return reader.error(std::string(expected));
  return found->second;
}

std::optional<std::string_view> value_of(std::string_view word, std::string_view key) {
  if (word.substr(0, key.size()) != key) return std::nullopt;
  return word.substr(key.size());
}

Result<uint32_t> parse_u32(LineReader &reader, std::string_view text) {
  SKLAB_TRY(const uint64_t number,
            parse_number(text, std::numeric_limits<uint32_t>::max(), reader));
  return static_cast<uint32_t>(number);
}

Result<size_t> parse_lines(std::string_view text,
                           const std::function<Result<>(LineReader &reader)> &parse) {
  size_t number = 1;
  for (size_t start = 0; start < text.size(); ++number) {
    const size_t end = std::min(text.find('\n', start), text.size());
    LineReader reader(text.substr(start, end - start), number);
    start = end + 1;
    if (reader.at_end()) continue;
    SKLAB_CHECK(parse(reader));
    if (!reader.next().empty()) return reader.error("the end of the line");
  }
  return number;
}

}  // namespace sklab
