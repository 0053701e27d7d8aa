// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// What a gate and the processes that measure for it say to each other. Each process is an sklab,
// not necessarily this one: two builds can be compared. So messages are JSON, and fields that one
// of the two does not know are left out or ignored.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "harness/base/result.h"
#include "harness/base/unique_fd.h"

namespace sklab {

// Raised when an older process could not be used any more.
inline constexpr int kGateProtocol = 1;

// A row, or an empty loop, as its process describes it.
struct LaneFacts {
  std::string name;
  std::string title;
  std::string path;
  std::string definition;
  bool is_empty_loop = false;
  bool ignores_key = false;
  bool wants_key_on = false;
  int empty_loop = -1;  // number of the lane whose time is taken off; -1 for none
  std::map<std::string, uint64_t> counts;  // that must not grow: "program_instructions"
};

struct GateRequest {
  std::string what;  // "open", "check", "run"
  // open: a group with these of its rows. All others are about what was opened last.
  std::string group;
  std::vector<std::string> rows;
  uint64_t seed = 1;
  double batch_ns = 0;  // how long batches should take
  // check and run: which lane. The static key has to be as it wants it.
  size_t lane = 0;
  uint64_t lookups = 0;  // check and run: in a batch; 0 to have it calibrated
  uint32_t burn = 0;     // check: what another process needed to be as slow as it was told
};

struct GateReply {
  int protocol = kGateProtocol;
  std::string error;    // what ended the request; the process may be used for others
  int error_kind = 0;   // ErrorKind
  std::string failure;  // why the lane has no number: the kernel did something else than it should
  std::vector<LaneFacts> lanes;  // open
  std::string sklab_version;     // open: of the build that measures
  uint64_t lookups = 0;          // check: how many make a batch
  uint32_t burn = 0;             // check: see GateRequest
  double latency_ns = 0;         // run: of a lookup, the loop included
};

// One end of a pair of connected sockets.
class GateChannel {
 public:
  explicit GateChannel(UniqueFd socket) : socket_(std::move(socket)) {}

  // Both ends. The second is for another process.
  static Result<std::pair<GateChannel, UniqueFd>> create();

  Result<> send(const GateRequest &request) const;
  Result<> send(const GateReply &reply) const;
  // Errors: nothing came in time; the other end is gone (error number ECONNRESET); something else
  // than a message came.
  Result<GateRequest> receive_request() const;
  Result<GateReply> receive_reply(double limit_s) const;

 private:
  UniqueFd socket_;
};

}  // namespace sklab
