// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/cli/target.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <iterator>

#include "harness/base/file.h"
#include "harness/cli/command.h"
#include "harness/cli/report_error.h"
#include "harness/cli/target_kernel.h"
#include "harness/guest/fastest_processor.h"
#include "harness/guest/guest_run.h"
#include "harness/guest/initramfs.h"
#include "harness/measure/interrupt.h"

namespace sklab {
namespace {

namespace fs = std::filesystem;

constexpr char kFastest[] = "fastest";
constexpr std::array<std::string_view, 6> kTargetFlags = {"--target",          "--guest-memory",
                                                          "--guest-seed",      "--guest-time",
                                                          "--guest-processor", "--guest-cpus"};

// This process's arguments but for those that are about the target.
Result<std::vector<std::string>> arguments_for_guest() {
  SKLAB_TRY(const std::string joined, read_file("/proc/self/cmdline"));
  std::vector<std::string> arguments;
  for (size_t begin = 0; begin < joined.size();) {
    const size_t end = std::min(joined.find('\0', begin), joined.size());
    const std::string argument = joined.substr(begin, end - begin);
    begin = end + 1;
    const auto is_flag = [&](std::string_view flag) { return argument == flag; };
    const auto has_value = [&](std::string_view flag) {
      return argument.starts_with(std::string(flag) + "=");
    };
    if (std::any_of(kTargetFlags.begin(), kTargetFlags.end(), is_flag)) {
      begin = std::min(joined.find('\0', begin), joined.size()) + 1;
    } else if (std::none_of(kTargetFlags.begin(), kTargetFlags.end(), has_value)) {
      arguments.push_back(argument);
    }
  }
  arguments.front() = own_program().string();
  return arguments;
}

void print_to(std::FILE *stream, std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stream);
  std::fflush(stream);
}

Result<> bring_back(const GuestRecord &record) {
  for (const auto &[path, content] : record.files) {
    std::error_code error;
    fs::create_directories(fs::path(path).parent_path(), error);
    SKLAB_CHECK(write_file_atomically(path, content));
  }
  for (const auto &[path, target] : record.links) {
    std::error_code error;
    fs::remove(path, error);
    fs::create_symlink(target, path, error);
    if (error) return fail("make link", path, error.value());
  }
  return Ok{};
}

Result<GuestRecord> run(const TargetOptions &options, const TargetFiles &files) {
  SKLAB_TRY(const std::string name, target_name(options.target));
  SKLAB_TRY(GuestKernel kernel, target_kernel(name));
  if (files.tproxy) std::ranges::copy(kernel.tproxy_modules, std::back_inserter(kernel.modules));
  GuestCommand command;
  SKLAB_TRY(command.arguments, arguments_for_guest());
  command.folder = fs::current_path();
  command.environment[kCommandLineVariable] = options.command_line;
  for (const fs::path &path : files.inputs) {
    if (path == "-") {
      return fail_as(ErrorKind::kUsage, "read stdin in a guest", "", 0, "name a file instead");
    }
    if (!path.empty()) command.inputs.push_back(fs::absolute(path).lexically_normal());
  }
  for (const fs::path &path : files.outputs) {
    command.outputs.push_back(fs::absolute(path).lexically_normal());
  }
  for (const fs::path &path : files.programs) {
    command.programs.push_back(fs::absolute(path).lexically_normal());
    std::string &search = command.environment["PATH"];
    search += (search.empty() ? "" : ":") + command.programs.back().parent_path().string();
  }
  watch_interrupts();
  GuestOptions guest;
  SKLAB_TRY(guest.processor, target_processor(options, kernel));
  guest.cpus = options.cpus;
  guest.memory_mib = options.memory_mib;
  guest.seed = options.seed;
  guest.limit_s = options.limit_s;
  guest.output = [](std::string_view text) { print_to(stdout, text); };
  guest.errors = [](std::string_view text) { print_to(stderr, text); };
  return run_in_guest(kernel, command, guest);
}

}  // namespace

Result<std::string> target_name(const std::string &target) {
  if (target.starts_with(kGuestPrefix)) return target.substr(kGuestPrefix.size());
  return fail_as(ErrorKind::kUsage, "run on target", target, 0,
                 "there are host, guest:NAME and guest:FILE");
}

Result<Processor> target_processor(const TargetOptions &options, const GuestKernel &kernel) {
  const bool several = options.cpus > 1;
  if (options.processor == kFastest || (options.processor.empty() && several)) {
    return fastest_processor(kernel);
  }
  if (!several) return Processor::kDeterministic;
  return fail_as(ErrorKind::kUsage, "give a deterministic guest",
                 fmt::format("{} CPUs", options.cpus), 0,
                 "it has one; --guest-processor fastest has as many as are asked for");
}

void add_target_options(CLI::App &command, TargetOptions &options,
                        const std::string &command_line) {
  options.command_line = command_line;
  command.add_option("--target", options.target, "Kernel to run on: host, or guest:KERNEL")
      ->type_name("TARGET")
      ->capture_default_str();
  command
      .add_option("--guest-processor", options.processor,
                  "deterministic: one that counts instructions, the same in every run (default for "
                  "one\nCPU); fastest: KVM where it works, else emulated by all CPUs")
      ->check(CLI::IsMember({"deterministic", kFastest}));
  command.add_option("--guest-cpus", options.cpus, "CPUs of the guest")
      ->check(CLI::Range(1, 64))
      ->capture_default_str();
  command.add_option("--guest-memory", options.memory_mib, "Memory of the guest in MiB")
      ->check(CLI::Range(128, 1 << 20))
      ->capture_default_str();
  command.add_option("--guest-seed", options.seed, "Of all that is random in the guest")
      ->capture_default_str();
  command.add_option("--guest-time", options.limit_s, "Seconds after which the guest is ended")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
}

ExitCode run_on_target(const TargetOptions &options, const TargetFiles &files) {
  const auto record = run(options, files);
  if (!record) return report_error(record.error());
  // What a guest sent that fell in the middle may be half a file.
  if (record->end == GuestEnd::kExited) {
    if (const auto back = bring_back(*record); !back) return report_error(back.error());
    if (record->trouble.empty()) return static_cast<ExitCode>(record->exit_code);
  }
  if (record->end == GuestEnd::kInterrupted) return ExitCode::kInterrupted;
  return report_error(guest_failure(options.target, *record));
}

}  // namespace sklab
