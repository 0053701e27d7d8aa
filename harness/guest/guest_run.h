// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Runs one command in a guest kernel, from boot to power off.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/result.h"
#include "harness/base/unique_fd.h"
#include "harness/guest/guest_record.h"
#include "harness/guest/virtual_machine.h"

namespace sklab {

struct GuestKernel {
  std::string name;                             // as the user calls it
  std::filesystem::path image;                  // bzImage
  std::vector<std::filesystem::path> modules;   // uncompressed, in the order to load them
  std::filesystem::path vmlinux = {};           // with debug information; empty for none
  std::shared_ptr<const UniqueFd> in_use = {};  // keeps those files from being removed
  // For commands that make rules of TPROXY, after the others. To be moved there by who starts one.
  std::vector<std::filesystem::path> tproxy_modules = {};
};

struct GuestCommand {
  std::vector<std::string> arguments;           // the first is the program's path on the host
  std::vector<std::filesystem::path> programs;  // that it starts
  std::filesystem::path folder;                 // to run it in
  std::map<std::string, std::string> environment = {};
  std::vector<std::filesystem::path>
      inputs;  // files and folders, under the same paths in the guest
  std::vector<std::filesystem::path> outputs;  // to be brought back, under the same paths
  bool symbols = false;                        // to be brought back: /proc/kallsyms, of code only
};

// Kernel arguments: a kernel that finds a fault in itself is to stop there, and not to go on with
// what is broken.
inline constexpr char kStopAtFaults[] =
    "panic_on_warn=1 oops=panic kasan.fault=panic softlockup_panic=1 hung_task_panic=1";

// This very program with these arguments, in a folder that every guest has.
GuestCommand own_command(const std::vector<std::string> &arguments);

struct GuestOptions {
  Processor processor = Processor::kDeterministic;
  unsigned cpus = 1;
  unsigned memory_mib = 1024;
  uint64_t seed = 1;
  double limit_s = 600;          // of the host's clock, for all of it
  std::string kernel_arguments;  // besides those that every guest has
  // Of 127.0.0.1: the guest waits there for gdb, and whoever looks at it may take their time. 0 for
  // none.
  uint16_t gdb_port = 0;
  // To count what is executed between marks (profile_marks.h): find_profile_plugin(). Needs one
  // processor, an emulated one.
  std::optional<std::filesystem::path> profile_plugin;
  // The command writes notes to kNotePort (debug_port.h), which outlive the guest's fall.
  bool notes = false;
  // Called while it runs, with what comes of them, which is then not kept.
  std::function<void(std::string_view)> take_notes;
  // Called while it runs, with what the command prints.
  std::function<void(std::string_view)> output;
  std::function<void(std::string_view)> errors;
};

// A guest to run, and what to run in it.
struct GuestJob {
  GuestKernel kernel;
  GuestCommand command;
  GuestOptions options;
};

// Errors: kUnavailable for a missing emulator; kUsage for an image that is none, or a profile of
// what cannot be profiled; kHarness for a guest whose first process could not do its work, or an
// emulator that did not start. How the guest's kernel and command behaved is in the record.
Result<GuestRecord> run_in_guest(const GuestKernel &kernel, const GuestCommand &command,
                                 const GuestOptions &options);

// Many, `at_once` of them at a time; what came of each, in their order. `progress` is called often,
// with how many have ended.
std::vector<Result<GuestRecord>> run_guests(const std::vector<GuestJob> &jobs, size_t at_once,
                                            const std::function<void(size_t ended)> &progress);

// A guest, and what its command printed.
struct GuestOutput {
  Result<GuestRecord> guest;
  std::string output;
  std::string errors;
};

// As run_guests(), with what their commands print kept by guest.
std::vector<GuestOutput> run_guests_for_output(std::vector<GuestJob> jobs, size_t at_once,
                                               const std::function<void(size_t ended)> &progress);

}  // namespace sklab
