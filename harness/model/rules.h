// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// The rules of a lookup as a table. The model is what follows from them; a model with one of them
// replaced is a wrong model, and a test that does not notice that does not test the rule.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "harness/model/lifecycle_rules.h"
#include "harness/model/link_rules.h"
#include "harness/model/load_rules.h"
#include "harness/model/outcome.h"
#include "harness/model/scenario.h"

namespace sklab {

// What makes the kernel look up.
enum class Arrival : uint8_t {
  kHelper,  // a BPF helper, with addresses only: no SK_REUSEPORT program runs
  kPacket,
};

// One call of bpf_sk_assign. `socket` is null for a NULL socket.
struct AssignCall {
  const SocketSpec *socket;
  uint64_t flags;
  const Packet &packet;
  bool selected;  // this program or one before it has selected a socket
};

// What is selected: by a program so far, or by all.
struct Selection {
  std::optional<size_t> socket;  // index into Scenario::sockets
  bool no_reuseport = false;     // take it itself, not a member of its group
};

// While the programs of a netns run.
struct RunState {
  Selection context;     // what the running program sees and changes
  Selection remembered;  // what the programs before it decided
  bool dropped = false;
  bool redirected = false;
  unsigned position = 0;  // of the running program in the attach order
};

// What the programs of a netns decide together.
struct Decision {
  Selection selection;
  bool drop = false;  // refuse the lookup
};

// How several programs decide together, in one dialect.
struct Combination {
  void (*before)(RunState &state);
  void (*after)(RunState &state, Action action);
  Decision (*decide)(const RunState &state);
};

struct Rules;

// One lookup while it is modelled.
struct Lookup {
  const Scenario &scenario;
  Arrival arrival;
  const Rules &rules;
  Outcome &outcome;
};

struct Rules {
  // The checks of bpf_sk_assign in their order, each 0 or a negative errno.
  using AssignCheck = int (*)(const AssignCall &call);
  std::vector<AssignCheck> assign_checks;
  // What is selected after an assign that passed all checks.
  Selection (*selected)(const AssignOperation &assign, const Selection &before);
  // What is selected after one that failed.
  Selection (*not_selected)(const AssignOperation &assign, const Selection &before);

  std::array<Combination, kDialects.size()> combinations;  // by Dialect
  std::optional<Action> (*action)(Dialect dialect, const ReturnCodes &codes, uint32_t code);

  // Whether the packet belongs to this connected socket.
  bool (*is_connected_to)(const SocketSpec &socket, const Packet &packet);
  // How well an unconnected socket fits; the highest wins, negative does not fit.
  int (*score)(const SocketSpec &socket, const Packet &packet);
  // What becomes of a socket that was found or assigned: it, or members of its reuseport group that
  // the kernel may choose; they are added to `choices`. None when it refuses the packet.
  void (*reuseport)(const Scenario &scenario, Arrival arrival, size_t socket,
                    std::vector<size_t> &choices);

  // The stages of a lookup in their order; each says whether it decided.
  using Stage = bool (*)(Lookup &lookup);
  std::vector<Stage> stages;

  LinkRules links;
  LoadRules load;
  LifecycleRules lifecycle;
};

// The rules of the kernel.
const Rules &kernel_rules();

}  // namespace sklab
