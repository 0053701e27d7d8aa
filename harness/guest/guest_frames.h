// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// What a guest tells its host, as a stream of bytes: what its command printed, files, and how it
// ended. The console is the kernel's alone.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "harness/guest/byte_frames.h"

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

inline std::string encode(FrameKind kind, std::string_view payload) {
  return encode_frame(static_cast<uint8_t>(kind), payload);
}

inline constexpr auto kLastFrameKind = static_cast<uint8_t>(FrameKind::kFailed);

}  // namespace sklab
