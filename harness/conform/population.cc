// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/conform/population.h"

#include <fmt/format.h>

#include <cassert>
#include <string_view>

#include "harness/model/scenario_text.h"

namespace sklab {
namespace {

// `select` stands for the code by which a program says that it selected a socket.
constexpr std::array<std::string_view, 16> kPrograms = {
    "pass",
    "drop",
    "assign a; select",
    "assign b; select",
    "assign a; drop",
    "assign null; pass",
    "assign null replace; pass",
    "assign null replace; drop",
    "assign b replace; select",
    "assign b replace; drop",
    "assign g; select",
    "assign g replace no_reuseport; select",
    "assign a no_reuseport; assign i replace; select",
    "assign connected; assign protocol; assign family; assign a flags=0x4; pass",
    "assign a; assign b; select",
    "assign a; assign null replace; pass",
};

// A REDIRECT without a selection of its own, a selection without a REDIRECT, and codes that are
// none: 39 is REDIRECT in the low five bits, which is what the proposal's code looked at.
constexpr std::array<std::string_view, 4> kRedirectPrograms = {
    "redirect", "assign a; pass", "assign null replace; redirect", "assign b replace; return=39"};

std::string text_of(std::string_view program, Dialect dialect) {
  constexpr std::string_view kSelect = "select";
  std::string text(program);
  if (const size_t found = text.find(kSelect); found != std::string::npos) {
    text.replace(found, kSelect.size(), dialect == Dialect::kRedirect ? "redirect" : "pass");
  }
  return "program " + text + "\n";
}

Scenario parse(const PacketKindSpec &kind, Dialect dialect, const std::string &programs) {
  const std::string peer = kind.server[0] == '1'   ? "127.0.0.9:4001"
                           : kind.server[1] == 'f' ? "[fd00::3]:4001"
                                                   : "[::ffff:127.0.0.9]:4001";
  // A connected socket has a specific address.
  const std::string connected =
      std::string_view(kind.server) == "[::]" ? "[::ffff:127.0.0.1]" : kind.server;
  std::string text = fmt::format("scenario 1\ndialect {}\n", dialect_name(dialect));
  const auto add = [&](std::string_view name, unsigned port, std::string_view rest = "") {
    text += fmt::format("socket {} {} {}:{}{}\n", name, kind.socket, kind.server, port, rest);
  };
  add("server", 7000);
  add("a", 7001);
  add("b", 7002);
  add("g", 7003, " reuseport=1");
  add("h", 7003, " reuseport=1");
  add("i", 7004, " reuseport=2");
  add("j", 7004, " reuseport=2");
  text += fmt::format("socket connected {} {}:7005 peer={}\n", kind.socket, connected, peer);
  text += fmt::format("socket protocol {}:7006\nsocket family {}:7007\n", kind.wrong_protocol,
                      kind.wrong_family);
  text += programs + fmt::format("packet {}\n", kind.packet);
  auto scenario = parse_scenario(text);
  assert(scenario);
  return std::move(*scenario);
}

}  // namespace

Scenario population_for(const PacketKindSpec &kind, Dialect dialect) {
  return parse(kind, dialect, "");
}

std::vector<ScriptedProgram> program_alphabet(const PacketKindSpec &kind, Dialect dialect) {
  std::string programs;
  for (const std::string_view program : kPrograms) programs += text_of(program, dialect);
  if (dialect == Dialect::kRedirect) {
    for (const std::string_view program : kRedirectPrograms) programs += text_of(program, dialect);
  }
  return parse(kind, dialect, programs).programs;
}

}  // namespace sklab
