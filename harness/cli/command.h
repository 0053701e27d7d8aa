// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>

#include "harness/base/exit_code.h"

namespace sklab {

// A subcommand: its part of the parser, and what runs it when its options are parsed.
struct Command {
  CLI::App *parser;  // borrowed from the one it was added to
  std::function<ExitCode()> run;
  ExitCode usage = ExitCode::kUsage;  // of a command line that is wrong
};

// Adds itself to `app`. `command_line` is the whole one, for records of runs.
using AddCommand = Command(CLI::App &app, const std::string &command_line);

AddCommand add_baseline;
AddCommand add_bench;
AddCommand add_bisect;
AddCommand add_compare;
AddCommand add_conform;
AddCommand add_coverage;
AddCommand add_dialects;
AddCommand add_doctor;
AddCommand add_flood;
AddCommand add_fuzz;
AddCommand add_gate;
AddCommand add_gate_worker;
AddCommand add_guest_init;
AddCommand add_kernel;
AddCommand add_latency;
AddCommand add_mutants;
AddCommand add_race;
AddCommand add_range;
AddCommand add_replay;
AddCommand add_report;

// In the environment of a guest's command: the command line on the host, which records have.
inline constexpr char kCommandLineVariable[] = "SKLAB_COMMAND_LINE";

// What the help of most commands ends with.
inline constexpr char kExitCodes[] =
    "Exit codes: 0 fine; 1 a row failed its check, a regression or a finding; 2 usage; 4 cannot "
    "run\n"
    "here, for the reason printed; 5 inconclusive; 70 sklab itself failed; 130 interrupted.\n";

// Where results of runs go unless asked otherwise.
inline constexpr char kRunsFolder[] = "results/runs";

// Where baselines are unless said otherwise.
inline constexpr char kBaselinesFolder[] = "results/baselines";

}  // namespace sklab
