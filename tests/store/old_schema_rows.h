#pragma once

#include <array>

namespace archive {

/// Rows of every table as an archive of an older schema holds them: what its step brought. All
/// persons are fictional.
struct OldRows {
  int since;           ///< number of the step that made the tables
  const char* script;
};

inline constexpr std::array kOldRows = {
    OldRows{1, R"(
INSERT INTO batches (batch, batch_key, name, state, sheets, sides, operator_name, scanner, dpi,
                     opened_at, closed_at, held_reason, report_blob)
VALUES (3, 'key-3', 'room 3, box 7', 'complete', 2, 1, '沈默', 'fi-7160', 300,
        '2024-05-06T07:08:09.010+08:00', '2024-05-06T08:00:00.000+08:00', '', '');
INSERT INTO sources (source, batch, name, blob, size_bytes, kind, carrier, pages, warnings,
                     received_at, first_order)
VALUES (5, 3, '1.tif', 'sha256-aa', 1234, 'tiff', 'image', 2, '["a\tb"]',
        '2024-05-06T07:08:10.000+08:00', 0);
INSERT INTO sources (source, batch, name, blob, size_bytes, kind, carrier, pages, warnings,
                     received_at, first_order, repeat_of)
VALUES (6, 3, '1 again.tif', 'sha256-aa', 1234, 'tiff', 'image', 2, '[]',
        '2024-05-06T07:08:11.000+08:00', 2, 5);
INSERT INTO dossiers (dossier, batch, dossier_key, dossier_no, title, opened_by)
VALUES (2, 3, 'd', 'SB-2009-0001', '退休审批卷', 'page 1');
INSERT INTO items (item, dossier, item_sequence, doc_type, title, item_date, pages_declared,
                   retention)
VALUES (4, 2, 1, 'DT01', '退休审批表', '2009-03-01', '1', '100');
INSERT INTO pages (page, batch, source, page_in_file, page_order, state, fault_stage, fault_reason,
  fault_detail, review_reasons, width, height, dpi_x, dpi_y, bits_per_pixel, rotation, skew_degrees,
  kind, doc_type, doc_type_confidence, doc_type_by_person, title, evidence, text_confidence,
  illegible, side_pages, dark_borders, layout_blob, alto_blob, engines, config_version, filed_at,
  dossier, item, page_of_item)
VALUES (7, 3, 5, 0, 0, 'filed', '', '', '', '["unsure_value"]', 2480, 3508, 300, 299.5, 8, 90, -0.25,
        'content', 'DT01', 0.97, FALSE, '退休审批表', '["title"]', 0.91, FALSE, 1, '[]', 'sha256-bb',
        'sha256-cc', 'pp-ocr 4', 'v1', '2024-05-06T07:09:00.000+08:00', 2, 4, 1),
       (8, 3, 5, 1, 1, 'set_aside', 'decode', 'damaged', 'strip 3', '[]', 0, 0, 0, 0, 0, 0, 0,
        'content', '', 0, FALSE, '', '[]', 0, FALSE, 1, '[]', '', '', '', '',
        '2024-05-06T07:09:01.000+08:00', NULL, NULL, 0);
INSERT INTO fields VALUES (7, 0, 'name', -1, '张　三', '张三', 0.88, 'suspicious', 'look', TRUE, FALSE,
                           '1,1 2,1 2,2 1,2', FALSE),
                          (7, 1, 'retired_on', -1, '2009年3月', '2009-03', 0.97, 'valid', '', FALSE,
                           FALSE, '5,1 6,1 6,2 5,2', FALSE);
INSERT INTO codes VALUES (7, 0, 'QRCode', 'SB-2009-0001', '1,1 2,1 2,2 1,2');
INSERT INTO seals VALUES (7, 0, 'red', 'round', '社保局', '1,1 2,1 2,2 1,2');
INSERT INTO pairs VALUES (7, 0, '备注', '无', '1,1 2,1 2,2 1,2', '3,1 4,1 4,2 3,2', 0.5);
INSERT INTO persons (person, name, citizen_id, dossier) VALUES (9, '张三', '11010519491231002X', NULL),
                                                              (10, '李四', '', 2);
INSERT INTO person_pages VALUES (7, 9, 'subject', '张三');
INSERT INTO events (happened_at, actor, action, object_kind, object_number, details)
VALUES ('2024-05-06T07:09:00.000+08:00', 'shen', 'page_filed', 'page', 7, '{}');
)"},
    OldRows{2, R"(
INSERT INTO readings VALUES (7, 1, '2024-05-06T07:09:00.000+08:00', '2024-06-01T00:00:00.000+08:00',
  'pp-ocr 3', 'v0', 'DT02', FALSE, 0.7, 'sha256-dd', 'sha256-ee', '[]');
)"},
    OldRows{3, R"(
UPDATE pages SET quality = 'look', quality_measures = '{"contrast":0.4}' WHERE page = 7;
INSERT INTO quality_findings VALUES (7, 0, 'contrast', 'look', 0.4);
)"},
    OldRows{4, R"(
INSERT INTO dossier_facts (dossier, facts, revision) VALUES (2, x'', 1);
INSERT INTO findings (dossier, finding_key, rule, variant, severity, places, expected, words,
                      persons, state, reason, decided_by, decided_at, found_at)
VALUES (2, 'k', 'R07', '', 'error', '[]', '[]', '[]', '[]', 'accepted', '纸质如此', 'wang',
        '2024-06-02T00:00:00.000+08:00', '2024-06-01T00:00:00.000+08:00');
)"},
    OldRows{5, R"(
INSERT INTO comparison_lists (list, name, kind, blob, records, given_by, given_at)
VALUES (1, '医保名单', 'person', 'sha256-ff', 1, 'wang', '2024-06-01T00:00:00.000+08:00');
INSERT INTO listed_records VALUES (1, 2, '11010519491231002X', '', '{"name":"张三"}');
)"},
    OldRows{6, R"(
INSERT INTO acceptances (acceptance, batch, seed, share, pages_min, pass_share, pages, drawn_by,
                         drawn_at)
VALUES (1, 3, 4711, 0.05, 1, 0.95, 1, 'wang', '2024-06-01T00:00:00.000+08:00');
INSERT INTO accepted_pages (acceptance, page, forced, fault, fault_by)
VALUES (1, 7, FALSE, '缺角', 'wang');
)"},
    OldRows{7, R"(
INSERT INTO catalogue_entries
VALUES ('SB-2009-0001-1', 'SB-2009-0001', 1, '退休审批表', '社保局', '', '2009', 1, 2, 'A1', '100', '',
        'wang', '2024-06-01T00:00:00.000+08:00');
)"},
    OldRows{8, R"(
INSERT INTO typed_values (typed_value, page, field, table_row, raw, value, validity, problem,
  mandatory, confirms, box_x, box_y, box_width, box_height, person, typed_at)
VALUES (1, 7, 'name', -1, '张三', '张三', 'valid', '', TRUE, NULL, 1, 2, 30, 40, 'Wang',
        '2024-06-01T00:00:00.000+08:00');
INSERT INTO typed_values (typed_value, page, field, table_row, raw, value, validity, problem,
  mandatory, confirms, box_x, box_y, box_width, box_height, person, typed_at)
VALUES (2, 7, 'name', -1, '张三', '张三', 'valid', '', TRUE, 1, 1, 2, 30, 40, 'Zhao',
        '2024-06-01T01:00:00.000+08:00');
)"},
    OldRows{9, R"(
INSERT INTO vouchers VALUES (2, 0, 'DT09', '0001', 'No 0001', 7, 'voucher_no', -1, '银行', '张三',
                             '1.00', '2009-03-01', '');
INSERT INTO person_joins
VALUES (2, '李四', '11010519491231002X', '同一人', 'wang', '2024-06-01T00:00:00.000+08:00');
)"},
    OldRows{11, R"(
INSERT INTO users (user, name, account, password, agreement, works_until, made_at)
VALUES (1, 'Wang', 'wang', '', '', '', '2024-06-01T00:00:00.000+08:00');
INSERT INTO user_posts VALUES (1, 'records_manager', '2024-06-01T00:00:00.000+08:00');
)"},
    OldRows{12, R"(
INSERT INTO review_steps (dossier, item_sequence, step, contents, person, reason, submitter, taken_at)
VALUES (2, 1, 'enter',
        '00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff', 'Wang', '', '',
        '2024-06-01T00:00:00.000+08:00');
INSERT INTO corrections (page, field, table_row, before, after_raw, after, validity, problem,
  mandatory, box_x, box_y, box_width, box_height, reason, evidence_page, proposed_by, proposed_at)
VALUES (7, 'name', -1, '张三', '张山', '张山', 'valid', '', TRUE, 1, 2, 30, 40, '与原件不符', 7, 'Wang',
        '2024-06-01T00:00:00.000+08:00');
)"},
    OldRows{13, R"(
INSERT INTO retention_changes (dossier, item_sequence, before, after, reason, report_no, changed_by,
                               changed_at)
VALUES (2, 1, '50', '100', '政策', '报〔2024〕1', 'wang', '2024-06-01T00:00:00.000+08:00');
INSERT INTO appraisals (appraisal, dossier, item_sequence, retention, due_on, opened_at, outcome,
                        reason, closed_by, closed_at)
VALUES (1, 2, 1, '10', '2024-01-01', '2024-02-01T00:00:00.000+08:00', 'disposal', '期满', 'wang',
        '2024-03-01T00:00:00.000+08:00');
INSERT INTO holds (dossier, reason, basis, set_by, set_at, lifted_by, lifted_at, lifted_reason)
VALUES (2, '诉讼', '法〔2024〕2', 'wang', '2024-01-01T00:00:00.000+08:00', 'li',
        '2024-02-01T00:00:00.000+08:00', '结案');
INSERT INTO disposal_lists (disposal_list, reason, made_by, made_at)
VALUES (1, '期满', 'wang', '2024-04-01T00:00:00.000+08:00');
INSERT INTO disposal_items VALUES (1, 1);
INSERT INTO shelf_places (dossier, item_sequence, room, shelf, cell, box, missing_reason, placed_by,
                          placed_at)
VALUES (2, 0, '1', '12', '3', '7', '', 'wang', '2024-06-01T00:00:00.000+08:00');
INSERT INTO loans (loan, dossier, item_sequence, borrower, unit, reason, due_on, lent_by, lent_at)
VALUES (1, 2, 0, '赵六', '审计处', '审计', '2024-07-01', 'wang', '2024-06-01T00:00:00.000+08:00');
)"},
    OldRows{15, R"(
INSERT INTO arrangements (batch, action, pages, side, beside, dossier_key, item_key, value, reason,
                          decided_by, decided_at)
VALUES (3, 'rotate_page', '[7]', '', 0, '', '', '90', '倒置', 'wang',
        '2024-06-01T00:00:00.000+08:00');
)"},
    OldRows{16, R"(
INSERT INTO custody_tasks (task, object, place, defect, detail, found_at)
VALUES (1, 'sha256-aa', '', 'changed', '', '2024-06-01T00:00:00.000+08:00');
INSERT INTO scrubbed_parts VALUES (17, '2024-06-01T00:00:00.000+08:00', 3, 4096, 0);
INSERT INTO media (medium, site, place, keeper, read_back_days, read_back_due, registered_at)
VALUES ('U01', '分馆', '', '李', 365, '2025-06-01', '2024-06-01T00:00:00.000+08:00');
INSERT INTO backups (backup, repository, medium, taken_at, entries, objects, bytes, lacking)
VALUES ('b1', 'r', 'U01', '2024-06-01T00:00:00.000+08:00', 9, 3, 4096, 0);
INSERT INTO replicas VALUES ('/replica', '2024-06-01T00:00:00.000+08:00', 3, 3);
)"},
    OldRows{17, R"(
INSERT INTO packages (package, kind, received, package_id, sender, recipient, purpose, legal_basis,
  manifest, items, pages, files, bytes, signed_by, sealed, made_by, made_at, state)
VALUES (1, 'transfer', 0, 'p-1', '甲局', '乙局', '转移', '办法',
        '00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff', 1, 1, 3, 4096, '', FALSE,
        'wang', '2024-06-01T00:00:00.000+08:00', 'handing_over');
INSERT INTO package_dossiers VALUES (1, 'd1', 2, 'SB-2009-0001', '退休审批卷', 1);
)"},
    OldRows{18, R"(
INSERT INTO selfchecks (made_at, made_by, findings, report_blob)
VALUES ('2024-06-01T00:00:00.000+08:00', 'wang', 2, 'sha256-11');
)"},
    OldRows{19, R"(
INSERT INTO disposed_items
VALUES (1, 1, 2, 'SB-2009-0001', 1, '退休审批表', 'DT01', '2009-03-01', '10', 1,
        '00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff');
INSERT INTO disposed_objects VALUES (1, 'sha256-22', 'original');
INSERT INTO garbage (object, place, marked_at)
VALUES ('sha256-33', '', '2024-06-01T00:00:00.000+08:00');
)"},
    OldRows{20, R"(
INSERT INTO conversions (source, page_in_file, from_object, to_object, format, tool, version,
                         compared, converted_by, converted_at)
VALUES (5, 0, 'sha256-aa', 'sha256-44', 'jp2', 'OpenJPEG', '2.5', 'every pixel', 'wang',
        '2024-06-01T00:00:00.000+08:00');
)"},
    OldRows{21, R"(
INSERT INTO second_factors VALUES (1, 'fictional', '2024-06-01T00:00:00.000+08:00');
)"},
    OldRows{22, R"(
INSERT INTO unreadable_values (page, field, table_row, box_x, box_y, box_width, box_height, reason,
                               person, said_at)
VALUES (7, 'employer', -1, 1, 2, 30, 40, '墨迹', 'Wang', '2024-06-01T00:00:00.000+08:00');
INSERT INTO keyings (page, field, table_row, raw, value, validity, problem, mandatory, box_x, box_y,
                     box_width, box_height, person, keyed_at)
VALUES (7, 'remark', -1, '无', '无', 'valid', '', FALSE, 1, 2, 30, 40, 'Wang',
        '2024-06-01T00:00:00.000+08:00'),
       (7, 'remark', -1, '无', '无', 'valid', '', FALSE, 1, 2, 30, 40, 'Zhao',
        '2024-06-01T01:00:00.000+08:00');
INSERT INTO keying_outcomes
VALUES (7, 'remark', -1, 'agreed', '无', 'Zhao', '2024-06-01T01:00:00.000+08:00');
)"},
    OldRows{23, R"(
INSERT INTO loan_notes (loan, kind, due_before, due_after, reason, noted_by, noted_at)
VALUES (1, 'extended', '2024-07-01', '2024-08-01', '未审完', 'wang', '2024-06-30T00:00:00.000+08:00');
INSERT INTO acknowledged_alarms (kind, about, since, reason, acknowledged_by, acknowledged_at)
VALUES ('backup_overdue', 'U01', '2024-06-01', '介质送修', 'wang', '2024-06-02T00:00:00.000+08:00');
INSERT INTO units (unit, parent, name, family, made_at)
VALUES (1, NULL, '档案科', 'records', '2024-06-01T00:00:00.000+08:00');
UPDATE users SET unit = 1, trained_on = '2024-05-01' WHERE user = 1;
INSERT INTO settled_pages (page, fault_reason, reason, settled_by, settled_at)
VALUES (8, 'damaged', '原件已毁', 'wang', '2024-06-01T00:00:00.000+08:00');
)"},
    OldRows{24, R"(
INSERT INTO copies (copy, serial, kind, dossier, pages, for_whom, agent, authority, purpose, channel,
                    made_by, made_at)
VALUES (1, 'C-1', 'certified', 2, '[7]', '张三', '', '', '本人', 'counter', 'wang',
        '2024-06-01T00:00:00.000+08:00');
INSERT INTO copy_prints VALUES (1, 1, '', 'wang', '2024-06-01T00:00:00.000+08:00');
)"},
};

}  // namespace archive
