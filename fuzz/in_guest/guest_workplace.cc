// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/in_guest/guest_workplace.h"

#include <fmt/format.h>

#include "fuzz/in_guest/examination.h"
#include "fuzz/in_guest/guest_worker.h"
#include "harness/base/file.h"
#include "harness/record/digest.h"
#include "harness/record/kernel_blocks.h"
#include "harness/record/kernel_config.h"

namespace sklab {

Result<std::unique_ptr<Worker>> GuestWorkplace::start(const Fuzzer &fuzzer,
                                                      const CampaignFolder &folder,
                                                      Schedule::Slice slice,
                                                      const WorkerSettings &settings) {
  SKLAB_TRY(auto worker, GuestWorker::start(fuzzing_, fuzzer, folder, slice, settings));
  return worker;
}

void GuestWorkplace::take(Worker &worker) {
  StreamReader &stream = static_cast<GuestWorker &>(worker).stream();
  if (stream.kernel()) kernel_ = stream.kernel();
  for (const uint64_t block : stream.take_blocks()) blocks_.insert(block);
}

Result<Examined> GuestWorkplace::examine(Worker &worker, const Fuzzer &fuzzer,
                                         const CampaignFolder &folder, const std::string &mutant,
                                         const std::function<void()> &meanwhile) {
  auto &guest = static_cast<GuestWorker &>(worker);
  Examination examination(
      fuzzing_, fuzzer, folder, Trials(fuzzing_, fuzzer, mutant, meanwhile),
      FindingOrigin{fuzzer.name, mutant.empty() ? kKernelRules : mutant, fingerprint()});
  if (!fall_signature(guest.record()).empty()) {
    return examination.fall(guest.record(), guest.stream().inputs());
  }
  std::map<std::string, std::string> files;
  for (const auto &[path, content] : guest.stream().finding_files()) {
    files[std::filesystem::path(path).filename()] = content;
  }
  return examination.disagreement(std::move(files));
}

Fingerprint GuestWorkplace::fingerprint() const {
  if (kernel_) {
    Fingerprint known = *kernel_;
    // Few kernels can say how they were configured; sklab keeps that beside those that it built.
    const auto config = read_file(fuzzing_.kernel.image.parent_path() / "config");
    if (known.kernel_config_sha256.empty() && config) {
      known.kernel_config_sha256 = sha256_hex(kernel_options(*config));
    }
    return known;
  }
  Fingerprint unknown = read_fingerprint();
  unknown.kernel_release = unknown.kernel_version = "";
  unknown.kernel_config_sha256 = unknown.kernel_btf_sha256 = "";
  return unknown;
}

std::string GuestWorkplace::kernel_name() const {
  return kernel_ ? fmt::format("{} ({})", kernel_->kernel_release, fuzzing_.target)
                 : fuzzing_.target;
}

Result<> GuestWorkplace::save(const CampaignFolder &folder) {
  if (blocks_.empty()) return Ok{};
  return add_kernel_blocks(kernel_blocks_path(folder.path(), fuzzing_.kernel.name), fingerprint(),
                           blocks_);
}

}  // namespace sklab
