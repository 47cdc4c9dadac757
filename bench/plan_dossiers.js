'use strict';
// node plan_dossiers.js FACTORY_DIR OUT_DIR SEED [COUNT]
//
// Plans dossiers with the dossier factory, without drawing them: OUT_DIR/<id>.json with the parts of
// the factory's ground truth that tell what is on each page and which faults were planted. A
// dossier takes milliseconds instead of a minute. bench/volume_facts reads them like drawn ones.
const fs = require('fs'), path = require('path');
const [factory, out, seed, count] = process.argv.slice(2);
if (!seed) { console.error('usage: plan_dossiers.js FACTORY_DIR OUT_DIR SEED [COUNT]'); process.exit(1); }
const lib = name => require(path.resolve(factory, name));
const { Rng } = lib('lib/rng'), { plan } = lib('lib/dossier'), { forms, business } = lib('lib/forms');
const family = lib('families/a'), scanner = lib('families/a/degrade.js'), people = lib('lib/people');

const KINDS = ['missing_page', 'duplicated_page', 'out_of_order', 'blank_page', 'upside_down_page',
  'misfiled_page', 'catalogue_range_wrong', 'catalogue_item_absent', 'required_doc_absent',
  'id_check_digit', 'birth_mismatch', 'name_mismatch', 'contribution_gap', 'amount_mismatch',
  'retention_mismatch'];
for (const agency of family.agencies) {
  const r = new Rng('staff' + agency.id);
  agency.staff = [0, 1, 2, 3, 4].map(() => people.makeName(r, r.p(.5) ? '男' : '女'));
  agency.bank = '工商银行' + agency.region.city + '支行营业部';
  agency.acct = '6299' + r.digits(15);
}
const unescape = s => s.replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&quot;/g, '"').replace(/&amp;/g, '&');
const fieldsOf = html => [...html.matchAll(/data-f="([^"]+)" data-v="([^"]*)"(?: data-row="(\d+)")?/g)]
  .map(m => ({ id: m[1], value: unescape(m[2]), ...(m[3] === undefined ? {} : { row: +m[3] }) }));
const textOf = html => unescape(html.replace(/<svg[\s\S]*?<\/svg>/g, '').replace(/<[^>]*>/g, '')).replace(/\s+/g, '');

fs.mkdirSync(out, { recursive: true });
const shuffler = new Rng(seed), names = Object.keys(business), n = +(count || 24);
for (let i = 0; i < n; i++) {
  const r = new Rng(`${seed}/${i}`), id = `${seed}-${String(i + 1).padStart(3, '0')}`;
  // Half of the dossiers are clean, the others have one to three faults, as in a drawn set.
  const kinds = i % 2 ? [] : shuffler.shuffle(KINDS).slice(0, shuffler.int(1, 3));
  let D;
  try {
    D = plan(family, i, r, { business: names[i % names.length], faultKinds: kinds, agency: r.int(0, 2), rich: r.p(.3) });
  } catch (error) {
    console.error(`${id}: the factory cannot plan ${kinds}: ${error.message}`);
    continue;
  }
  const profile = scanner.profile(r, 'tiff', D.ag);
  if (D.faults.some(f => f.kind === 'upside_down_page')) profile.rotate_all = 0;
  const index = q => D.pages.indexOf(q);
  const pages = D.pages.map((q, k) => {
    const fields = q.blank ? [] : fieldsOf(q.html);
    // Rows are counted from the top of each page.
    const least = Math.min(...fields.filter(f => f.row !== undefined).map(f => f.row));
    for (const f of fields) if (f.row !== undefined) f.row -= least;
    if (q.stamp) fields.push({ id: 'page_stamp', value: String(q.stamp) });
    return { index: k, file: id, page_in_file: k, form_type: q.form, title: forms[q.form].title,
      item_no: q.item ? q.item.no : null, page_of_item: q.item ? q.k + 1 : null, page_stamp: q.stamp || null,
      rotation: scanner.page(r, profile, q).rotation, blank: !!q.blank, duplicate: !!q.dup,
      titled: q.k === 0, text: q.blank ? '' : textOf(q.html), fields };
  });
  const faults = D.faults.map(f => {
    const s = f.where, at = [];
    if (s.page) at.push(index(s.page));
    if (s.of) at.push(index(s.of));
    if (s.pages) at.push(...s.pages.map(index));
    if (s.form_type === 'cover' || s.form_type === 'catalogue') at.push(D.pages.findIndex(q => q.form === s.form_type));
    if (s.item && f.kind !== 'missing_page') at.push(D.pages.findIndex(q => q.item === s.item));
    return { kind: f.kind, where: { page_indexes: at }, detail: f.detail };
  });
  fs.writeFileSync(path.join(out, id + '.json'), JSON.stringify({ dossier_id: id, business_type: D.business,
    dossier_no: D.no, person: { name: D.p.name }, pages, faults,
    items: D.items.map(it => ({ item_no: it.no, form_type: it.form, title: it.title, date: it.date, pages_declared: [it.from, it.to] })) }));
}
