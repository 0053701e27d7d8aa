// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <random>

#include "harness/conform/link_lab.h"
#include "harness/conform/links.h"

namespace sklab {
namespace {

using Kind = LinkOperation::Kind;

// Every call about one of two links, and every attach.
std::vector<LinkOperation> alphabet() {
  std::vector<LinkOperation> operations;
  for (size_t program = 0; program < LinkLab::kPrograms; ++program) {
    operations.push_back({Kind::kAttach, 0, program, std::nullopt});
  }
  for (size_t link = 0; link < 2; ++link) {
    for (size_t program = 0; program < LinkLab::kPrograms; ++program) {
      operations.push_back({Kind::kUpdate, link, program, std::nullopt});
      for (size_t expected = 0; expected < LinkLab::kPrograms; ++expected) {
        operations.push_back({Kind::kUpdate, link, program, expected});
      }
    }
    operations.push_back({Kind::kDetach, link, 0, std::nullopt});
    operations.push_back({Kind::kClose, link, 0, std::nullopt});
  }
  return operations;
}

// Which links a sequence may name: made, and not closed.
class OpenLinks {
 public:
  // Whether the operation is possible; if so it is done.
  bool allow(const LinkOperation &operation) {
    if (operation.kind == Kind::kAttach) {
      const bool is_sk_lookup = operation.program != LinkOperation::kOtherType;
      // Past the limit there is no link.
      if (list_.attach({operation.program, is_sk_lookup}) == 0) open_.push_back(true);
      return true;
    }
    if (operation.link >= open_.size() || !open_[operation.link]) return false;
    if (operation.kind == Kind::kClose) open_[operation.link] = false;
    if (operation.kind != Kind::kUpdate) list_.detach(operation.link);
    return true;
  }
  [[nodiscard]] size_t made() const { return open_.size(); }

 private:
  LinkList list_;
  std::vector<bool> open_;
};

bool is_possible(const std::vector<LinkOperation> &operations) {
  OpenLinks links;
  for (const LinkOperation &operation : operations) {
    if (!links.allow(operation)) return false;
  }
  return true;
}

Result<> check_all(LinkLab &lab, size_t length, const LinkRules &rules, Case &result) {
  const auto letters = alphabet();
  std::vector<size_t> indices(length, 0);
  for (;;) {
    std::vector<LinkOperation> operations;
    operations.reserve(length);
    for (const size_t index : indices) operations.push_back(letters[index]);
    if (is_possible(operations)) SKLAB_CHECK(lab.run(operations, rules, result));
    size_t position = length;
    while (position > 0 && ++indices[position - 1] == letters.size()) indices[--position] = 0;
    if (position == 0) return Ok{};
  }
}

// Attaches so often that the limit is met.
std::vector<LinkOperation> random_operations(std::mt19937_64 &random) {
  constexpr size_t kLength = 120;
  std::vector<LinkOperation> operations;
  OpenLinks links;
  while (operations.size() < kLength) {
    LinkOperation operation;
    operation.kind = random() % 8 < 5 ? Kind::kAttach : static_cast<Kind>(random() % 4);
    operation.program = random() % LinkLab::kPrograms;
    // Mostly a program that can be attached.
    if (random() % 4 != 0) operation.program %= LinkOperation::kOtherType;
    operation.link = random() % (links.made() + 1);
    if (operation.kind == Kind::kUpdate && random() % 2 == 0) {
      operation.expected = random() % LinkLab::kPrograms;
    }
    if (links.allow(operation)) operations.push_back(operation);
  }
  return operations;
}

}  // namespace

void check_link_sequences(CaseLog &log, const ConformSettings &settings) {
  auto lab = LinkLab::create();
  const LinkRules &rules = settings.rules->links;
  const size_t longest = settings.depth == Depth::kExhaustive ? 4 : 3;
  for (size_t length = 1; length <= longest; ++length) {
    log.run("all sequences of " + std::to_string(length), [&](Case &result) -> Result<> {
      if (!lab) return tl::unexpected(lab.error());
      return check_all(*lab, length, rules, result);
    });
  }
  log.run("random sequences", [&](Case &result) -> Result<> {
    if (!lab) return tl::unexpected(lab.error());
    std::mt19937_64 random(settings.seed);
    const int sequences = settings.depth == Depth::kQuick ? 5 : 30;
    for (int i = 0; i < sequences; ++i) {
      SKLAB_CHECK(lab->run(random_operations(random), rules, result));
    }
    return Ok{};
  });
}

}  // namespace sklab
