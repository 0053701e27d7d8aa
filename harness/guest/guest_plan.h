// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// What a guest is to do, as a file that it finds in its first root file system.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/result.h"

namespace sklab {

inline constexpr char kPlanPath[] = "/sklab.plan";

struct GuestPlan {
  std::vector<std::string> arguments;  // the first is the program's path
  std::string folder;                  // to run it in
  std::map<std::string, std::string> environment;
  std::vector<std::string> modules;  // paths, to be loaded in this order
  std::vector<std::string> outputs;  // files and folders to send back, if they are there then
  bool symbols = false;              // to send kept_symbols(), too
};

// CBOR (RFC 8949): paths and arguments need not be UTF-8, as strings of JSON must.
std::string plan_bytes(const GuestPlan &plan);
// Errors: bytes that plan_bytes() does not make.
Result<GuestPlan> parse_plan(std::string_view bytes);

}  // namespace sklab
