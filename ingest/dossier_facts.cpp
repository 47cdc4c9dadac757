#include "ingest/dossier_facts.h"

#include <map>

namespace archive {
namespace {

FieldFact fact_of(const FieldRecord& field) {
  return {field.field,    field.row,    field.raw,         field.value,    field.confidence,
          field.validity, field.unsure, field.handwritten, field.by_person};
}

PageFact fact_of(const PageRecord& page) {
  PageFact fact;
  fact.number = page.number;
  if (page.source_blob) {
    fact.content = page.source_blob->text() + '#' + std::to_string(page.occurrence.page_in_file);
  }
  // What was destroyed by the rules was there, and lacks nothing.
  fact.set_aside = page.state == PageState::set_aside && !page.disposed();
  fact.kind = page.kind;
  fact.doc_type = page.doc_type;
  fact.doc_type_confidence = page.doc_type_by_person ? 1 : page.doc_type_confidence;
  fact.titled = !page.title.empty();
  fact.rotation = page.rotation;
  fact.illegible = page.illegible;
  fact.sketch = page.text_sketch;
  for (const FieldRecord& field : page.fields) fact.fields.push_back(fact_of(field));
  return fact;
}

}  // namespace

DossierFacts facts_of(const Records::AssembledDossier& assembled,
                      const std::vector<const PageRecord*>& pages, const std::string& received_on) {
  DossierFacts facts;
  facts.batch = assembled.dossier.batch;
  facts.dossier_no = assembled.dossier.dossier_no;
  facts.title = assembled.dossier.title;
  facts.opened_by = assembled.dossier.opened_by;
  facts.received_on = received_on;
  for (const ItemRecord& item : assembled.dossier.items) {
    facts.items.push_back(
        {item.sequence, item.doc_type, item.title, item.date, item.pages_declared, item.retention});
  }
  std::map<PageNumber, const Records::AssembledPage*> places;
  for (const Records::AssembledPage& place : assembled.pages) places[place.page] = &place;
  for (const PageRecord* page : pages) {
    PageFact fact = fact_of(*page);
    if (const auto place = places.find(page->number); place != places.end()) {
      fact.item_sequence = place->second->item_sequence;
      fact.page_of_item = place->second->page_of_item;
    }
    facts.pages.push_back(std::move(fact));
  }
  return facts;
}

}  // namespace archive
