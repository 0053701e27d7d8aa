// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/guest/guest_run.h"

#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <chrono>
#include <fstream>

#include "harness/base/child_process.h"
#include "harness/base/file.h"
#include "harness/base/temporary_folder.h"
#include "harness/guest/boot_image.h"
#include "harness/guest/guest_frames.h"
#include "harness/guest/guest_symbols.h"
#include "harness/guest/initramfs.h"
#include "harness/kernel/kernel_trouble.h"
#include "harness/measure/interrupt.h"

namespace sklab {
namespace {

namespace fs = std::filesystem;

// A guest says that it lives every second of its clock, which an emulator may take some time for.
// How long is known from how long the guest took to boot.
constexpr double kStartLimitS = 120;
constexpr double kUsualStartS = 8;
constexpr double kLeastSilenceS = 60;
constexpr double kSilenceByStart = 20;

class GuestRun {
 public:
  GuestRun(const GuestOptions &options, fs::path console, fs::path channel)
      : options_(options), console_(std::move(console)), channel_path_(std::move(channel)) {}

  Result<GuestRecord> run(const std::vector<std::string> &emulator);

 private:
  [[nodiscard]] double elapsed_s() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  }
  // Whether anything came.
  bool read_channel();
  Result<> take(Frame frame);
  Result<> take_frames();
  [[nodiscard]] bool is_over(ChildProcess &emulator);
  [[nodiscard]] bool started() const { return !record_.release.empty(); }

  const GuestOptions &options_;
  fs::path console_;
  fs::path channel_path_;
  std::ifstream channel_;
  FrameDecoder decoder_;
  std::string *file_ = nullptr;  // of the record, that data belong to
  bool exited_ = false;
  double heard_s_ = 0;
  GuestRecord record_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

bool GuestRun::read_channel() {
  if (!channel_.is_open()) channel_.open(channel_path_, std::ios::binary);
  std::string bytes(1U << 20U, '\0');
  channel_.clear();  // it may have grown since its end was met
  channel_.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  const auto size = static_cast<size_t>(channel_.gcount());
  decoder_.add(std::string_view(bytes).substr(0, size));
  return size > 0;
}

Result<> GuestRun::take(Frame frame) {
  heard_s_ = elapsed_s();
  switch (frame.kind) {
    case FrameKind::kStarted:
      record_.release = std::move(frame.payload);
      record_.started_s = heard_s_;
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
      file_ = &record_.files[std::move(frame.payload)];
      break;
    case FrameKind::kFileData:
      if (file_ != nullptr) *file_ += frame.payload;
      break;
    case FrameKind::kExit:
      record_.end = GuestEnd::kExited;
      record_.exit_code = std::atoi(frame.payload.c_str());
      exited_ = true;
      break;
    case FrameKind::kFailed:
      return fail("run in the guest:", frame.payload);
  }
  return Ok{};
}

Result<> GuestRun::take_frames() {
  while (read_channel()) {
    while (auto frame = decoder_.next()) SKLAB_CHECK(take(std::move(*frame)));
    if (decoder_.damaged()) return fail("understand the guest", channel_path_.string());
  }
  return Ok{};
}

bool GuestRun::is_over(ChildProcess &emulator) {
  const double scale = std::max(1.0, record_.started_s / kUsualStartS);
  const double silence_s =
      started() ? std::max(kLeastSilenceS, kSilenceByStart * record_.started_s) : kStartLimitS;
  if (exited_) return true;
  if (interrupted()) {
    record_.end = GuestEnd::kInterrupted;
  } else if (emulator.exit_code()) {
    record_.end = GuestEnd::kDied;
  } else if (elapsed_s() - heard_s_ > silence_s) {
    record_.end = GuestEnd::kHung;
  } else if (elapsed_s() > options_.limit_s * scale) {
    record_.end = GuestEnd::kOutOfTime;
  } else {
    return false;
  }
  return true;
}

Result<GuestRecord> GuestRun::run(const std::vector<std::string> &emulator) {
  record_.emulator = emulator;
  SKLAB_TRY(ChildProcess process, ChildProcess::start({emulator, {}, -1}));
  for (bool over = false; !over;) {
    constexpr int kPeriodMs = 10;
    ::poll(nullptr, 0, kPeriodMs);
    over = is_over(process);
    // What it wrote before it ended is to be read, too.
    SKLAB_CHECK(take_frames());
  }
  record_.duration_s = elapsed_s();
  if (exited_) record_.end = GuestEnd::kExited;
  SKLAB_TRY(record_.console, read_file(console_));
  if (auto symbols = record_.files.extract(kSymbolsPath)) {
    record_.symbols = std::move(symbols.mapped());
  }
  record_.trouble = find_kernel_trouble(record_.console);
  if (record_.end == GuestEnd::kDied && record_.console.empty()) {
    return fail("start", emulator.front(), 0, process.read_output());
  }
  return std::move(record_);
}

}  // namespace

Result<GuestRecord> run_in_guest(const GuestKernel &kernel, const GuestCommand &command,
                                 const GuestOptions &options) {
  SKLAB_CHECK(inspect_boot_image(kernel.image));
  if (options.profile_plugin && (options.processor == Processor::kKvm || options.cpus != 1)) {
    return fail_as(ErrorKind::kUsage, "profile", kernel.name, 0,
                   "it needs one, emulated processor");
  }
  VirtualMachine machine;
  SKLAB_TRY(machine.emulator, find_program("qemu-system-x86_64", "qemu-system-x86"));
  SKLAB_TRY(const TemporaryFolder folder, TemporaryFolder::create("sklab-guest"));
  SKLAB_TRY(const std::string initramfs, make_initramfs(kernel, command));
  machine.kernel = kernel.image;
  machine.initramfs = folder.path() / "initramfs";
  machine.console = folder.path() / "console";
  machine.channel = folder.path() / "channel";
  machine.processor = options.processor;
  machine.cpus = options.cpus;
  machine.memory_mib = options.memory_mib;
  machine.seed = options.seed;
  machine.first_process = own_program().string() + " -- guest-init";
  if (options.profile_plugin) {
    machine.profile_plugin = *options.profile_plugin;
    machine.profile = folder.path() / "profile";
  }
  SKLAB_CHECK(write_file_atomically(machine.initramfs, initramfs));
  SKLAB_TRY(GuestRecord record,
            GuestRun(options, machine.console, machine.channel).run(emulator_arguments(machine)));
  if (options.profile_plugin) {
    SKLAB_TRY(record.profile, read_profile(machine.profile));
  }
  return record;
}

}  // namespace sklab
