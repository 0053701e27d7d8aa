// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// The lines that the text of a scenario and that of an object scenario have in common: sockets and
// packets.
#pragma once

#include <array>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "harness/model/line_reader.h"
#include "harness/model/scenario.h"

namespace sklab {

// Letters, digits and '_', and no digit first: names of sockets, and of programs.
bool is_identifier(std::string_view text);

// By name, the index of each socket that has been read.
using SocketNames = std::map<std::string, size_t, std::less<>>;

// "tcp4", "udp6": how both are written.
std::string_view packet_kind_name(Protocol protocol, Family family);

// What follows "socket": NAME KIND ADDRESS:PORT [v6only] [reuseport=NUMBER] [peer=ADDRESS:PORT].
// The name is added to `names`.
Result<SocketSpec> parse_socket_line(LineReader &reader, SocketNames &names);
std::string format_socket_line(const SocketSpec &socket);

// What follows "packet": KIND ADDRESS:PORT -> ADDRESS:PORT.
Result<Packet> parse_packet_line(LineReader &reader);
std::string format_packet_line(const Packet &packet);

// The next word as the name of a socket that has been read.
Result<size_t> parse_socket_name(LineReader &reader, const SocketNames &names,
                                 std::string_view expected);

// The rest of "key=value", when the word begins with "key=".
std::optional<std::string_view> value_of(std::string_view word, std::string_view key);

Result<uint32_t> parse_u32(LineReader &reader, std::string_view text);

// One kind of line of a text, and what reads the rest of it.
template <typename Parse>
struct Statement {
  std::string_view keyword;
  Result<> (*parse)(LineReader &reader, Parse &parse);
};

// Of every text the first line is `header`, a word, and the version 1, which sets has_version; all
// others are statements, which `expected` lists.
template <typename Parse, size_t kCount>
Result<> parse_statement(LineReader &reader, Parse &parse, const std::string &header,
                         const std::array<Statement<Parse>, kCount> &statements,
                         const std::string &expected) {
  const std::string_view keyword = reader.next();
  if (!parse.has_version) {
    if (keyword != header) return reader.error("'" + header + " 1' on the first line");
    if (reader.next() != "1") return reader.error("version 1");
    parse.has_version = true;
    return Ok{};
  }
  for (const Statement<Parse> &statement : statements) {
    if (statement.keyword == keyword) return statement.parse(reader, parse);
  }
  return reader.error(expected);
}

// Reads line by line with `parse`, which leaves nothing of a line over; lines without a word are
// left out. Returns the number of the line after the last, for what is missing there.
Result<size_t> parse_lines(std::string_view text,
                           const std::function<Result<>(LineReader &reader)> &parse);

}  // namespace sklab
