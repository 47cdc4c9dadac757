#include <fmt/format.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <string_view>

#include "app/commands.h"
#include "app/package_text.h"
#include "app/quality_text.h"
#include "app/typed_value_text.h"
#include "app/words.h"
#include "config/settings.h"
#include "ingest/decoder/decoder_pool.h"
#include "store/archive_folder.h"
#include "store/objects/compression.h"
#include "viewer/keeping_json.h"
#include "viewer/page_json.h"
#include "viewer/picture.h"
#include "viewer/reading_room.h"

namespace archive {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kPictureSideMax = 1800;

void write_file(const std::filesystem::path& file, const std::string& bytes) {
  std::ofstream out(file, std::ios::binary);
  out << bytes;
  if (!out.flush()) {
    throw ArchiveError(ErrorKind::disk, file.string(), "cannot be written",
                       "check the folder and its free space");
  }
}

void print_json_line(const Json& json, const Console& say) {
  say.result_json(json);
}

Json json_of(const ReadingRoom& room, const PageRecord& page) {
  const auto dossier = page.dossier != 0 ? room.records().dossier(page.dossier) : std::nullopt;
  Json json = page_json(page, room.layout(page), dossier);
  if (const auto why = room.records().replacement_of(page.number)) {
    json["replaced_because"] = why->reason;
  }
  json["earlier_readings"] = readings_json(room.records().readings(page.number));
  return json;
}

void print_field(const FieldRecord& field, const Console& say) {
  std::string flags;
  if (field.unsure) flags += say("  [不确定]", "  [unsure]");
  if (!field.problem.empty()) flags += "  [" + field.problem + "]";
  if (field.typed != TypedState::none) {
    flags += fmt::format("  [{}]", typed_state_text(field.typed, say));
  }
  say.result(fmt::format("  {}{}{}", fit_columns(field_text(field.field, field.row), 28),
                         field.value, flags));
}

/// What persons typed, beside what counts: it may wait, or be contradicted.
void print_typed(const PageRecord& page, const Console& say) {
  for (const TypedValue& typed : page.typed) {
    const TypedState state = typed_state(page.typed, typed.field, typed.row);
    if (!typed.stands() || state == TypedState::settled) continue;
    say.result(fmt::format("  {}: {}  {}  {}", say("人工录入", "typed"),
                           field_text(typed.field, typed.row), typed_state_text(state, say),
                           typed_value_text(typed, say)));
  }
}

std::string_view colour_word(const std::string& colour, const Console& say) {
  if (colour == "red") return say("红", "red");
  return colour == "blue" ? say("蓝", "blue") : say("黑", "black");
}

std::string_view shape_word(const std::string& shape, const Console& say) {
  if (shape == "round") return say("圆形", "round");
  return shape == "oval" ? say("椭圆", "oval") : say("方形", "square");
}

void print_seal(const SealMark& seal, const Console& say) {
  const Box box = seal.quad.bounds();
  const std::string_view text = seal.text.empty() ? say("[无法辨认]", "[not readable]") : seal.text;
  say.result(fmt::format("  {}: {} {} {:.0f},{:.0f} {:.0f}x{:.0f}  {}", say("印章", "seal"),
                         colour_word(seal.colour, say), shape_word(seal.shape, say), box.left,
                         box.top, box.width(), box.height(), text));
}

void print_page(const ReadingRoom& room, const PageRecord& page, const Console& say) {
  say.result(fmt::format("{} {}  {} #{}", say("页", "page"), page.number, page.source_name,
                         page.occurrence.page_in_file + 1));
  if (page.replaced_by != 0) {
    const auto why = room.records().replacement_of(page.number);
    say.result(fmt::format("  {} {}  {}", say("已被替换，见页", "replaced by page"),
                           page.replaced_by, why ? why->reason : std::string()));
  }
  if (page.fault) {
    say.result(fmt::format("  {}: {} ({}: {})", say("未归档", "set aside"),
                           words_for(name_of(page.fault->reason), say), name_of(page.fault->stage),
                           page.fault->detail));
    return;
  }
  say.result(fmt::format("  {} {} ({:.0f} %)  {}", say("类型", "type"), page.doc_type,
                         page.doc_type_confidence * 100, page.title));
  say.result(fmt::format("  {}x{} px, {:.0f} dpi, {} {}°, {} {:.2f}°", page.width, page.height,
                         page.dpi_x, say("转向", "turned"), page.rotation, say("倾斜", "skew"),
                         page.skew_degrees));
  if (page.quality) {
    say.result(fmt::format("  {}: {}", say("图像质量", "picture"),
                           verdict_text(page.quality->verdict, say)));
    for (const std::string& line : quality_lines(*page.quality, quality_words(), say)) {
      say.result("    " + line);
    }
  }
  for (const std::string& reason : page.review_reasons) {
    say.result(fmt::format("  {}: {}", say("需复核", "review"), words_for(reason, say)));
  }
  if (const auto earlier = room.records().readings(page.number); !earlier.empty()) {
    say.result(fmt::format("  {}: {}",
                           say("此前识读次数（--json 详列）", "earlier readings, listed by --json"),
                           earlier.size()));
  }
  for (const FieldRecord& field : page.fields) print_field(field, say);
  print_typed(page, say);
  for (const SealMark& seal : page.seals) print_seal(seal, say);
  say.result(fmt::format("  {}", say("正文：", "text:")));
  for (const TextLine& line : room.layout(page).lines) {
    if (line.kind != LineKind::seal) say.result("    " + line.text);
  }
}

void print_dossier(const ReadingRoom& room, const DossierRecord& dossier, const Console& say) {
  say.result(fmt::format("{} {}  {}  {}", say("卷宗", "dossier"), dossier.number,
                         dossier.dossier_no, dossier.title));
  if (dossier.merged_into != 0) {
    say.result(
        fmt::format("  {} {}", say("已并入卷宗", "its pages are in dossier"), dossier.merged_into));
  }
  for (const ItemRecord& item : dossier.items) {
    say.result(fmt::format("  {:>3}. {} {} {}  {}  {}  ({} {})", item.sequence, item.doc_type,
                           item.title, item.date, item.pages_declared, item.retention,
                           say("件编号", "item"), item.number));
  }
  for (const PackageRecord& package : room.records().packages_with(dossier.number)) {
    say.result(fmt::format("  {}", package_line(package, say)));
  }
  for (const PageRecord& page : room.records().pages_of_dossier(dossier.number)) {
    say.result(
        fmt::format("    {} {}  {} {}", say("页", "page"), page.number, page.doc_type, page.title));
  }
  for (const PageRecord& page : room.records().pages_replaced_in(dossier.number)) {
    say.result(fmt::format("    {} {}  {} {}", say("已被替换的页", "replaced page"), page.number,
                           say("见页", "by page"), page.replaced_by));
  }
}

/// With the packages that were made of it: one that was transferred says to whom.
Json json_of(const ReadingRoom& room, const DossierRecord& dossier) {
  Json json = dossier_json(dossier);
  Json packages = Json::array();
  for (const PackageRecord& package : room.records().packages_with(dossier.number)) {
    packages.push_back(package_json(package));
    packages.back().erase("dossiers");
  }
  json["packages"] = std::move(packages);
  return json;
}

std::vector<Marking> markings_of(const ReadingRoom& room, const PageRecord& page,
                                 const std::string& query) {
  std::vector<Marking> markings;
  const PageLayout layout = room.layout(page);
  if (!query.empty()) {
    for (const Quad& quad : locate(query, layout, room.look_alikes())) {
      markings.push_back({quad, Marking::Style::hit});
    }
    return markings;
  }
  for (const TextLine& line : layout.lines) markings.push_back({line.quad, Marking::Style::line});
  for (const SealMark& seal : page.seals) markings.push_back({seal.quad, Marking::Style::seal});
  for (const FieldRecord& field : page.fields) {
    markings.push_back({field.quad, field.unsure || !field.problem.empty()
                                        ? Marking::Style::unsure_field
                                        : Marking::Style::field});
  }
  return markings;
}

void write_picture(const ReadingRoom& room, const PageRecord& page, const ShowOptions& options) {
  if (!page.source_blob) {
    throw ArchiveError(ErrorKind::not_found, "page " + std::to_string(page.number),
                       "its file could not be read when it was handed in",
                       "hand the file in again");
  }
  DecoderPool decoder(
      read_settings(ArchiveFolder::open(options.archive).settings_file()).ingest.decode, 1);
  const auto image = decoder.page(room.objects().sound_file_of(*page.source_blob).path(),
                                  page.occurrence.page_in_file);
  if (!image) {
    throw ArchiveError(ErrorKind::not_found, "page " + std::to_string(page.number),
                       "cannot be decoded: " + std::string(name_of(image.error().reason)),
                       "the delivered file is safe: write it out with --original");
  }
  write_file(options.picture, png_of(image->pixels, markings_of(room, page, options.mark),
                                     page.rotation, kPictureSideMax));
}

void show_page(const ReadingRoom& room, const ShowOptions& options, const Console& say) {
  const PageRecord page = room.page(options.page);
  if (!options.picture.empty()) write_picture(room, page, options);
  if (!options.original.empty() && page.source_blob) {
    write_file(options.original, room.objects().get(*page.source_blob));
  }
  if (options.alto) {
    if (page.alto_blob) say.result(expand(room.objects().get(*page.alto_blob)));
  } else if (say.json()) {
    print_json_line(json_of(room, page), say);
  } else {
    print_page(room, page, say);
  }
}

}  // namespace

