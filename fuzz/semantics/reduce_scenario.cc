// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/semantics/reduce_scenario.h"

#include <utility>

#include "harness/model/scenario_validate.h"

namespace sklab {
namespace {

class Reducer {
 public:
  Reducer(Scenario scenario, const std::function<bool(const Scenario &)> &fails)
      : scenario_(std::move(scenario)), fails_(fails) {}

  Scenario reduce() {
    do {
      smaller_ = false;
      drop_programs();
      for (size_t i = 0; i < scenario_.programs.size(); ++i) simplify_program(i);
      drop_each(scenario_.reuseport_programs.size(), [](Scenario &scenario, size_t index) {
        scenario.reuseport_programs.erase(scenario.reuseport_programs.begin() +
                                          static_cast<ptrdiff_t>(index));
      });
      drop_sockets();
      for (size_t i = 0; i < scenario_.sockets.size(); ++i) simplify_socket(i);
    } while (smaller_);
    return std::move(scenario_);
  }

 private:
  // Whether the scenario that `change` makes was taken over.
  template <typename Change>
  bool attempt(Change &&change) {
    Scenario changed = scenario_;
    change(changed);
    if (changed == scenario_ || find_contradiction(changed) || !fails_(changed)) return false;
    scenario_ = std::move(changed);
    smaller_ = true;
    return true;
  }

  // Leaves out element after element, the last one first.
  template <typename Remove>
  void drop_each(size_t count, Remove &&remove) {
    while (count-- > 0) {
      attempt([&](Scenario &scenario) { remove(scenario, count); });
    }
  }

  void drop_programs() {
    drop_each(scenario_.programs.size(), [](Scenario &scenario, size_t index) {
      scenario.programs.erase(scenario.programs.begin() + static_cast<ptrdiff_t>(index));
    });
  }

  void simplify_program(size_t program) {
    drop_each(scenario_.programs[program].assigns.size(), [=](Scenario &scenario, size_t index) {
      auto &assigns = scenario.programs[program].assigns;
      assigns.erase(assigns.begin() + static_cast<ptrdiff_t>(index));
    });
    for (size_t i = 0; i < scenario_.programs[program].assigns.size(); ++i) {
      for (unsigned bit = 0; bit < 64; ++bit) {
        if ((scenario_.programs[program].assigns[i].flags >> bit & 1) == 0) continue;
        attempt([&](Scenario &scenario) {
          scenario.programs[program].assigns[i].flags &= ~(uint64_t{1} << bit);
        });
      }
    }
    const auto pass = code_of(scenario_.dialect, scenario_.codes, Action::kPass);
    attempt([&](Scenario &scenario) { scenario.programs[program].return_code = *pass; });
  }

  // An assign of a socket that is gone is one of NULL.
  void drop_sockets() {
    drop_each(scenario_.sockets.size(), [](Scenario &scenario, size_t index) {
      scenario.sockets.erase(scenario.sockets.begin() + static_cast<ptrdiff_t>(index));
      for (ScriptedProgram &program : scenario.programs) {
        for (AssignOperation &assign : program.assigns) {
          if (!assign.socket || *assign.socket < index) continue;
          assign.socket =
              *assign.socket == index ? std::nullopt : std::optional(*assign.socket - 1);
        }
      }
      for (ReuseportProgram &program : scenario.reuseport_programs) {
        if (program.socket == index) program.action = ReuseportProgram::Action::kPass;
        if (program.socket >= index && program.socket > 0) --program.socket;
      }
    });
  }

  void simplify_socket(size_t socket) {
    attempt([=](Scenario &scenario) { scenario.sockets[socket].reuseport_group.reset(); });
    attempt([=](Scenario &scenario) { scenario.sockets[socket].peer.reset(); });
    attempt([=](Scenario &scenario) { scenario.sockets[socket].v6_only = false; });
  }

  Scenario scenario_;
  const std::function<bool(const Scenario &)> &fails_;
  bool smaller_ = false;
};

}  // namespace

Scenario reduce_scenario(Scenario scenario, const std::function<bool(const Scenario &)> &fails) {
  return Reducer(std::move(scenario), fails).reduce();
}

}  // namespace sklab
