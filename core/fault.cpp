#include "core/fault.h"

#include <algorithm>
#include <array>
#include <utility>

namespace archive {
namespace {

constexpr std::array kStages = {
    std::pair{Stage::receive, "receive"},   std::pair{Stage::decode, "decode"},
    std::pair{Stage::clean, "clean"},       std::pair{Stage::read, "read"},
    std::pair{Stage::classify, "classify"}, std::pair{Stage::extract, "extract"},
    std::pair{Stage::store, "store"},       std::pair{Stage::index, "index"},
};

constexpr std::array kReasons = {
    std::pair{FaultReason::empty_file, "empty_file"},
    std::pair{FaultReason::unreadable_file, "unreadable_file"},
    std::pair{FaultReason::vanished, "vanished"},
    std::pair{FaultReason::too_large, "too_large"},
    std::pair{FaultReason::too_many_pixels, "too_many_pixels"},
    std::pair{FaultReason::too_many_pages, "too_many_pages"},
    std::pair{FaultReason::not_an_image, "not_an_image"},
    std::pair{FaultReason::damaged, "damaged"},
    std::pair{FaultReason::truncated, "truncated"},
    std::pair{FaultReason::encrypted, "encrypted"},
    std::pair{FaultReason::no_pages, "no_pages"},
    std::pair{FaultReason::unsupported, "unsupported"},
    std::pair{FaultReason::decoder_crashed, "decoder_crashed"},
    std::pair{FaultReason::decoder_timeout, "decoder_timeout"},
    std::pair{FaultReason::decoder_memory, "decoder_memory"},
    std::pair{FaultReason::recognition_failed, "recognition_failed"},
    std::pair{FaultReason::reading_fatal, "reading_fatal"},
    std::pair{FaultReason::unexpected, "unexpected"},
    std::pair{FaultReason::disposed, "disposed"},
};

template <class Table, class Value>
std::string_view name_in(const Table& table, Value value) {
  const auto row = std::ranges::find(table, value, [](const auto& r) { return r.first; });
  return row == table.end() ? "unexpected" : row->second;
}

template <class Value, class Table>
std::optional<Value> value_in(const Table& table, std::string_view name) {
  const auto row = std::ranges::find(table, name, [](const auto& r) -> std::string_view {
    return r.second;
  });
  if (row == table.end()) return std::nullopt;
  return row->first;
}

}  // namespace

std::string_view name_of(Stage stage) { return name_in(kStages, stage); }
std::string_view name_of(FaultReason reason) { return name_in(kReasons, reason); }
std::optional<Stage> stage_named(std::string_view name) { return value_in<Stage>(kStages, name); }
std::optional<FaultReason> reason_named(std::string_view name) {
  return value_in<FaultReason>(kReasons, name);
}

}  // namespace archive
