// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <algorithm>
#include <array>
#include <limits>
#include <vector>

#include "harness/model/scenario_grammar.h"
#include "harness/model/scenario_text.h"
#include "harness/model/scenario_validate.h"
#include "harness/model/scenario_words.h"

namespace sklab {
namespace {

// What has been read so far.
struct Parse {
  Scenario scenario;
  SocketNames socket_names;
  // The lines on which they stand, for errors that need the whole scenario.
  std::vector<size_t> socket_lines;
  std::vector<size_t> program_lines;
  std::vector<size_t> reuseport_lines;
  size_t packet_line = 0;
  bool has_version = false;
  bool has_dialect = false;
  bool has_packet = false;
};

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

Result<> parse_socket(LineReader &reader, Parse &parse) {
  SKLAB_TRY(SocketSpec socket, parse_socket_line(reader, parse.socket_names));
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

Result<> parse_assign(LineReader &reader, const Parse &parse, ScriptedProgram &program) {
  AssignOperation assign;
  if (reader.peek() == "null") {
    reader.next();
  } else {
    SKLAB_TRY(assign.socket,
              parse_socket_name(reader, parse.socket_names, "a socket named above, or null"));
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
    SKLAB_TRY(program.socket,
              parse_socket_name(reader, parse.socket_names, "a socket named above"));
  }
  parse.scenario.reuseport_programs.push_back(program);
  parse.reuseport_lines.push_back(reader.number());
  return Ok{};
}

Result<> parse_packet(LineReader &reader, Parse &parse) {
  if (parse.has_packet) return reader.error("one packet only");
  SKLAB_TRY(parse.scenario.packet, parse_packet_line(reader));
  parse.packet_line = reader.number();
  parse.has_packet = true;
  return Ok{};
}

constexpr std::array<Statement<Parse>, 5> kStatements = {{{"dialect", parse_dialect},
                                                          {"socket", parse_socket},
                                                          {"program", parse_program},
                                                          {"reuseport", parse_reuseport},
                                                          {"packet", parse_packet}}};

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
  SKLAB_TRY(const size_t number, parse_lines(text, [&](LineReader &reader) {
              return parse_statement(reader, parse, "scenario", kStatements,
                                     "dialect, socket, program, reuseport or packet");
            }));
  const LineReader end({}, number);
  if (!parse.has_version) return end.error("'scenario 1'");
  if (!parse.has_dialect) return end.error("a dialect");
  if (!parse.has_packet) return end.error("a packet");
  SKLAB_CHECK(check_whole(parse));
  return std::move(parse.scenario);
}

}  // namespace sklab
