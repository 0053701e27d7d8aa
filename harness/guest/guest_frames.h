// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// What a guest tells its host, as a stream of bytes: what its command printed, files, and how it
// ended. The console is the kernel's alone.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sklab {

enum class FrameKind : uint8_t {
  kStarted = 1,  // the guest's first process runs; payload: the kernel's release
  kAlive,        // every second of the guest's clock
  kOutput,       // of the command, to stdout
  kErrors,       // and to stderr
  kFile,         // the files' data that follow belong to this path
  kFileData,
  kLink,    // a symbolic one; payload: its path, a zero, and where it leads
  kExit,    // of the command: its exit code in decimal. Nothing follows.
  kFailed,  // the first process could not do its work; payload: a line that says why. Nothing
            // follows.
};

struct Frame {
  FrameKind kind = FrameKind::kAlive;
  std::string payload;
};

// The kind, the payload's length in four bytes, lowest first, and the payload.
std::string encode(FrameKind kind, std::string_view payload);

// Takes the stream in pieces of any size.
class FrameDecoder {
 public:
  void add(std::string_view bytes) { bytes_ += bytes; }
  // None until there is a whole one, and after damage.
  std::optional<Frame> next();
  // What came is no frame: the guest's memory or its first process are broken.
  [[nodiscard]] bool damaged() const { return damaged_; }

 private:
  std::string bytes_;
  bool damaged_ = false;
};

}  // namespace sklab
