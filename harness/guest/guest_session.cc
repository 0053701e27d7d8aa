// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/guest/guest_session.h"

#include <algorithm>
#include <cstdlib>

#include "harness/base/file.h"
#include "harness/base/lines.h"
#include "harness/guest/boot_image.h"
#include "harness/guest/guest_symbols.h"
#include "harness/guest/initramfs.h"
#include "harness/kernel/kernel_trouble.h"
#include "harness/measure/interrupt.h"

namespace sklab {
namespace {

namespace fs = std::filesystem;

// A guest says that it lives every second of its clock, which an emulator may take some time for.
// How long is known from how long the guest took to boot. In seconds of CPU, so that a machine that
// is busy with something else makes no guest hang.
constexpr double kStartLimitS = 120;
constexpr double kLeastSilenceS = 60;
constexpr double kSilenceByStart = 20;
// An emulator that waits for something takes no CPU at all: then so many times as long.
constexpr double kIdlePatience = 10;
constexpr double kUsualStartS = 8;

// A kernel says a few tens of kilobytes when it boots, and some at each fault.
constexpr uint64_t kMostConsoleBytes = 32 << 20;

uint64_t console_bytes(const fs::path &console) {
  std::error_code none_yet;
  const uint64_t bytes = fs::file_size(console, none_yet);
  return none_yet ? 0 : bytes;
}

// What the kernel itself said: the console has its first process's errors, too.
std::string kernel_lines(std::string_view console) {
  return lines_where(console, [](std::string_view line) { return line.starts_with('['); });
}

bool is_below(const fs::path &path, const std::vector<fs::path> &folders) {
  const std::string normal = path.lexically_normal().string();
  return std::any_of(folders.begin(), folders.end(), [&](const fs::path &folder) {
    return normal == folder.string() || normal.starts_with(folder.string() + "/");
  });
}

Result<VirtualMachine> machine_for(const GuestJob &job, const fs::path &folder) {
  const GuestOptions &options = job.options;
  VirtualMachine machine;
  SKLAB_TRY(machine.emulator, find_program("qemu-system-x86_64", "qemu-system-x86"));
  machine.kernel = job.kernel.image;
  machine.initramfs = folder / "initramfs";
  machine.console = folder / "console";
  machine.channel = folder / "channel";
  machine.processor = options.processor;
  machine.cpus = options.cpus;
  machine.memory_mib = options.memory_mib;
  machine.gdb_port = options.gdb_port;
  machine.seed = options.seed;
  machine.kernel_arguments = options.kernel_arguments;
  machine.first_process = own_program().string() + " -- guest-init";
  if (options.notes) machine.notes = folder / "notes";
  if (options.profile_plugin) {
    machine.profile_plugin = *options.profile_plugin;
    machine.profile = folder / "profile";
  }
  return machine;
}

}  // namespace

Result<std::unique_ptr<GuestSession>> GuestSession::start(const GuestJob &job) {
  SKLAB_CHECK(inspect_boot_image(job.kernel.image));
  if (job.options.profile_plugin &&
      (job.options.processor == Processor::kKvm || job.options.cpus != 1)) {
    return fail_as(ErrorKind::kUsage, "profile", job.kernel.name, 0,
                   "it needs one, emulated processor");
  }
  SKLAB_TRY(TemporaryFolder folder, TemporaryFolder::create("sklab-guest"));
  SKLAB_TRY(VirtualMachine machine, machine_for(job, folder.path()));
  SKLAB_TRY(const std::string initramfs, make_initramfs(job.kernel, job.command));
  SKLAB_CHECK(write_file_atomically(machine.initramfs, initramfs));
  SKLAB_TRY(ChildProcess emulator, ChildProcess::start({emulator_arguments(machine), {}, -1}));
  return std::unique_ptr<GuestSession>(
      new GuestSession(job, std::move(folder), std::move(machine), std::move(emulator)));
}

Result<> GuestSession::take(ByteFrame frame) {
  heard_s_ = elapsed_s();
  heard_cpu_s_ = emulator_.cpu_s();
  switch (static_cast<FrameKind>(frame.kind)) {
    case FrameKind::kStarted:
      record_.release = std::move(frame.payload);
      record_.started_s = heard_s_;
      started_cpu_s_ = heard_cpu_s_;
      break;
    case FrameKind::kAlive:
      break;
    case FrameKind::kOutput:
      if (options_.output) options_.output(frame.payload);
      break;
    case FrameKind::kErrors:
      if (options_.errors) options_.errors(frame.payload);
      break;
    case FrameKind::kFile:
      if (!is_below(frame.payload, outputs_)) {
        return fail("take from the guest", frame.payload, 0, "nobody asked for it");
      }
      file_ = &record_.files[std::move(frame.payload)];
      break;
    case FrameKind::kFileData:
      if (file_ != nullptr) *file_ += frame.payload;
      break;
    case FrameKind::kLink: {
      const std::string path = frame.payload.substr(0, frame.payload.find('\0'));
      if (path.size() == frame.payload.size() || !is_below(path, outputs_)) {
        return fail("take from the guest", path, 0, "nobody asked for it");
      }
      record_.links[path] = frame.payload.substr(path.size() + 1);
      break;
    }
    case FrameKind::kExit:
      record_.end = GuestEnd::kExited;
      record_.exit_code = std::atoi(frame.payload.c_str());
      exited_ = true;
      break;
    case FrameKind::kFailed:
      record_.end = GuestEnd::kFailed;
      record_.failure = std::move(frame.payload);
      exited_ = true;
      break;
  }
  return Ok{};
}

Result<> GuestSession::take_frames() {
  for (;;) {
    SKLAB_TRY(const std::string bytes, channel_.read());
    if (bytes.empty()) return Ok{};
    decoder_.add(bytes);
    while (auto frame = decoder_.next()) SKLAB_CHECK(take(std::move(*frame)));
    if (decoder_.damaged()) return fail("understand the guest", machine_.channel.string());
  }
}

Result<> GuestSession::take_notes() {
  while (options_.take_notes) {
    SKLAB_TRY(const std::string bytes, notes_.read());
    if (bytes.empty()) break;
    options_.take_notes(bytes);
  }
  return Ok{};
}

bool GuestSession::is_over() {
  const double scale = std::max(1.0, record_.started_s / kUsualStartS);
  const double silence_s =
      started() ? std::max(kLeastSilenceS, kSilenceByStart * started_cpu_s_) : kStartLimitS;
  const bool silent = emulator_.cpu_s() - heard_cpu_s_ > silence_s ||
                      elapsed_s() - heard_s_ > kIdlePatience * silence_s;
  const bool stopped_by_people = options_.gdb_port != 0;
  if (exited_) return true;
  if (interrupted()) {
    record_.end = GuestEnd::kInterrupted;
  } else if (emulator_.exit_code()) {
    record_.end = GuestEnd::kDied;
  } else if (silent && !stopped_by_people) {
    record_.end = GuestEnd::kHung;
  } else if (console_bytes(machine_.console) > kMostConsoleBytes) {
    record_.end = GuestEnd::kFlooded;
  } else if (elapsed_s() > options_.limit_s * scale && !stopped_by_people) {
    record_.end = GuestEnd::kOutOfTime;
  } else {
    return false;
  }
  return true;
}

Result<bool> GuestSession::advance() {
  const bool over = is_over();
  // What it wrote before it ended is to be read, too.
  SKLAB_CHECK(take_frames());
  SKLAB_CHECK(take_notes());
  return over || exited_;
}

Result<GuestRecord> GuestSession::finish() {
  record_.emulator = emulator_arguments(machine_);
  record_.duration_s = elapsed_s();
  SKLAB_TRY(record_.console, read_file(machine_.console));
  if (options_.notes && !options_.take_notes) {
    SKLAB_TRY(record_.notes, read_file(machine_.notes));
  }
  if (auto symbols = record_.files.extract(kSymbolsPath)) {
    record_.symbols = std::move(symbols.mapped());
  }
  record_.trouble = find_kernel_trouble(kernel_lines(record_.console));
  if (record_.end == GuestEnd::kDied && record_.console.empty()) {
    return fail("start", machine_.emulator.string(), 0, emulator_.read_output());
  }
  // Of a guest that ended in the middle the last window may be cut off.
  if (options_.profile_plugin && record_.end == GuestEnd::kExited) {
    SKLAB_TRY(record_.profile, read_profile(machine_.profile));
  }
  return std::move(record_);
}

}  // namespace sklab
