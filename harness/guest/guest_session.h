// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// A guest that runs: its emulator, and what has come out of it so far.
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <vector>

#include "harness/base/child_process.h"
#include "harness/base/temporary_folder.h"
#include "harness/guest/growing_file.h"
#include "harness/guest/guest_frames.h"
#include "harness/guest/guest_run.h"
#include "harness/guest/guest_symbols.h"

namespace sklab {

class GuestSession {
 public:
  // Errors: as of run_in_guest(). The job is borrowed.
  static Result<std::unique_ptr<GuestSession>> start(const GuestJob &job);

  // Takes what has come. Whether the guest is over; then it is no longer to be called. Errors: what
  // comes is not understood, or the guest's first process could not do its work.
  Result<bool> advance();

  // What came of it. To be called once, when it is over.
  Result<GuestRecord> finish();

 private:
  GuestSession(const GuestJob &job, TemporaryFolder folder, VirtualMachine machine,
               ChildProcess emulator)
      : options_(job.options),
        outputs_(job.command.outputs),
        folder_(std::move(folder)),
        machine_(std::move(machine)),
        emulator_(std::move(emulator)),
        channel_(machine_.channel),
        notes_(machine_.notes) {
    if (job.command.symbols) outputs_.emplace_back(kSymbolsPath);
  }

  [[nodiscard]] double elapsed_s() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  }
  Result<> take(ByteFrame frame);
  Result<> take_frames();
  Result<> take_notes();
  bool is_over();
  [[nodiscard]] bool started() const { return !record_.release.empty(); }

  const GuestOptions &options_;
  std::vector<std::filesystem::path> outputs_;
  TemporaryFolder folder_;
  VirtualMachine machine_;
  ChildProcess emulator_;
  GrowingFile channel_;
  GrowingFile notes_;
  ByteFrameDecoder decoder_{kLastFrameKind};
  std::string *file_ = nullptr;  // of the record, that data belong to
  bool exited_ = false;          // it said all it had to say
  double heard_s_ = 0;           // when, by the host's clock
  double heard_cpu_s_ = 0;       // and by what the emulator had taken of CPUs
  double started_cpu_s_ = 0;
  GuestRecord record_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace sklab
