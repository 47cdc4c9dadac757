#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "app/console.h"
#include "core/records.h"
#include "store/lifecycle/places.h"

// What the commands of keeping are asked to do: periods, disposal, garbage, conversions, paper.
// As in app/commands.h.

namespace archive {

struct ConvertOptions {
  std::filesystem::path archive;
  std::string kind;  ///< of files: tiff, jpeg, png, bmp, pdf
  std::string reason;
  int threads = 0;
  bool list = false;
};
int run_convert(const ConvertOptions& options, const Console& console);

struct GarbageOptions {
  std::filesystem::path archive;
  int grace_days = -1;  ///< -1: the setting
  bool dry_run = false;
};
int run_gc(const GarbageOptions& options, const Console& console);

struct RetentionOptions {
  std::filesystem::path archive;
  DossierNumber dossier = 0;
  int item = 0;
  std::string on;  ///< a day; empty: today
  bool tasks = false;
  bool all = false;
  std::string to;
  std::string reason;
  std::string report;
  std::string basis;
  std::int64_t number = 0;  ///< of an appraisal, a hold or a list
  std::string outcome;
  std::vector<std::int64_t> appraisals;
  bool withdraw = false;
  bool carry_out = false;
  bool proof = false;
};
int run_retention_list(const RetentionOptions& options, const Console& console);
int run_retention_change(const RetentionOptions& options, const Console& console);
int run_retention_appraise(const RetentionOptions& options, const Console& console);
int run_hold(const RetentionOptions& options, const Console& console);
int run_disposal(const RetentionOptions& options, const Console& console);

struct PlaceOptions {
  std::filesystem::path archive;
  ShelfPlace place;
  std::string reason;  ///< why paper is missing; what a loan is for
  Loan loan;
  std::int64_t returned = 0;
  bool all = false;
};
int run_place(const PlaceOptions& options, const Console& console);
int run_loan(const PlaceOptions& options, const Console& console);

}  // namespace archive
