// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "harness/base/result.h"
#include "harness/guest/profile/profile.h"

namespace sklab {

enum class GuestEnd : uint8_t {
  kExited,       // the command ended by itself
  kDied,         // the machine stopped or restarted before that: a panic
  kHung,         // nothing of it was heard for long
  kFlooded,      // its kernel said more than anybody will read
  kFailed,       // its first process could not do its work
  kOutOfTime,    // it lived when its time was up
  kInterrupted,  // by the user
};

struct GuestRecord {
  GuestEnd end = GuestEnd::kDied;
  int exit_code = 0;    // of the command, if it exited
  std::string failure;  // why the first process failed
  std::string release;  // of the kernel; "" if its first process never ran
  // The first line of the kernel's log that tells of a fault of its own; "" for none.
  std::string trouble;
  std::string console;                       // all that the kernel said
  std::string notes;                         // that the command wrote, if it may
  std::map<std::string, std::string> files;  // what was brought back, by path
  std::map<std::string, std::string> links;  // symbolic ones that were brought back, by path
  std::vector<ProfileRecord> profile;        // one for each window that was profiled
  std::string symbols;                       // for Symbols::parse(); "" if there are none
  std::vector<std::string> emulator;         // the command line that ran it
  double started_s = 0;                      // until the first process ran
  double duration_s = 0;
};

// Its kernel ran, and then stopped, hung or flooded its log.
bool kernel_fell(const GuestRecord &record);

// What a kernel that fell, or that has trouble, is said to have; "" for one that has none.
std::string fall_signature(const GuestRecord &record);

// Of a guest whose command did not end by itself, or whose kernel has trouble: a finding, with the
// console's place. Its console is written to a file that stays. Requires: there is one.
Error guest_failure(const std::string &kernel, const GuestRecord &record);

}  // namespace sklab
