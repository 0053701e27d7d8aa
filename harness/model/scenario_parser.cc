// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <algorithm>
#include <array>
#include <limits>
#include <map>
#include <optional>
#include <vector>

#include "harness/model/line_reader.h"
#include "harness/model/scenario_text.h"
#include "harness/model/scenario_validate.h"
#include "harness/model/scenario_words.h"

namespace sklab {
namespace {

struct Kind {
  std::string_view name;
  Protocol protocol;
  Family family;
};

constexpr std::array kKinds = {
    Kind{"tcp4", Protocol::kTcp, Family::kIpv4}, Kind{"tcp6", Protocol::kTcp, Family::kIpv6},
    Kind{"udp4", Protocol::kUdp, Family::kIpv4}, Kind{"udp6", Protocol::kUdp, Family::kIpv6}};

// What has been read so far.
struct Parse {
  Scenario scenario;
  std::map<std::string, size_t, std::less<>> socket_index;
  // The lines on which they stand, for errors that need the whole scenario.
  std::vector<size_t> socket_lines;
  std::vector<size_t> program_lines;
  std::vector<size_t> reuseport_lines;
  size_t packet_line = 0;
  bool has_version = false;
  bool has_dialect = false;
  bool has_packet = false;
};

Result<Kind> parse_kind(LineReader &reader) {
  const std::string_view word = reader.next();
  for (const Kind &kind : kKinds) {
    if (kind.name == word) return kind;
  }
  return reader.error("tcp4, tcp6, udp4 or udp6");
}

Result<Endpoint> parse_endpoint_at(LineReader &reader, std::string_view text) {
  auto endpoint = parse_endpoint(text);
  if (!endpoint) return reader.error(endpoint.error());
  return endpoint;
}

// The rest of "key=value", when the word begins with "key=".
std::optional<std::string_view> value_of(std::string_view word, std::string_view key) {
  if (word.substr(0, key.size()) != key) return std::nullopt;
  return word.substr(key.size());
}

Result<> parse_version(LineReader &reader, Parse &parse) {
  if (reader.next() != "1") return reader.error("version 1");
  parse.has_version = true;
  return Ok{};
}

Result<uint32_t> parse_u32(LineReader &reader, std::string_view text) {
  SKLAB_TRY(const uint64_t number,
            parse_number(text, std::numeric_limits<uint32_t>::max(), reader));
  return static_cast<uint32_t>(number);
}

Result<> parse_code(LineReader &reader, ReturnCodes &codes) {
  const std::string_view word = reader.next();
  const std::array<std::pair<std::string_view, uint32_t *>, 3> named = {
      {{"ok=", &codes.ok}, {"drop=", &codes.drop}, {"redirect=", &codes.redirect}}};
  for (const auto &[key, code] : named) {
    if (const auto number = value_of(word, key)) {
      SKLAB_TRY(*code, parse_u32(reader, *number));
      return Ok{};
    }
  }
  return reader.error("ok=NUMBER, drop=NUMBER or redirect=NUMBER");
}

Result<> parse_dialect(LineReader &reader, Parse &parse) {
  if (parse.has_dialect) return reader.error("one dialect only");
  const std::string_view word = reader.next();
  for (const Dialect dialect : kDialects) {
    if (dialect_name(dialect) != word) continue;
    parse.scenario.dialect = dialect;
    parse.has_dialect = true;
  }
  if (!parse.has_dialect) return reader.error("pass_drop, ok_drop or redirect");
  // The merged codes are those of the kernel.
  if (parse.scenario.dialect == Dialect::kPassDrop) return Ok{};
  while (!reader.at_end()) SKLAB_CHECK(parse_code(reader, parse.scenario.codes));
  return Ok{};
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

Result<> parse_socket(LineReader &reader, Parse &parse) {
  SocketSpec socket;
  socket.name = std::string(reader.next());
  if (socket.name.empty()) return reader.error("the socket's name");
  if (!parse.socket_index.emplace(socket.name, parse.scenario.sockets.size()).second) {
    return reader.error("a name that no other socket has");
  }
  SKLAB_TRY(const Kind kind, parse_kind(reader));
  socket.protocol = kind.protocol;
  socket.family = kind.family;
  SKLAB_TRY(socket.local, parse_endpoint_at(reader, reader.next()));
  while (!reader.at_end()) SKLAB_CHECK(parse_socket_option(reader, socket));
  parse.scenario.sockets.push_back(std::move(socket));
  parse.socket_lines.push_back(reader.number());
  return Ok{};
}

Result<uint64_t> parse_assign_flags(LineReader &reader) {
  uint64_t flags = 0;
  while (!reader.at_end() && reader.peek() != ";") {
    const std::string_view word = reader.next();
    if (word == "replace") {
      flags |= kAssignReplace;
    } else if (word == "no_reuseport") {
      flags |= kAssignNoReuseport;
    } else if (const auto number = value_of(word, "flags=")) {
      SKLAB_TRY(const uint64_t bits,
                parse_number(*number, std::numeric_limits<uint64_t>::max(), reader));
      flags |= bits;
    } else {
      return reader.error("replace, no_reuseport, flags=NUMBER or ';'");
    }
  }
  return flags;
}

Result<size_t> parse_socket_name(LineReader &reader, const Parse &parse,
                                 std::string_view expected) {
  const auto found = parse.socket_index.find(reader.next());
  if (found == parse.socket_index.end()) return reader.error(std::string(expected));
  return found->second;
}

Result<> parse_assign(LineReader &reader, const Parse &parse, ScriptedProgram &program) {
  AssignOperation assign;
  if (reader.peek() == "null") {
    reader.next();
  } else {
    SKLAB_TRY(assign.socket, parse_socket_name(reader, parse, "a socket named above, or null"));
  }
  SKLAB_TRY(assign.flags, parse_assign_flags(reader));
  if (reader.next() != ";") return reader.error("';' and then what the program returns");
  program.assigns.push_back(assign);
  return Ok{};
}

Result<uint32_t> parse_return_code(LineReader &reader, const Parse &parse, std::string_view word) {
  if (const auto number = value_of(word, "return=")) return parse_u32(reader, *number);
  const Scenario &scenario = parse.scenario;
  for (const auto &[action, name] : kActionNames) {
    const auto code = code_of(scenario.dialect, scenario.codes, action);
    if (name == word && code) return *code;
  }
  return reader.error(scenario.dialect == Dialect::kRedirect
                          ? "assign, pass, drop, redirect or return=NUMBER"
                          : "assign, pass, drop or return=NUMBER");
}

Result<> parse_program(LineReader &reader, Parse &parse) {
  if (!parse.has_dialect) return reader.error("the dialect before the first program");
  ScriptedProgram program;
  std::string_view word = reader.next();
  for (; word == "assign"; word = reader.next()) {
    SKLAB_CHECK(parse_assign(reader, parse, program));
  }
  SKLAB_TRY(program.return_code, parse_return_code(reader, parse, word));
  parse.scenario.programs.push_back(std::move(program));
  parse.program_lines.push_back(reader.number());
  return Ok{};
}

Result<> parse_reuseport(LineReader &reader, Parse &parse) {
  ReuseportProgram program;
  SKLAB_TRY(program.group, parse_u32(reader, reader.next()));
  const std::string_view word = reader.next();
  const auto *const found =
      std::find(kReuseportActionNames.begin(), kReuseportActionNames.end(), word);
  if (found == kReuseportActionNames.end()) return reader.error("pass, drop or select");
  program.action =
      static_cast<ReuseportProgram::Action>(std::distance(kReuseportActionNames.begin(), found));
  if (program.action == ReuseportProgram::Action::kSelect) {
    SKLAB_TRY(program.socket, parse_socket_name(reader, parse, "a socket named above"));
  }
  parse.scenario.reuseport_programs.push_back(program);
  parse.reuseport_lines.push_back(reader.number());
  return Ok{};
}

Result<> parse_packet(LineReader &reader, Parse &parse) {
  if (parse.has_packet) return reader.error("one packet only");
  Packet &packet = parse.scenario.packet;
  SKLAB_TRY(const Kind kind, parse_kind(reader));
  packet.protocol = kind.protocol;
  SKLAB_TRY(packet.source, parse_endpoint_at(reader, reader.next()));
  if (packet.source.address.family != kind.family) return reader.error("an address of that family");
  if (reader.next() != "->") return reader.error("->");
  SKLAB_TRY(packet.destination, parse_endpoint_at(reader, reader.next()));
  parse.packet_line = reader.number();
  parse.has_packet = true;
  return Ok{};
}

struct Statement {
  std::string_view keyword;
  Result<> (*parse)(LineReader &, Parse &);
};

constexpr std::array kStatements = {
    Statement{"dialect", parse_dialect}, Statement{"socket", parse_socket},
    Statement{"program", parse_program}, Statement{"reuseport", parse_reuseport},
    Statement{"packet", parse_packet}};

Result<> parse_statement(LineReader &reader, Parse &parse) {
  const std::string_view keyword = reader.next();
  if (!parse.has_version) {
    if (keyword != "scenario") return reader.error("'scenario 1' on the first line");
    return parse_version(reader, parse);
  }
  for (const Statement &statement : kStatements) {
    if (statement.keyword == keyword) return statement.parse(reader, parse);
  }
  return reader.error("dialect, socket, program, reuseport or packet");
}

Result<> parse_line(LineReader reader, Parse &parse) {
  if (reader.at_end()) return Ok{};
  SKLAB_CHECK(parse_statement(reader, parse));
  if (reader.next().empty()) return Ok{};
  return reader.error("the end of the line");
}

size_t line_of(const Contradiction &wrong, const Parse &parse) {
  switch (wrong.part) {
    case Contradiction::Part::kSocket:
      return parse.socket_lines[wrong.index];
    case Contradiction::Part::kProgram:
      return parse.program_lines[wrong.index];
    case Contradiction::Part::kReuseport:
      return parse.reuseport_lines[wrong.index];
    case Contradiction::Part::kPacket:
      break;
  }
  return parse.packet_line;
}

Result<> check_whole(const Parse &parse) {
  const auto wrong = find_contradiction(parse.scenario);
  if (!wrong) return Ok{};
  return fail_as(ErrorKind::kUsage, "read scenario at",
                 std::to_string(line_of(*wrong, parse)) + ":1", 0, wrong->what + ": " + wrong->why);
}

}  // namespace

Result<Scenario> parse_scenario(std::string_view text) {
  Parse parse;
  size_t number = 1;
  for (size_t start = 0; start < text.size(); ++number) {
    const size_t end = std::min(text.find('\n', start), text.size());
    SKLAB_CHECK(parse_line(LineReader(text.substr(start, end - start), number), parse));
    start = end + 1;
  }
  const LineReader end({}, number);
  if (!parse.has_version) return end.error("'scenario 1'");
  if (!parse.has_dialect) return end.error("a dialect");
  if (!parse.has_packet) return end.error("a packet");
  SKLAB_CHECK(check_whole(parse));
  return std::move(parse.scenario);
}

}  // namespace sklab
