// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <algorithm>
#include <array>
#include <bit>
#include <limits>
#include <set>
#include <vector>

#include "harness/model/object_scenario_text.h"
#include "harness/model/scenario_grammar.h"
#include "harness/model/scenario_validate.h"

namespace sklab {
namespace {

// What has been read so far.
struct ObjectParse {
  ObjectScenario scenario;
  SocketNames socket_names;
  std::vector<size_t> socket_lines;
  std::set<std::string> global_names;
  std::set<std::pair<std::string, std::vector<uint8_t>>> keys;  // with their maps
  bool has_version = false;
};

Result<Scalar> parse_numeric_scalar(LineReader &reader, ScalarType type, std::string_view text) {
  const ScalarName &name = kScalarNames[static_cast<size_t>(type)];
  const uint64_t max = std::numeric_limits<uint64_t>::max() >> (8 * (sizeof(uint64_t) - name.size));
  SKLAB_TRY(uint64_t number, parse_number(text, max, reader));
  Scalar scalar{type, std::vector<uint8_t>(name.size)};
  for (auto byte = scalar.bytes.rbegin(); byte != scalar.bytes.rend(); ++byte, number >>= 8U) {
    *byte = static_cast<uint8_t>(number);
  }
  if (!name.big_endian && std::endian::native == std::endian::little) {
    std::reverse(scalar.bytes.begin(), scalar.bytes.end());
  }
  return scalar;
}

Result<Scalar> parse_address_scalar(LineReader &reader, ScalarType type, std::string_view text) {
  const auto address = parse_address(text);
  if (!address) return reader.error(address.error());
  const bool is_ipv4 = type == ScalarType::kIp4;
  if ((address->family == Family::kIpv4) != is_ipv4) {
    return reader.error(is_ipv4 ? "an IPv4 address" : "an IPv6 address");
  }
  const auto size = static_cast<ptrdiff_t>(kScalarNames[static_cast<size_t>(type)].size);
  return Scalar{type, {address->bytes.begin(), address->bytes.begin() + size}};
}

Result<Scalar> parse_hex_scalar(LineReader &reader, std::string_view text) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  if (text.empty() || text.size() % 2 != 0 ||
      text.find_first_not_of(kDigits) != std::string_view::npos) {
    return reader.error("two digits a byte, of 0 to 9 and a to f");
  }
  Scalar scalar{ScalarType::kHex, {}};
  for (size_t i = 0; i < text.size(); i += 2) {
    scalar.bytes.push_back(
        static_cast<uint8_t>(kDigits.find(text[i]) << 4U | kDigits.find(text[i + 1])));
  }
  return scalar;
}

Result<Scalar> parse_scalar(LineReader &reader) {
  const std::string_view word = reader.next();
  const size_t colon = word.find(':');
  const std::string_view type_name = word.substr(0, colon);
  const auto *const found =
      std::find_if(kScalarNames.begin(), kScalarNames.end(),
                   [&](const ScalarName &name) { return name.name == type_name; });
  if (colon == std::string_view::npos || found == kScalarNames.end()) {
    return reader.error("u8:, u16:, u32:, u64:, be16:, be32:, ip4:, ip6: or hex:");
  }
  const auto type = static_cast<ScalarType>(std::distance(kScalarNames.begin(), found));
  const std::string_view text = word.substr(colon + 1);
  if (type == ScalarType::kHex) return parse_hex_scalar(reader, text);
  if (type == ScalarType::kIp4 || type == ScalarType::kIp6) {
    return parse_address_scalar(reader, type, text);
  }
  return parse_numeric_scalar(reader, type, text);
}

// One scalar at least, up to a word without a colon.
Result<std::vector<Scalar>> parse_scalars(LineReader &reader) {
  std::vector<Scalar> scalars;
  do {
    SKLAB_TRY(Scalar scalar, parse_scalar(reader));
    scalars.push_back(std::move(scalar));
  } while (reader.peek().find(':') != std::string_view::npos);
  return scalars;
}

Result<> parse_object_socket(LineReader &reader, ObjectParse &parse) {
  // A packet's answer could be both.
  if (!reader.at_end() &&
      std::find(kAnswerNames.begin(), kAnswerNames.end(), reader.peek()) != kAnswerNames.end()) {
    reader.next();
    return reader.error("a name other than plain, none and drop");
  }
  SKLAB_TRY(SocketSpec socket, parse_socket_line(reader, parse.socket_names));
  parse.scenario.sockets.push_back(std::move(socket));
  parse.socket_lines.push_back(reader.number());
  return Ok{};
}

Result<> parse_global(LineReader &reader, ObjectParse &parse) {
  GlobalVariable global;
  global.name = std::string(reader.next());
  if (global.name.empty()) return reader.error("the variable's name");
  if (!parse.global_names.insert(global.name).second) return reader.error("each variable once");
  SKLAB_TRY(global.value, parse_scalars(reader));
  global.line.number = reader.number();
  parse.scenario.globals.push_back(std::move(global));
  return Ok{};
}

Result<> parse_entry(LineReader &reader, ObjectParse &parse) {
  MapEntry entry;
  entry.map = std::string(reader.next());
  if (entry.map.empty()) return reader.error("the map's name");
  if (reader.next() != "key") return reader.error("key");
  SKLAB_TRY(entry.key, parse_scalars(reader));
  const bool is_new = parse.keys.emplace(entry.map, bytes_of(entry.key)).second;
  if (!is_new) return reader.error("a key that no other entry of the map has");
  const std::string_view word = reader.next();
  if (word == "value") {
    SKLAB_TRY(entry.value, parse_scalars(reader));
  } else if (word == "socket") {
    SKLAB_TRY(entry.socket, parse_socket_name(reader, parse.socket_names, "a socket named above"));
  } else {
    return reader.error("a part of the key, value or socket");
  }
  entry.line.number = reader.number();
  parse.scenario.entries.push_back(std::move(entry));
  return Ok{};
}

Result<> parse_may(LineReader &reader, ObjectParse &parse) {
  if (reader.next() != "drop") return reader.error("drop");
  parse.scenario.may_drop = true;
  return Ok{};
}

Result<ExpectedAnswer> parse_answer(LineReader &reader, const ObjectParse &parse) {
  if (reader.at_end()) return ExpectedAnswer{};
  if (reader.next() != "=") return reader.error("= and the packet's answer");
  const std::string_view word = reader.peek();
  for (size_t i = 0; i < kAnswerNames.size(); ++i) {
    if (word.empty() || kAnswerNames[i] != word) continue;
    reader.next();
    return ExpectedAnswer{static_cast<ExpectedAnswer::Kind>(i), 0};
  }
  SKLAB_TRY(const size_t socket, parse_socket_name(reader, parse.socket_names,
                                                   "a socket named above, plain, none or drop"));
  return ExpectedAnswer{ExpectedAnswer::Kind::kSocket, socket};
}

Result<> parse_object_packet(LineReader &reader, ObjectParse &parse) {
  ObjectPacket packet;
  SKLAB_TRY(packet.packet, parse_packet_line(reader));
  SKLAB_TRY(packet.expected, parse_answer(reader, parse));
  packet.line.number = reader.number();
  parse.scenario.packets.push_back(packet);
  return Ok{};
}

constexpr std::array<Statement<ObjectParse>, 5> kObjectStatements = {
    {{"socket", parse_object_socket},
     {"global", parse_global},
     {"entry", parse_entry},
     {"may", parse_may},
     {"packet", parse_object_packet}}};

Result<> check_object_scenario(const ObjectParse &parse) {
  std::vector<Packet> packets;
  packets.reserve(parse.scenario.packets.size());
  for (const ObjectPacket &packet : parse.scenario.packets) packets.push_back(packet.packet);
  const auto wrong = find_contradiction(parse.scenario.sockets, packets);
  if (!wrong) return Ok{};
  const bool in_socket = wrong->part == Contradiction::Part::kSocket;
  const size_t line = in_socket ? parse.socket_lines[wrong->index]
                                : parse.scenario.packets[wrong->index].line.number;
  return fail_as(ErrorKind::kUsage, "read scenario at", std::to_string(line) + ":1", 0,
                 wrong->what + ": " + wrong->why);
}

}  // namespace

Result<ObjectScenario> parse_object_scenario(std::string_view text) {
  ObjectParse parse;
  SKLAB_TRY(const size_t number, parse_lines(text, [&](LineReader &reader) {
              return parse_statement(reader, parse, "object", kObjectStatements,
                                     "socket, global, entry, may or packet");
            }));
  const LineReader end({}, number);
  if (!parse.has_version) return end.error("'object 1'");
  if (parse.scenario.packets.empty()) return end.error("a packet");
  SKLAB_CHECK(check_object_scenario(parse));
  return std::move(parse.scenario);
}

}  // namespace sklab
