// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Runs a command on another kernel than this one: the same command, in a guest.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/exit_code.h"
#include "harness/guest/guest_run.h"

namespace sklab {

// Of a --target that is a guest; its kernel's name follows.
inline constexpr std::string_view kGuestPrefix = "guest:";

struct TargetOptions {
  std::string command_line;  // this process's
  std::string target = "host";
  // deterministic: one, whose clock counts instructions. fastest: KVM where that works, else an
  // emulator that uses all CPUs. "": deterministic, unless there are several.
  std::string processor;
  unsigned cpus = 1;
  unsigned memory_mib = 1024;
  uint64_t seed = 1;
  double limit_s = 600;

  [[nodiscard]] bool is_guest() const { return target != "host"; }
};

// Adds --target and what a guest can be told.
void add_target_options(CLI::App &command, TargetOptions &options, const std::string &command_line);

// What of a command is a file: it goes into the guest, or comes back.
struct TargetFiles {
  std::vector<std::filesystem::path> inputs;   // empty paths are left out
  std::vector<std::filesystem::path> outputs;  // folders
  // That the command starts; their folders are the guest's PATH.
  std::vector<std::filesystem::path> programs = {};
  bool tproxy = false;  // the command makes rules of TPROXY
};

// The kernel's, of a target that is a guest. Errors: kUsage for what is neither that nor host.
Result<std::string> target_name(const std::string &target);

// Errors: kUsage for several CPUs of a processor that has one.
Result<Processor> target_processor(const TargetOptions &options, const GuestKernel &kernel);

// This process's command line without the above, in the guest. Its output is this process's, its
// files are brought back, its exit code is returned; what goes wrong with the guest's kernel is a
// finding.
ExitCode run_on_target(const TargetOptions &options, const TargetFiles &files);

}  // namespace sklab