int run_show(const ShowOptions& options, const Console& say) {
  ReadingRoom room(options.archive);
  if (!options.mark.empty()) {
    const Settings settings = read_settings(ArchiveFolder::open(options.archive).settings_file());
    room.use_look_alikes(LookAlikes::load(find_config_folder(settings)));
  }
  const Records& records = room.records();
  const auto show_one = [&](const PageRecord& page) {
    if (say.json()) {
      print_json_line(json_of(room, page), say);
    } else {
      print_page(room, page, say);
    }
  };
  if (options.page != 0) {
    show_page(room, options, say);
  } else if (options.dossier != 0) {
    const auto dossier = records.dossier(options.dossier);
    if (!dossier) {
      throw ArchiveError(ErrorKind::not_found, "dossier " + std::to_string(options.dossier),
                         "there is no dossier with this number",
                         "`juanzong show --batch NAME` lists the dossiers of a batch");
    }
    if (say.json()) {
      print_json_line(json_of(room, *dossier), say);
    } else {
      print_dossier(room, *dossier, say);
    }
  } else if (!options.batch.empty()) {
    const auto batch = records.batch_named(options.batch);
    if (!batch) {
      throw ArchiveError(ErrorKind::not_found, options.batch, "there is no such batch",
                         "`juanzong status` lists all batches");
    }
    for (const DossierRecord& dossier : records.dossiers(batch->number)) {
      if (say.json()) {
        print_json_line(json_of(room, dossier), say);
      } else {
        print_dossier(room, dossier, say);
      }
    }
  } else if (options.all) {
    records.for_each_page(show_one);
  } else {
    throw ArchiveError(ErrorKind::usage, "juanzong show", "nothing was asked for",
                       "give a page number, --dossier, --batch or --all");
  }
  return 0;
}

}  // namespace archive
