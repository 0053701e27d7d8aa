// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Runs one command in a guest kernel, from boot to power off.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/result.h"
#include "harness/guest/profile.h"
#include "harness/guest/virtual_machine.h"

namespace sklab {

struct GuestKernel {
  std::string name;                            // as the user calls it
  std::filesystem::path image;                 // bzImage
  std::vector<std::filesystem::path> modules;  // uncompressed, in the order to load them
};

struct GuestCommand {
  std::vector<std::string> arguments;  // the first is the program's path on the host
  std::filesystem::path folder;        // to run it in
  std::vector<std::filesystem::path>
      inputs;  // files and folders, under the same paths in the guest
  std::vector<std::filesystem::path> outputs;  // to be brought back, under the same paths
  bool symbols = false;                        // to be brought back: /proc/kallsyms, of code only
};

struct GuestOptions {
  Processor processor = Processor::kDeterministic;
  unsigned cpus = 1;
  unsigned memory_mib = 1024;
  uint64_t seed = 1;
  double limit_s = 600;  // of the host's clock, for all of it
  // To count what is executed between marks (profile_marks.h): find_profile_plugin(). Needs one
  // processor, an emulated one.
  std::optional<std::filesystem::path> profile_plugin;
  // Called while it runs, with what the command prints.
  std::function<void(std::string_view)> output;
  std::function<void(std::string_view)> errors;
};

enum class GuestEnd : uint8_t {
  kExited,       // the command ended by itself
  kDied,         // the machine stopped or restarted before that: a panic
  kHung,         // nothing of it was heard for long
  kOutOfTime,    // it lived when its time was up
  kInterrupted,  // by the user
};

struct GuestRecord {
  GuestEnd end = GuestEnd::kDied;
  int exit_code = 0;    // of the command, if it exited
  std::string release;  // of the kernel; "" if its first process never ran
  // The first line of the kernel's log that tells of a fault of its own; "" for none.
  std::string trouble;
  std::string console;                       // all that the kernel said
  std::map<std::string, std::string> files;  // what was brought back, by path
  std::vector<ProfileRecord> profile;        // one for each window that was profiled
  std::string symbols;                       // for Symbols::parse(); "" if there are none
  std::vector<std::string> emulator;         // the command line that ran it
  double started_s = 0;                      // until the first process ran
  double duration_s = 0;
};

// Errors: kUnavailable for a missing emulator; kUsage for an image that is none, or a profile of
// what cannot be profiled; kHarness for a guest whose first process could not do its work, or an
// emulator that did not start. How the guest's kernel and command behaved is in the record.
Result<GuestRecord> run_in_guest(const GuestKernel &kernel, const GuestCommand &command,
                                 const GuestOptions &options);

}  // namespace sklab
