// The person view for machines, and for a browser and for paper.

#include <algorithm>
#include <nlohmann/json.hpp>

#include "viewer/html.h"
#include "viewer/person_view.h"

namespace archive {
namespace {

using Json = nlohmann::ordered_json;

Json place_json(const PersonPlace& place) {
  Json box = Json::array();
  for (const Point& corner : place.box.corners) box.push_back({corner.x, corner.y});
  return {{"dossier", place.dossier},
          {"page", place.page},
          {"source", place.source},
          {"page_in_file", place.page_in_file},
          {"image", place.image ? Json(place.image->text()) : Json(nullptr)},
          {"quad", std::move(box)},
          {"doc_type", place.doc_type},
          {"field", place.field},
          {"row", place.row < 0 ? Json(nullptr) : Json(place.row)},
          {"printed", place.printed},
          {"confidence", place.confidence},
          {"unsure", place.unsure},
          {"by_person", place.by_person}};
}

Json field_json(const PersonField& field) {
  Json values = Json::array();
  for (const PersonValue& value : field.values) {
    Json places = Json::array();
    for (const PersonPlace& place : value.places) places.push_back(place_json(place));
    values.push_back(
        {{"value", value.value}, {"sure", value.sure()}, {"places", std::move(places)}});
  }
  return {{"fact", name_of(field.fact)},
          {"field", field.field},
          {"label", {{"zh", field.label_zh}, {"en", field.label_en}}},
          {"differs", field.differs()},
          {"values", std::move(values)}};
}

Json dossier_json_of(const PersonDossier& dossier) {
  Json pages = Json::array();
  for (const PersonPageRecord& page : dossier.pages) {
    pages.push_back({{"page", page.page}, {"role", page.role}, {"name", page.name}});
  }
  return {{"dossier", dossier.dossier.number},
          {"dossier_no", dossier.dossier.dossier_no},
          {"title", dossier.dossier.title},
          {"batch", dossier.batch},
          {"own", dossier.own},
          {"pages", std::move(pages)}};
}

Json year_json(const PersonYear& year) {
  Json months = Json::object();
  for (const auto& [month, dossiers] : year.months) months[std::to_string(month)] = dossiers;
  Json told = Json::object();
  for (const auto& [dossier, count] : year.told) told[std::to_string(dossier)] = count;
  return {{"year", year.year}, {"months", std::move(months)}, {"told", std::move(told)}};
}

std::string places_html(const PersonValue& value, const ReportLanguage& say) {
  std::string html;
  for (const PersonPlace& place : value.places) {
    const Box box = place.box.bounds();
    const auto whole = [](double number) { return std::to_string(static_cast<int>(number)); };
    html += (html.empty() ? "<b>" : "<br><b>") + std::to_string(place.page) + "</b> " +
            html_text(place.doc_type) + " " + html_text(place.source) + " #" +
            std::to_string(place.page_in_file + 1) + " · " + say("卷宗 ", "dossier ") +
            std::to_string(place.dossier);
    if (place.unsure && !place.by_person) html += say("（存疑）", " (unsure)");
    html += "<br><span class=\"facts\">";
    if (place.image) html += html_text(place.image->text().substr(0, 19)) + "… ";
    html += whole(box.left) + "," + whole(box.top) + " " + whole(box.width()) + "×" +
            whole(box.height()) + "</span>";
  }
  return html;
}

std::string facts_html(const PersonView& view, const ReportLanguage& say) {
  std::string html;
  for (const PersonFact fact : {PersonFact::person, PersonFact::employer, PersonFact::department,
                                PersonFact::collector, PersonFact::amount, PersonFact::total}) {
    html += "<table><caption>" + say(words_for(fact)) + "</caption><thead><tr><th>" +
            say("项目", "field") + "</th><th>" + say("值", "value") + "</th><th>" +
            say("所在页、图像、位置", "pages, pictures, places") + "</th></tr></thead><tbody>\n";
    // An empty table would leave open whether anybody looked.
    if (std::ranges::none_of(view.fields, [fact](const auto& one) { return one.fact == fact; })) {
      html += "<tr><td colspan=\"3\">" + say("材料中未见", "no paper says") + "</td></tr>\n";
    }
    for (const PersonField& field : view.fields) {
      if (field.fact != fact) continue;
      for (const PersonValue& value : field.values) {
        html += "<tr><td>" + html_text(say(field.label_zh, field.label_en)) + "</td><td" +
                (field.differs() ? " class=\"error\"" : "") + ">" + html_text(value.value) +
                "</td><td>" + places_html(value, say) + "</td></tr>\n";
      }
    }
    html += "</tbody></table>\n";
  }
  return html;
}

std::string dossiers_html(const PersonView& view, const ReportLanguage& say) {
  std::string html = "<table><caption>" + say("卷宗", "Dossiers") + "</caption><thead><tr><th>" +
                     say("卷宗", "dossier") + "</th><th>" + say("批次", "batch") + "</th><th>" +
                     say("关系", "role") + "</th><th>" + say("提及的页", "pages") +
                     "</th></tr></thead><tbody>\n";
  for (const PersonDossier& dossier : view.dossiers) {
    std::set<PageNumber> pages;
    for (const PersonPageRecord& page : dossier.pages) pages.insert(page.page);
    std::string numbers;
    for (const PageNumber page : pages) {
      numbers += (numbers.empty() ? "" : ", ") + std::to_string(page);
    }
    html += "<tr><td>" + std::to_string(dossier.dossier.number) + " " +
            html_text(dossier.dossier.dossier_no) + " " + html_text(dossier.dossier.title) +
            "</td><td>" + html_text(dossier.batch) + "</td><td>" +
            (dossier.own ? say("本人案卷", "his or her own") : say("被提及", "named in it")) +
            "</td><td>" + numbers + "</td></tr>\n";
  }
  html += "</tbody></table>\n";
  for (const PersonJoinRecord& join : view.joined) {
    html += "<p>" + say("人工认定为同一人：卷宗 ", "the same person by decision: dossier ") +
            std::to_string(join.dossier) + " " + html_text(join.name) + " · " +
            html_text(join.reason) + " · " + html_text(join.decided_by) + " " +
            html_text(join.decided_at.substr(0, 10)) + "</p>\n";
  }
  for (const PersonRecord& other : view.namesakes) {
    html += "<p class=\"facts\">" +
            say("同名、无号码、未认定：人员 ", "same name, no number, not decided: person ") +
            std::to_string(other.number) + say("，卷宗 ", ", dossier ") +
            std::to_string(other.dossier) + "</p>\n";
  }
  return html;
}

std::string calendar_html(const PersonView& view, const ReportLanguage& say) {
  if (view.years.empty()) return {};
  std::string html = "<table class=\"calendar\"><caption>" +
                     say("缴费月份（数字为列有该月的卷宗数；间断不违规）",
                         "Contribution months (how many dossiers list one; gaps are lawful)") +
                     "</caption><thead><tr><th>" + say("年", "year") + "</th>";
  for (int month = 1; month <= 12; ++month) html += "<th>" + std::to_string(month) + "</th>";
  html += "<th>" + say("月数", "months") + "</th></tr></thead><tbody>\n";
  for (const PersonYear& year : view.years) {
    html += "<tr><th>" + std::to_string(year.year) + "</th>";
    for (unsigned month = 1; month <= 12; ++month) {
      const auto found = year.months.find(month);
      html += "<td>" + (found == year.months.end() ? "" : std::to_string(found->second.size())) +
              "</td>";
    }
    std::string told;
    for (const auto& [dossier, months] : year.told) {
      told += (told.empty() ? "" : ", ") + std::to_string(months);
    }
    html += "<td>" + (year.months.empty() ? "" : std::to_string(year.months.size())) +
            (told.empty() ? "" : (year.months.empty() ? "" : " / ") + told) + "</td></tr>\n";
  }
  return html + "</tbody></table>\n";
}

}  // namespace

nlohmann::ordered_json person_json(const PersonView& view) {
  Json dossiers = Json::array();
  for (const PersonDossier& dossier : view.dossiers) dossiers.push_back(dossier_json_of(dossier));
  Json fields = Json::array();
  for (const PersonField& field : view.fields) fields.push_back(field_json(field));
  Json years = Json::array();
  for (const PersonYear& year : view.years) years.push_back(year_json(year));
  Json joined = Json::array();
  for (const PersonJoinRecord& join : view.joined) {
    joined.push_back({{"person", join.person == 0 ? Json(nullptr) : Json(join.person)},
                      {"dossier", join.dossier},
                      {"name", join.name},
                      {"reason", join.reason},
                      {"decided_by", join.decided_by},
                      {"decided_at", join.decided_at}});
  }
  Json namesakes = Json::array();
  for (const PersonRecord& other : view.namesakes) {
    namesakes.push_back(
        {{"person", other.number}, {"name", other.name}, {"dossier", other.dossier}});
  }
  return {{"person", view.person.number},           {"name", view.person.name},
          {"id", view.person.citizen_id},           {"dossiers", std::move(dossiers)},
          {"differences", view.differences()},      {"facts", std::move(fields)},
          {"contribution_years", std::move(years)}, {"joined", std::move(joined)},
          {"namesakes", std::move(namesakes)}};
}

std::string person_html(const PersonView& view, bool chinese, const std::string& made_at) {
  const ReportLanguage say(chinese);
  return html_begin(say, say("个人档案汇总", "Summary of a person"), made_at) + "<section><h2>" +
         html_text(view.person.name) + " " + html_text(view.person.citizen_id) + "</h2>\n" +
         (view.differences() > 0
              ? "<p class=\"error\">" + say("各处记载不一致的项目：", "fields that differ: ") +
                    std::to_string(view.differences()) + "</p>\n"
              : "") +
         dossiers_html(view, say) + facts_html(view, say) + calendar_html(view, say) +
         "</section>\n" + html_end();
}

}  // namespace archive
