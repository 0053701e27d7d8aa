// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fuzz/target/guest_stream.h"
#include "harness/base/result.h"
#include "harness/guest/byte_frames.h"
#include "harness/record/fingerprint.h"

namespace sklab {

// What has come out of a guest that runs a fuzzer.
class StreamReader {
 public:
  static constexpr size_t kMostInputs = 128;

  // Called as they come; both may be empty.
  std::function<Result<>(const std::string &input)> begins_input;
  std::function<Result<>(const NamedPayload &input)> keeps_input;

  // Errors: what comes is not understood, since the guest's memory is broken; those of the above.
  Result<> add(std::string_view bytes);

  // The last ones that were begun, oldest first.
  [[nodiscard]] const std::deque<std::string> &inputs() const { return inputs_; }
  [[nodiscard]] uint64_t inputs_begun() const { return inputs_begun_; }
  [[nodiscard]] const StreamFigures &figures() const { return figures_; }
  // Paths below a folder of findings, and what is in them.
  [[nodiscard]] const std::map<std::string, std::string> &finding_files() const { return files_; }
  [[nodiscard]] const std::optional<Fingerprint> &kernel() const { return kernel_; }
  std::vector<uint64_t> take_blocks() { return std::exchange(blocks_, {}); }

 private:
  Result<> take(const ByteFrame &frame);

  ByteFrameDecoder decoder_{kLastStreamKind};
  std::deque<std::string> inputs_;
  uint64_t inputs_begun_ = 0;
  StreamFigures figures_;
  std::map<std::string, std::string> files_;
  std::optional<Fingerprint> kernel_;
  std::vector<uint64_t> blocks_;
};

}  // namespace sklab
