// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "fuzz/campaign/campaign_folder.h"
#include "fuzz/campaign/fuzzers.h"
#include "fuzz/campaign/worker.h"
#include "fuzz/in_guest/guest_fuzzing.h"
#include "fuzz/in_guest/stream_reader.h"
#include "fuzz/target/journal.h"
#include "harness/guest/guest_session.h"

namespace sklab {

// A fuzzer in a guest of its own. The guest's time begins with the first input; when it is over,
// the guest is ended as it is: all that is worth keeping has left it by then.
class GuestWorker : public Worker {
 public:
  // Errors: no emulator, no kernel; a log or journal that cannot be written.
  static Result<std::unique_ptr<GuestWorker>> start(const GuestFuzzing &fuzzing,
                                                    const Fuzzer &fuzzer,
                                                    const CampaignFolder &folder,
                                                    Schedule::Slice slice,
                                                    const WorkerSettings &settings);

  [[nodiscard]] int output_fd() const override { return -1; }
  Result<> advance() override;
  void stop() override;
  Result<std::optional<WorkerEnd>> ended() override { return end_; }
  [[nodiscard]] int exit_code() const override { return record_.exit_code; }
  [[nodiscard]] TargetFigures figures() const override;

  [[nodiscard]] StreamReader &stream() { return stream_; }
  // Once it has ended.
  [[nodiscard]] const GuestRecord &record() const { return record_; }

 private:
  GuestWorker(GuestJob job, Journal journal, std::filesystem::path corpus, LogFile log,
              Schedule::Slice slice, unsigned job_number, std::string name);
  [[nodiscard]] WorkerEnd end_of() const;
  // Ends it with what is wrong with it; the campaign goes on.
  Result<> give_up(const Error &error);

  GuestJob job_;  // the session borrows it
  Journal journal_;
  std::filesystem::path corpus_;
  StreamReader stream_;
  std::unique_ptr<GuestSession> session_;
  std::optional<Error> trouble_;  // of what came, or what could not be written
  std::string printed_;           // since it was last looked at
  std::optional<WorkerEnd> end_;
  bool asked_to_stop_ = false;
  GuestRecord record_;
};

}  // namespace sklab
