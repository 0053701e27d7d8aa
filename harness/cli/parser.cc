// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/cli/parser.h"

namespace sklab {
namespace {

constexpr AddCommand *kCommands[] = {add_baseline,   add_bench,    add_bisect,   add_compare,
                                     add_conform,    add_coverage, add_dialects, add_doctor,
                                     add_flood,      add_fuzz,     add_gate,     add_gate_worker,
                                     add_guest_init, add_kernel,   add_latency,  add_mutants,
                                     add_race,       add_range,    add_replay,   add_report};

}  // namespace

Parser make_parser(const std::string &version, const std::string &command_line) {
  Parser parser{
      std::make_unique<CLI::App>(
          "A lab for the BPF sk_lookup hook: what it costs, and whether it keeps its rules.",
          "sklab"),
      {}};
  CLI::App &app = *parser.app;
  app.set_version_flag("--version", "sklab " + version);
  app.require_subcommand(1);
  app.footer("`sklab COMMAND --help` has examples.\n" + std::string(kExitCodes));
  for (AddCommand *add : kCommands) parser.commands.push_back(add(app, command_line));
  return parser;
}

}  // namespace sklab
