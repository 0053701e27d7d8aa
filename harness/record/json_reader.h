// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <concepts>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "harness/base/result.h"

namespace sklab {

// Thrown by JsonReader and caught by read_document() only: one place of a deep document is wrong,
// all callers end.
struct WrongField {
  std::string pointer;
  std::string expected;
};

// A name as a part of a JSON pointer (RFC 6901).
inline std::string pointer_token(const std::string &name) {
  std::string out;
  for (const char c : name) {
    if (c == '~') {
      out += "~0";
    } else if (c == '/') {
      out += "~1";
    } else {
      out += c;
    }
  }
  return out;
}

// Reads what JsonWriter writes. `EnumNames::names(value)` is the array of the names that values of
// that enumeration have. Fields that no struct has are ignored: a later sklab may add some.
template <typename EnumNames>
class JsonReader {
 public:
  using Json = nlohmann::ordered_json;

  JsonReader(const Json &json, std::string pointer) : json_(json), pointer_(std::move(pointer)) {}

  void read(std::string &value) const {
    if (!json_.is_string()) throw WrongField{pointer_, "a string"};
    value = json_.get<std::string>();
  }
  void read(bool &value) const {
    if (!json_.is_boolean()) throw WrongField{pointer_, "true or false"};
    value = json_.get<bool>();
  }
  void read(double &value) const {
    // JSON has no NaN and no infinity: both are written as null.
    if (!json_.is_number() && !json_.is_null()) throw WrongField{pointer_, "a number"};
    value = json_.is_null() ? std::numeric_limits<double>::quiet_NaN() : json_.get<double>();
  }
  template <std::unsigned_integral T>
  void read(T &value) const {
    if (!json_.is_number_unsigned() || json_.get<uint64_t>() > std::numeric_limits<T>::max()) {
      throw WrongField{pointer_, "a whole number that fits"};
    }
    value = json_.get<T>();
  }
  void read(int64_t &value) const {
    constexpr auto kMost = static_cast<uint64_t>(std::numeric_limits<int64_t>::max());
    const bool fits = !json_.is_number_unsigned() || json_.get<uint64_t>() <= kMost;
    if (!json_.is_number_integer() || !fits) throw WrongField{pointer_, "a whole number that fits"};
    value = json_.get<int64_t>();
  }
  template <typename T>
  void read(std::vector<T> &values) const {
    if (!json_.is_array()) throw WrongField{pointer_, "an array"};
    values.resize(json_.size());
    for (size_t i = 0; i < values.size(); ++i) {
      JsonReader(json_[i], pointer_ + "/" + std::to_string(i)).read(values[i]);
    }
  }
  template <typename T>
  void read(std::map<std::string, T> &values) const {
    if (!json_.is_object()) throw WrongField{pointer_, "an object"};
    for (const auto &[name, value] : json_.items()) {
      JsonReader(value, pointer_ + "/" + pointer_token(name)).read(values[name]);
    }
  }
  template <typename T>
  void read(std::optional<T> &value) const {
    if (!json_.is_null()) read(value.emplace());
  }
  template <typename T>
  void read(T &value) const {
    if constexpr (std::is_enum_v<T>) {
      read_name(value);
    } else {
      read_fields(value);
    }
  }

 private:
  template <typename T>
  void read_name(T &value) const {
    const auto &names = EnumNames::names(value);
    std::string expected;
    for (size_t i = 0; i < names.size(); ++i) {
      if (json_.is_string() && json_.get_ref<const std::string &>() == names[i]) {
        value = static_cast<T>(i);
        return;
      }
      expected += (i == 0 ? "" : i + 1 == names.size() ? " or " : ", ") + std::string(names[i]);
    }
    throw WrongField{pointer_, expected};
  }
  template <typename T>
  void read_fields(T &record) const {
    if (!json_.is_object()) throw WrongField{pointer_, "an object"};
    visit_fields(record, [this](const char *name, auto &field) {
      const auto found = json_.find(name);
      const std::string pointer = pointer_ + "/" + name;
      if (found == json_.end()) throw WrongField{pointer, "a field of this name"};
      JsonReader(*found, pointer).read(field);
    });
  }

  const Json &json_;
  std::string pointer_;
};

// The record in `text`, a file of the kind `what` ("result.json"). Errors are of kind kUsage: not
// JSON, another schema version, or a field that is missing or of the wrong type, by its JSON
// pointer.
template <typename EnumNames, typename Record>
Result<Record> read_document(const std::string &what, int version, std::string_view text) {
  const auto unreadable = [&what](const std::string &where, const std::string &why) {
    return fail_as(ErrorKind::kUsage, "read " + what, where, 0, why);
  };
  const auto document = nlohmann::ordered_json::parse(text, nullptr, false);
  if (!document.is_object()) return unreadable("", "it is no JSON object, or not all of one");
  const auto found = document.find("schema_version");
  if (found == document.end() || *found != version) {
    return unreadable("/schema_version",
                      "expected version " + std::to_string(version) +
                          (found == document.end() ? "" : ", not " + found->dump()));
  }
  Record record;
  try {
    JsonReader<EnumNames>(document, "").read(record);
  } catch (const WrongField &wrong) {
    return unreadable(wrong.pointer, "expected " + wrong.expected);
  }
  return record;
}

}  // namespace sklab
