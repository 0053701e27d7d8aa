// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "harness/base/exit_code.h"
#include "harness/cli/parser.h"
#include "harness/kernel/libbpf_log.h"
#include "sklab/version.h"

namespace sklab {
namespace {

// As a shell takes it.
std::string quoted(const std::string &argument) {
  constexpr char kPlain[] =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./=:,@%+-";
  if (!argument.empty() && argument.find_first_not_of(kPlain) == std::string::npos) {
    return argument;
  }
  std::string text = "'";
  for (const char character : argument) {
    text += character == '\'' ? "'\\''" : std::string(1, character);
  }
  return text + "'";
}

std::string join_arguments(int argc, char **argv) {
  std::string line;
  for (int i = 0; i < argc; ++i) line += (i == 0 ? "" : " ") + quoted(argv[i]);
  return line;
}

int parse_and_run(int argc, char **argv) {
  // In a guest, what the user ran on the host is what can be run again.
  const char *on_host = std::getenv(kCommandLineVariable);
  const Parser parser =
      make_parser(kSklabVersion, on_host == nullptr ? join_arguments(argc, argv) : on_host);
  CLI::App &app = *parser.app;
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success &success) {
    return app.exit(success);  // --help, --version
  } catch (const CLI::ParseError &error) {
    std::fprintf(stderr, "sklab: %s; `sklab --help` shows what there is\n", error.what());
    ExitCode code = ExitCode::kUsage;
    for (const Command &command : parser.commands) {
      if (command.parser->parsed()) code = command.usage;
    }
    return static_cast<int>(code);
  }
  set_up_libbpf_log();
  ExitCode code = ExitCode::kUsage;
  for (const Command &command : parser.commands) {
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
