// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <CLI/CLI.hpp>
#include <cstdio>
#include <string>
#include <vector>

#include "harness/base/exit_code.h"
#include "harness/cli/command.h"
#include "harness/kernel/libbpf_log.h"
#include "sklab/version.h"

namespace sklab {
namespace {

constexpr AddCommand *kCommands[] = {add_bench, add_conform, add_dialects, add_doctor,
                                     add_fuzz,  add_replay,  add_report};

std::string join_arguments(int argc, char **argv) {
  std::string line;
  for (int i = 0; i < argc; ++i) line += (i == 0 ? "" : " ") + std::string(argv[i]);
  return line;
}

int parse_and_run(int argc, char **argv) {
  CLI::App app("A lab for the BPF sk_lookup hook: what it costs, and whether it keeps its rules.",
               "sklab");
  app.set_version_flag("--version", std::string("sklab ") + kSklabVersion);
  app.require_subcommand(1);
  app.footer("`sklab COMMAND --help` has examples.\n" + std::string(kExitCodes));
  const std::string command_line = join_arguments(argc, argv);
  std::vector<Command> commands;
  for (AddCommand *add : kCommands) commands.push_back(add(app, command_line));
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success &success) {
    return app.exit(success);  // --help, --version
  } catch (const CLI::ParseError &error) {
    std::fprintf(stderr, "sklab: %s; `sklab --help` shows what there is\n", error.what());
    return static_cast<int>(ExitCode::kUsage);
  }
  set_up_libbpf_log();
  ExitCode code = ExitCode::kUsage;
  for (const Command &command : commands) {
    if (command.parser->parsed()) code = command.run();
  }
  // A table that went nowhere must not look like a success.
  if (std::fflush(stdout) != 0) {
    std::perror("sklab: cannot write to stdout");
    return static_cast<int>(ExitCode::kHarnessFailure);
  }
  return static_cast<int>(code);
}

}  // namespace
}  // namespace sklab

int main(int argc, char **argv) {
  try {
    return sklab::parse_and_run(argc, argv);
  } catch (const std::exception &error) {
    std::fprintf(stderr, "sklab: %s\n", error.what());
    return static_cast<int>(sklab::ExitCode::kHarnessFailure);
  }
}
