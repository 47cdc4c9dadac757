#pragma once

#include <gtest/gtest.h>

#include <string>

#include "config/forms.h"
#include "config/volume_tables.h"
#include "tests/store/people.h"
#include "tests/store/record_samples.h"
#include "tests/store/temporary_folder.h"

namespace archive {

/// The periods of the product's own tables.
inline const VolumeTables& volume_tables() {
  static const VolumeTables loaded =
      VolumeTables::load(config_folder(), FormCatalogue::load(config_folder()));
  return loaded;
}

/// An item of one page, and a user for every post.
struct Office : testing::Test {
  TemporaryFolder folder;
  DossierNumber dossier = 0;
  PageNumber page = 0;

  Office() {
    Records::create(folder.path());
    Records records = as("root");
    for (const Post& post : posts().all()) {
      UserRecord user;
      user.name = user.account = post.name;
      user.posts = {post.name};
      records.put_user(user, "", posts());
    }
    const BatchNumber batch = records.open_batch("key", "box", {}).number;
    SourceRecord one = source(batch, "1.tif", "bytes", 1);
    one = records.add_source(one);
    PageRecord made = filed(one, 0);
    made.fields.push_back(field("person_name", "张三"));
    page = records.put_page(made);
    Records::AssembledDossier assembled;
    assembled.dossier.batch = batch;
    assembled.dossier.key = "box";
    assembled.dossier.items.push_back({});
    assembled.dossier.items[0].sequence = 1;
    assembled.dossier.items[0].doc_type = "DT05";
    assembled.dossier.items[0].date = "2009-08-31";
    assembled.dossier.items[0].retention = "D10";
    assembled.pages.push_back({page, 1, 1});
    records.assemble(batch, {assembled});
    dossier = records.dossiers(batch).front().number;
  }

  Records as(const std::string& name) const {
    Records::Writing how;
    how.claim = claim(name);
    return Records::open_writer(folder.path(), how);
  }
};

}  // namespace archive
