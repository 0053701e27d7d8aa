// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// What a fuzzer in a guest sends out of it at once, since the guest may fall at any time, and is
// ended without being asked: frames (harness/guest/byte_frames.h) at kNotePort.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/result.h"
#include "harness/guest/debug_port.h"
#include "harness/record/fingerprint.h"

namespace sklab {

enum class StreamKind : uint8_t {
  kKernel = 1,   // what it runs on: encode_stream_kernel()
  kInput,        // is about to be run
  kCorpusInput,  // libFuzzer keeps it; payload: its name, a zero, and it
  kFigures,      // so far: encode_stream_figures()
  kBlocks,       // of the kernel's code, that ran for the first time: addresses of eight bytes
  kFindingFile,  // payload: its path below the folder of findings, a zero, and its content
};
inline constexpr auto kLastStreamKind = static_cast<uint8_t>(StreamKind::kFindingFile);

// The facts about the guest's kernel that a finding names, a line each.
std::string encode_stream_kernel(const Fingerprint &fingerprint);
// Sets them in `fingerprint`. Errors: it is something else.
Result<> decode_stream_kernel(std::string_view text, Fingerprint &fingerprint);

// "NAME\0CONTENT" of a payload; an empty name if there is none.
struct NamedPayload {
  std::string name;
  std::string content;
};
NamedPayload decode_named(std::string_view payload);

struct StreamFigures {
  uint64_t inputs = 0;
  uint64_t checked = 0;
  uint64_t kernel_ns = 0;
  uint64_t known_findings = 0;

  bool operator==(const StreamFigures &) const = default;
};
std::string encode_stream_figures(const StreamFigures &figures);
// Errors: it is something else.
Result<StreamFigures> decode_stream_figures(std::string_view text);

std::string encode_stream_blocks(std::span<const uint64_t> blocks);
std::vector<uint64_t> decode_stream_blocks(std::string_view bytes);

class GuestStream {
 public:
  // New files in `corpus`, a folder or none, are sent. Errors: this is no guest, or may not use its
  // ports.
  static Result<GuestStream> open(std::filesystem::path corpus);

  void send(StreamKind kind, std::string_view payload) const;
  void send_finding(const std::filesystem::path &folder) const;
  // Whether it is time for send_progress().
  [[nodiscard]] bool is_due() const { return std::chrono::steady_clock::now() >= next_; }
  // With the inputs that are new in the corpus.
  void send_progress(const StreamFigures &figures, std::span<const uint64_t> blocks);

 private:
  GuestStream(DebugPort port, std::filesystem::path corpus)
      : port_(port), corpus_(std::move(corpus)) {}
  // Those that are new since the last call.
  std::vector<std::filesystem::path> new_inputs();

  DebugPort port_;
  std::filesystem::path corpus_;
  std::set<std::string> known_inputs_;
  std::chrono::steady_clock::time_point next_ = std::chrono::steady_clock::now();
};

}  // namespace sklab
