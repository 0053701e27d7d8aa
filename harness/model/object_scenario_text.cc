// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/model/object_scenario_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>

#include "harness/model/scenario_grammar.h"

namespace sklab {
namespace {

uint64_t number_of(const Scalar &scalar) {
  const bool big_endian = kScalarNames[static_cast<size_t>(scalar.type)].big_endian;
  std::vector<uint8_t> bytes = scalar.bytes;
  if (!big_endian && std::endian::native == std::endian::little) {
    std::reverse(bytes.begin(), bytes.end());
  }
  uint64_t number = 0;
  for (const uint8_t byte : bytes) number = number << 8U | byte;
  return number;
}

std::string address_text(const Scalar &scalar) {
  IpAddress address{scalar.type == ScalarType::kIp4 ? Family::kIpv4 : Family::kIpv6, {}};
  std::copy(scalar.bytes.begin(), scalar.bytes.end(), address.bytes.begin());
  return address.text();
}

std::string format_scalar(const Scalar &scalar) {
  const std::string_view name = kScalarNames[static_cast<size_t>(scalar.type)].name;
  switch (scalar.type) {
    case ScalarType::kIp4:
    case ScalarType::kIp6:
      return fmt::format("{}:{}", name, address_text(scalar));
    case ScalarType::kHex: {
      std::string text = fmt::format("{}:", name);
      for (const uint8_t byte : scalar.bytes) text += fmt::format("{:02x}", byte);
      return text;
    }
    default:
      return fmt::format("{}:{}", name, number_of(scalar));
  }
}

std::string format_scalars(const std::vector<Scalar> &scalars) {
  std::string text;
  for (const Scalar &scalar : scalars) text += " " + format_scalar(scalar);
  return text;
}

std::string format_entry(const MapEntry &entry, const ObjectScenario &scenario) {
  std::string text = fmt::format("entry {} key{}", entry.map, format_scalars(entry.key));
  if (entry.socket) return text + " socket " + scenario.sockets[*entry.socket].name;
  return text + " value" + format_scalars(entry.value);
}

std::string format_answer(const ExpectedAnswer &expected, const ObjectScenario &scenario) {
  switch (expected.kind) {
    case ExpectedAnswer::Kind::kAnything:
      return "";
    case ExpectedAnswer::Kind::kSocket:
      return " = " + scenario.sockets[expected.socket].name;
    default:
      return fmt::format(" = {}", kAnswerNames[static_cast<size_t>(expected.kind)]);
  }
}

}  // namespace

std::vector<uint8_t> bytes_of(const std::vector<Scalar> &scalars) {
  std::vector<uint8_t> bytes;
  for (const Scalar &scalar : scalars) {
    bytes.insert(bytes.end(), scalar.bytes.begin(), scalar.bytes.end());
  }
  return bytes;
}

std::string format_object_packet(const ObjectPacket &packet, const ObjectScenario &scenario) {
  return format_packet_line(packet.packet) + format_answer(packet.expected, scenario);
}

std::string format_object_scenario(const ObjectScenario &scenario) {
  std::string text = "object 1\n";
  for (const SocketSpec &socket : scenario.sockets) text += format_socket_line(socket) + "\n";
  for (const GlobalVariable &global : scenario.globals) {
    text += fmt::format("global {}{}\n", global.name, format_scalars(global.value));
  }
  for (const MapEntry &entry : scenario.entries) text += format_entry(entry, scenario) + "\n";
  if (scenario.may_drop) text += "may drop\n";
  for (const ObjectPacket &packet : scenario.packets) {
    text += format_object_packet(packet, scenario) + "\n";
  }
  return text;
}

}  // namespace sklab
