// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/campaign/workplace.h"

#include "fuzz/campaign/process_worker.h"

namespace sklab {

Result<std::unique_ptr<Worker>> HostWorkplace::start(const Fuzzer &fuzzer,
                                                     const CampaignFolder &folder,
                                                     Schedule::Slice slice,
                                                     const WorkerSettings &settings) {
  return ProcessWorker::start(fuzzer, folder, slice, settings);
}

}  // namespace sklab
