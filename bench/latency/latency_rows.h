// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// What `sklab latency` can measure, as data. Rows of a section share a netns and take turns.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "bench/latency/churn.h"
#include "bench/steering.h"

namespace sklab {

struct LatencyRowSpec {
  std::string name;
  std::string title;
  std::string reference;  // name of the row it is compared with; "" for none
  Steering steering = Steering::kNone;
  std::optional<ChurnKind> churn = std::nullopt;
  double churn_per_second = 0;
  bool empty = false;  // no request at all: what the loop itself takes
};

inline constexpr char kControlRow[] = "key_off_control";
inline constexpr char kBaseRow[] = "key_off";

struct LatencySection {
  FamilyCase family;
  size_t sockets = 0;  // beside those that rows need
  double rate_per_second = 0;
  std::vector<LatencyRowSpec> rows;
};

struct LatencySelection {
  std::vector<std::string> families;
  std::vector<double> rates_per_second;  // none: what suits the protocol
  std::vector<ChurnKind> churn;
  std::vector<double> churn_per_second;
  size_t sockets = 0;  // of a section with more of them, 0 for no such section
};

std::vector<LatencySection> latency_sections(const LatencySelection &selection);

}  // namespace sklab
