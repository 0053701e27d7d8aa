// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// What `sklab bench` can measure, as data. Rows that are compared with each other form a group:
// they share one netns and one population, differ only in what is attached and what is looked up,
// and take turns batch by batch.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "bench/population.h"
#include "bench/steering.h"
#include "bench/traffic.h"
#include "harness/kernel/user_object.h"
#include "harness/path/flood_path.h"

namespace sklab {

enum class Role : uint8_t {
  kRow,       // a row of the table
  kControl,   // the reference once more: the A/A check
  kUnrolled,  // twice the lookups an iteration: shows what overhead is left after subtraction
  kDouble,    // batches of twice the length: the 2N/N check
};

enum class Caches : uint8_t {
  kWarm,     // whatever the batch itself leaves in them
  kEvicted,  // everything else is pushed out before each single lookup
};

enum class Cpus : uint8_t {
  kOne,
  kAllSame,       // all at once, the same packet
  kAllDifferent,  // all at once, every CPU a packet of its own
};

enum class RowPath : uint8_t { kProbe, kTestRun, kFlood };

// As records have it: "probe", "test_run", "flood".
const char *path_name(RowPath path);

struct RowSpec {
  std::string name;       // unique: "udp4/pass"
  std::string title;      // one line for people
  std::string reference;  // name of the row of the group it is compared with; "" for none
  // Of another one: the difference to it is a counter of this row.
  std::string second_reference;
  Steering steering = Steering::kNone;
  unsigned programs = 1;  // how many of them are attached, when any is
  Traffic traffic = Traffic::kServer;
  Role role = Role::kRow;
  Caches caches = Caches::kWarm;
  Cpus cpus = Cpus::kOne;
  RowPath path = RowPath::kProbe;
  FloodFate fate = FloodFate::kSocket;  // of the packets of a flood
  bool quick = false;                   // part of --quick

  // Why a process with so many CPUs cannot measure it; "" if it can.
  [[nodiscard]] std::string reason_to_skip(size_t usable_cpus) const {
    return cpus != Cpus::kOne && usable_cpus < 2 ? "needs at least two CPUs" : "";
  }
  // Why packets of this generator cannot show it; "" if they can.
  [[nodiscard]] std::string reason_to_skip(FloodGenerator generator) const;
};

struct GroupSpec {
  std::string name;
  FamilyCase family;
  PopulationSpec population;
  // Of measuring, set-up not included, in a default run.
  double seconds = 1;
  // Report what the population takes: sockets, setup_ms, kernel_memory_bytes.
  bool reports_population = false;
  std::vector<RowSpec> rows;
  // A user's program. Its scenario is the population then, and its packets of this family's
  // protocol and client's family are the traffic; everything else of `family` and `population` is
  // unused.
  SharedObject object = nullptr;
  // Its netns can be flooded. Such groups are selected only by a filter that has this word.
  bool flood = false;
  FloodGenerator generator = FloodGenerator::kLiveFrames;  // of who floods it
  static constexpr char kFloodWord[] = "flood";
};

// Every group, in the order of the table.
const std::vector<GroupSpec> &all_groups();

struct RowSelection {
  std::string filter;  // regular expression (base/pattern.h) searched for in row names; "" for all
  bool quick = false;

  // As records have it.
  [[nodiscard]] const char *mode() const { return quick ? "quick" : "default"; }
};

// The groups that measure a user's program: one for each kind of its scenario's packets
// (object_tcp4, object_udp6), as the probe has programs of its own for each.
std::vector<GroupSpec> object_groups(const SharedObject &object);

// Those of the user's program, if there is one, else all of sklab's own.
std::vector<GroupSpec> groups_of(const SharedObject &object);

// The groups with the selected rows, and with them what these need: their reference, and the
// self-checks of that. Groups without a row are left out.
// Errors: kUsage for a bad expression, or when nothing matches.
Result<std::vector<GroupSpec>> select_groups(const std::vector<GroupSpec> &groups,
                                             const RowSelection &selection);
inline Result<std::vector<GroupSpec>> select_groups(const RowSelection &selection) {
  return select_groups(all_groups(), selection);
}

}  // namespace sklab
