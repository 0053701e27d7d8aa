// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <string>

#include "harness/base/child_process.h"
#include "harness/base/result.h"
#include "harness/base/temporary_folder.h"
#include "harness/kernel/uplink.h"
#include "harness/path/flood_batch.h"

namespace sklab {

// Other people's packet generators, which send from the far end of an uplink until they are ended.
class ToolFlood {
 public:
  enum class Tool : uint8_t {
    kTrafgen,       // of netsniff-ng: a packet socket's ring
    kXdpTrafficgen  // of xdp-tools: live frames to the interface, which is to send them. UDP and
                    // IPv6
  };

  // Where its program is. Errors: kUnavailable if it is not installed.
  static Result<std::string> program_of(Tool tool);

  // Requires: the thread is in the server. Errors: those of program_of() and turn_on_gro().
  static Result<ToolFlood> open(Tool tool);

  // On the CPU that the calling thread is pinned to, as far as the tool leaves that alone.
  // Errors: kUnavailable for packets that the tool cannot make.
  [[nodiscard]] Result<ChildProcess> start(const FloodBatch &batch, const Uplink &uplink) const;

 private:
  ToolFlood(Tool tool, std::string program, TemporaryFolder folder)
      : tool_(tool), program_(std::move(program)), folder_(std::move(folder)) {}

  Tool tool_;
  std::string program_;
  TemporaryFolder folder_;
};

}  // namespace sklab
