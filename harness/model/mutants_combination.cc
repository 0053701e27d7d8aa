// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/model/mutant_lists.h"

#include <utility>

namespace sklab {
namespace {

Combination &merged(Rules &rules) {
  return rules.combinations[static_cast<size_t>(Dialect::kPassDrop)];
}
Combination &redirect(Rules &rules) {
  return rules.combinations[static_cast<size_t>(Dialect::kRedirect)];
}
Combination &ok_drop(Rules &rules) {
  return rules.combinations[static_cast<size_t>(Dialect::kOkDrop)];
}

void note(RunState &state, Action action) {
  state.dropped |= action == Action::kDrop;
  state.redirected |= action == Action::kRedirect;
}

constexpr Mutant kCombinationMutants[] = {
    {"pass_drop: each program starts without a selection",
     [](Rules &rules) { merged(rules).before = [](RunState &state) { state.context = {}; }; }},
    {"pass_drop: each program starts from what the one before left",
     [](Rules &rules) { merged(rules).before = [](RunState &) {}; }},
    {"pass_drop: NO_REUSEPORT is not inherited",
     [](Rules &rules) {
       merged(rules).before = [](RunState &state) {
         state.context = {state.remembered.socket, false};
       };
     }},
    {"pass_drop: a program that drops keeps its selection",
     [](Rules &rules) {
       merged(rules).after = [](RunState &state, Action action) {
         note(state, action);
         if (state.context.socket) state.remembered = state.context;
       };
     }},
    {"pass_drop: a later program can clear the selection",
     [](Rules &rules) {
       merged(rules).after = [](RunState &state, Action action) {
         note(state, action);
         if (action == Action::kPass) state.remembered = state.context;
       };
     }},
    {"pass_drop: the first selection wins",
     [](Rules &rules) {
       merged(rules).after = [](RunState &state, Action action) {
         note(state, action);
         if (action == Action::kPass && !state.remembered.socket) state.remembered = state.context;
       };
     }},
    {"pass_drop: only the last program's drop counts",
     [](Rules &rules) {
       merged(rules).after = [](RunState &state, Action action) {
         state.dropped = action == Action::kDrop;
         if (action == Action::kPass && state.context.socket) state.remembered = state.context;
       };
     }},
    {"pass_drop: a drop outweighs a selection",
     [](Rules &rules) {
       merged(rules).decide = [](const RunState &state) {
         return state.dropped ? Decision{{}, true} : Decision{state.remembered, false};
       };
     }},
    {"pass_drop: a drop does not refuse",
     [](Rules &rules) {
       merged(rules).decide = [](const RunState &state) {
         return Decision{state.remembered, false};
       };
     }},
    {"redirect: a selection counts without REDIRECT",
     [](Rules &rules) { redirect(rules).decide = kernel_rules().combinations[1].decide; }},
    {"redirect: REDIRECT without a socket does not outweigh a drop",
     [](Rules &rules) {
       redirect(rules).decide = [](const RunState &state) {
         if (state.redirected && state.context.socket) return Decision{state.context, false};
         return Decision{{}, state.dropped};
       };
     }},
    {"redirect: a drop outweighs REDIRECT",
     [](Rules &rules) {
       redirect(rules).decide = [](const RunState &state) {
         if (state.redirected && !state.dropped && state.context.socket) {
           return Decision{state.context, false};
         }
         return Decision{{}, state.dropped};
       };
     }},
    {"redirect: programs do not share their selection",
     [](Rules &rules) { redirect(rules).before = [](RunState &state) { state.context = {}; }; }},
    {"redirect: other codes drop",
     [](Rules &rules) {
       rules.action = [](Dialect dialect, const ReturnCodes &codes, uint32_t code) {
         for (const Action action : {Action::kPass, Action::kDrop, Action::kRedirect}) {
           if (code_of(dialect, codes, action) == code) return std::optional(action);
         }
         return std::optional(Action::kDrop);
       };
     }},
    {"redirect: codes count by their low five bits",
     [](Rules &rules) {
       rules.action = [](Dialect dialect, const ReturnCodes &codes, uint32_t code) {
         return action_of(dialect, codes, code & 31U);
       };
     }},
    {"ok_drop: a program that drops discards the selection",
     [](Rules &rules) {
       ok_drop(rules).after = [](RunState &state, Action action) {
         note(state, action);
         if (action == Action::kDrop) state.context = {};
       };
     }},
    {"ok_drop: an earlier selection cannot be discarded",
     [](Rules &rules) { ok_drop(rules) = merged(rules); }},
    {"ok_drop: a drop outweighs a selection",
     [](Rules &rules) {
       ok_drop(rules).decide = [](const RunState &state) {
         return state.dropped ? Decision{{}, true} : Decision{state.context, false};
       };
     }},
    {"ok_drop: 0 drops and 2 passes",
     [](Rules &rules) {
       rules.action = [](Dialect dialect, const ReturnCodes &codes, uint32_t code) {
         ReturnCodes swapped = codes;
         if (dialect == Dialect::kOkDrop) std::swap(swapped.ok, swapped.drop);
         return action_of(dialect, swapped, code);
       };
     }},
};

}  // namespace

std::span<const Mutant> combination_mutants() { return kCombinationMutants; }

}  // namespace sklab
