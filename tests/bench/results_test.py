"""What the tools in bench/ make of the archive's pages."""

import csv
import json
import sys
import tempfile
import tomllib
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "bench"))

from measuring import (confidence, dossiers, faults, fields, program, quality,  # noqa: E402
                       reading, real_sets)
from measuring import pairs as pair_figures  # noqa: E402
from measuring.shares import wilson  # noqa: E402
from measuring.types import judge  # noqa: E402

QUAD = [[10, 20], [110, 20], [110, 50], [10, 50]]


def line(text, kind="printed", unsure=False):
    places = [[[10 + at, 20], [40 + at, 20], [40 + at, 50], [10 + at, 50]]
              for at in range(0, 30 * len(text), 30)]
    return {"text": text, "quad": QUAD, "confidence": 0.9, "unsure": unsure, "vertical": False,
            "kind": kind, "characters": [{"text": c, "quad": place, "confidence": 0.9}
                                         for c, place in zip(text, places)]}


def field(name, value, row=None, raw="", unsure=False):
    return {"field": name, "row": row, "raw": raw, "value": value, "unsure": unsure,
            "confidence": 0.75}


def page(**changes):
    """A page as `juanzong show --all --json` prints it."""
    found = {
        "page": 7, "batch": 1, "source": "D001/0001.jpg", "page_in_file": 0, "order": 0,
        "state": "filed", "reason": None, "detail": None, "review": [],
        "rotation": 0, "skew_degrees": 0.25, "kind": "content", "doc_type": "DT11",
        "illegible": False, "side_pages": 1, "dark_borders": "", "codes": [], "seals": [],
        "pairs": [], "fields": [], "lines": [], "dossier": 3, "dossier_no": None,
    }
    unknown = set(changes) - set(found)
    assert not unknown, unknown
    return {**found, **changes}


def set_aside(**changes):
    return page(state="set_aside", reason="damaged", dossier=0, **changes)


class PairFigures(unittest.TestCase):
    PRINTED = ("a.kv.tsv      pairs 10 got 10 right 8\n"
               "b.kv.tsv      pairs 30 got 20 right 15\n"
               "files 2 pairs gt 40 got 30 right 23 P 0.7667 R 0.5750 microF1 0.6571\n")

    def test_pages_count_by_their_pairs(self):
        (name, value, unit, count, interval), = pair_figures.figures(self.PRINTED)
        self.assertEqual((name, unit, count), ("xfund_pairs_f1", "%", 40))
        self.assertAlmostEqual(value, 65.71, places=2)
        self.assertEqual(interval, "60.0-80.0")  # one page or the other, drawn twice

    def test_a_set_without_answers_has_no_figure(self):
        self.assertEqual(list(pair_figures.figures("files 0\n")), [])


class DossierResults(unittest.TestCase):
    def only_page(self, **changes):
        return dossiers.results([page(**changes)])["pages"][0]

    def test_page_is_named_as_in_the_ground_truth(self):
        result = self.only_page(source="batch1.tif", page_in_file=4)
        self.assertEqual((result["file"], result["page_in_file"]), ("in/batch1.tif", 4))

    def test_geometry_is_passed_on_with_its_signs(self):
        result = self.only_page(rotation=270, skew_degrees=-1.5)
        self.assertEqual((result["rotation"], result["skew_deg"]), (270, -1.5))

    def test_form_types_and_categories_bear_the_scorers_names(self):
        for changes, *expected in (
                ({"doc_type": "DT11"}, "account_statement", "社会保险管理类"),
                ({"doc_type": "DT99"}, None, None),
                ({"doc_type": "", "kind": "blank"}, "blank", "案卷材料"),
                ({"doc_type": "", "kind": "separator"}, "separator", "案卷材料")):
            result = self.only_page(**changes)
            self.assertEqual([result["form_type"], result["category"]], expected, changes)

    def test_blank_is_a_kind_of_page(self):
        self.assertTrue(self.only_page(kind="blank")["blank"])
        self.assertFalse(self.only_page(kind="separator")["blank"])

    def test_text_on_seals_is_not_a_line(self):
        lines = [line("职工姓名"), line("专用章", kind="seal"), line("张三", kind="handwritten")]
        result = self.only_page(lines=lines)
        self.assertEqual([one["text"] for one in result["text_lines"]], list("职工姓名张三"))

    def test_characters_stand_where_they_were_read(self):
        quads = [one["quad"] for one in self.only_page(lines=[line("姓名")])["text_lines"]]
        self.assertEqual([quad[0] for quad in quads], [[10, 20], [40, 20]])

    def test_a_line_without_places_is_passed_on_whole(self):
        whole = dict(line("姓名"), characters=[])
        self.assertEqual(self.only_page(lines=[whole])["text_lines"],
                         [{"text": "姓名", "quad": QUAD, "unsure": False}])

    def test_doubt_is_passed_on(self):
        result = self.only_page(lines=[line("赟", unsure=True)], illegible=True,
                                fields=[field("person_name", "赟", unsure=True)])
        self.assertTrue(result["text_lines"][0]["unsure"])
        self.assertTrue(result["fields"][0]["unsure"])
        self.assertTrue(result["illegible"])

    def test_fields_bear_the_scorers_ids(self):
        fields = [field("person_name", "张三"), field("nobody_asks_for_this", "1")]
        self.assertEqual(self.only_page(fields=fields)["fields"],
                         [{"id": "name", "value": "张三", "unsure": False, "confidence": 0.75}])

    def test_one_field_may_have_two_ids_on_two_forms(self):
        for doc_type, expected in (("DT20", "calc_date"), ("DT12", "issue_date")):
            result = self.only_page(doc_type=doc_type, fields=[field("doc_date", "2015-03-09")])
            self.assertEqual(result["fields"][0]["id"], expected)

    def test_rows_are_given_only_for_row_ids(self):
        fields = [field("pay_base", "3200.00", row=4), field("doc_date", "2015-03-09", row=4)]
        first, second = self.only_page(fields=fields)["fields"]
        self.assertEqual((first["id"], first["row"]), ("row_base", 4))
        self.assertNotIn("row", second)

    def test_a_value_that_could_not_be_normalised_is_given_as_printed(self):
        result = self.only_page(fields=[field("doc_date", "", raw="2015年13月9日")])
        self.assertEqual(result["fields"][0]["value"], "2015年13月9日")

    def test_a_separator_says_its_code_and_dossier(self):
        codes = [{"symbology": "QR-CODE", "text": "DA|X-1|1"},
                 {"symbology": "CODE-128", "text": "X11"}]
        result = self.only_page(kind="separator", codes=codes, dossier_no="X-1")
        self.assertEqual([(one["id"], one["value"]) for one in result["fields"]],
                         [("barcode", "X11"), ("dossier_no", "X-1")])

    def test_every_field_that_is_translated_is_one_of_the_forms(self):
        forms = Path(dossiers.TABLES).parent / "config" / "forms"
        known = {}
        for doc_type, name in dossiers.field_names():
            if doc_type not in known:
                with open(forms / f"{doc_type}.toml", "rb") as file:
                    known[doc_type] = {one["id"] for one in tomllib.load(file)["field"]}
            self.assertIn(name, known[doc_type], doc_type)

    def test_pages_that_were_set_aside_have_no_result(self):
        results = dossiers.results([set_aside(), page(source="D002.pdf")])
        self.assertEqual([one["file"] for one in results["pages"]], ["in/D002.pdf"])

    def test_dossiers_are_the_pages_that_lie_together(self):
        results = dossiers.results([
            page(source="a.tif", page_in_file=0, dossier=1),
            page(source="a.tif", page_in_file=1, dossier=2),
            page(source="a.tif", page_in_file=2, dossier=2),
            page(source="b.tif", page_in_file=0, dossier=0),
            set_aside(source="c.tif")])
        self.assertEqual([one["pages"] for one in results["dossiers"]],
                         [[["in/a.tif", 0]], [["in/a.tif", 1], ["in/a.tif", 2]]])

    def test_faults_are_the_open_findings_that_the_scorer_knows(self):
        def finding(rule, variant="", state="open", places=()):
            return {"rule": rule, "variant": variant, "state": state,
                    "places": [{"source": source, "page_in_file": page}
                               for source, page in places]}

        report = {"findings": [
            finding("X44", "order", places=[("a.tif", 3), ("a.tif", 2), ("a.tif", 3)]),
            finding("X41", "missing"),
            finding("X01", state="accepted"),
            finding("X31")]}
        self.assertEqual(list(faults.faults_of(report, faults.fault_kinds())), [
            {"kind": "out_of_order", "pages": [["in/a.tif", 3], ["in/a.tif", 2]]},
            {"kind": "missing_page", "pages": []}])

    def test_the_office_has_its_own_must_haves_and_the_sheets_of_the_product(self):
        with tempfile.TemporaryDirectory() as folder:
            office = faults.office_configuration(Path(folder) / "config")
            text = (office / "checks" / "must_have.csv").read_text(encoding="utf-8")
            self.assertTrue((office / "forms" / "DT01.toml").exists())
        rows = list(csv.DictReader(text.splitlines()))
        self.assertEqual({row["doc_type"] for row in rows if row["business"] == "dossier"},
                         {"DT01", "DT02", "DT03"})
        self.assertEqual([row["doc_type"] for row in rows if row["principal"] == "yes"],
                         ["DT04", "DT19", "DT12", "DT16", "DT17", "DT32", "DT28", "DT36", "DT25"])

    def test_a_set_may_bring_tables_of_its_own(self):
        tables = {
            # as spreadsheets write it: a mark of the encoding, columns in their own order
            "form_types.csv": "\ufeffcategory,doc_type,scorer_id\n甲类,DT11,ledger\n,,blank\n",
            "field_map.csv": "# office two\nscorer_id,forms,field\nwho,ledger,person_name\n"
                             "id_number,ledger,\nbirth_date,unknown_form,birth_date\n",
            "fault_kinds.csv": "kind,rules\nmissing_page,X41\nodd_date,X06 X07\n",
            "required_forms.csv": "business_type,title,scorer_id,need\nkeep,对账,ledger,M\n"
                                  "keep,对账,no_such_form,M\n"}
        with tempfile.TemporaryDirectory() as folder:
            for name, text in tables.items():
                (Path(folder) / name).write_text(text, encoding="utf-8")
            read = [field("person_name", "张三"), field("id_number", "1"), field("year", "2")]
            given = dossiers.results([page(fields=read)], folder)["pages"][0]
            kinds = faults.fault_kinds(folder)
            office = list(faults.office_rows(folder))
        self.assertEqual((given["form_type"], given["category"]), ("ledger", "甲类"))
        self.assertEqual([one["id"] for one in given["fields"]], ["who", "id_number"])
        self.assertEqual(set(kinds.values()), {"missing_page", "odd_date"})
        self.assertEqual([(row["business"], row["doc_type"], row["principal"]) for row in office],
                         [("keep", "DT11", "yes")])
        report = {"findings": [{"rule": "X07", "variant": "any", "state": "open", "places": []}]}
        self.assertEqual([one["kind"] for one in faults.faults_of(report, kinds)], ["odd_date"])

    def test_a_table_without_a_column_is_told(self):
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "fault_kinds.csv").write_text("kind,what\na,b\n", encoding="utf-8")
            with self.assertRaisesRegex(program.Failed, "fault_kinds.csv.*rules"):
                faults.fault_kinds(folder)

    def test_results_are_json(self):
        json.dumps(dossiers.results([page(lines=[line("甲")])]))


class RealSetResults(unittest.TestCase):
    def files(self, names, *pages):
        return real_sets.result_files(names, pages)

    def test_text_has_a_line_a_line_and_all_pages(self):
        files = self.files(["a.pdf"],
                           page(source="a.pdf", page_in_file=1, lines=[line("丙")]),
                           page(source="a.pdf", page_in_file=0, lines=[line("甲"), line("乙")]))
        self.assertEqual(files["a.txt"], "甲\n乙\n丙\n")

    def test_a_file_that_was_set_aside_has_an_empty_text_and_no_row(self):
        files = self.files(["a.jpg"], set_aside(source="a.jpg"))
        self.assertEqual(files["a.txt"], "")
        self.assertEqual(files["angles.tsv"], "")
        self.assertEqual(files["seals.tsv"], "file\tred_seals\n")

    def test_pairs_are_one_line_each_without_a_header(self):
        pairs = [{"label": "联系\n电话", "value": "1380 \t 000", "label_quad": [[0, 0]]},
                 {"label": "备注", "value": " ", "label_quad": [[0, 9]]}]
        files = self.files(["a.jpg"], page(source="a.jpg", pairs=pairs))
        self.assertEqual(files["a.kv.tsv"], "联系 电话\t1380 000\n")

    def test_several_values_of_one_label_are_one_answer(self):
        column = [{"label": "称谓", "value": value, "label_quad": [[0, 0]]}
                  for value in ("父亲", "母亲")]
        elsewhere = [{"label": "称谓", "value": "配偶", "label_quad": [[0, 9]]}]
        files = self.files(["a.jpg"], page(source="a.jpg", pairs=column + elsewhere))
        self.assertEqual(files["a.kv.tsv"], "称谓\t父亲 | 母亲\n称谓\t配偶\n")

    def test_files_of_one_stem_do_not_overwrite_each_other(self):
        stems = real_sets.result_stems(["scan.pdf", "scan.jpg", "scan.png"])
        self.assertEqual(stems["scan.jpg"], "scan")
        self.assertEqual(len(set(stems.values())), 3)

    def test_angles_have_no_header(self):
        files = self.files(["a.png"], page(source="a.png", skew_degrees=-1.4))
        self.assertEqual(files["angles.tsv"], "a.png\t-1.40\n")

    def test_orientation_is_the_turn_to_upright(self):
        for turned, to_upright in ((0, 0), (90, 270), (180, 180), (270, 90)):
            files = self.files(["a.png"], page(source="a.png", rotation=turned))
            self.assertEqual(files["orientation.tsv"].splitlines()[1], f"a.png\t1\t{to_upright}")

    def test_pages_table(self):
        files = self.files(["a.tif", "b.png"],
                           page(source="a.tif", dark_borders="left,top,right", side_pages=2),
                           page(source="b.png", kind="blank"))
        self.assertEqual(files["pages.tsv"].splitlines(),
                         ["file\tblank\tpages_side_by_side\tdark_border",
                          "a.tif\tno\t2\ttop,left,right", "b.png\tyes\t1\tnone"])

    def test_codes_are_bar_codes_of_each_page(self):
        codes = [{"symbology": "PATCH", "text": "T"}, {"symbology": "CODE-39", "text": "PATCHT"}]
        files = self.files(["a.pdf"], page(source="a.pdf", codes=codes),
                           page(source="a.pdf", page_in_file=1))
        self.assertEqual(files["codes.tsv"],
                         "file\tpage\tzbar\na.pdf\t1\tCODE-39:PATCHT\na.pdf\t2\t\n")

    def test_red_seals_are_counted_over_all_pages(self):
        seals = [{"colour": "red"}, {"colour": "black"}]
        files = self.files(["a.pdf"], page(source="a.pdf", seals=seals),
                           page(source="a.pdf", page_in_file=1, seals=seals))
        self.assertEqual(files["seals.tsv"], "file\tred_seals\na.pdf\t2\n")

    def test_pictures_are_known_by_their_first_bytes(self):
        with tempfile.TemporaryDirectory() as folder:
            for name, first in (("a.jpg", b"\xff\xd8\xff\xe0"), ("b.gt.txt", "甲".encode()),
                                ("c", b"II*\0"), (".d.pdf", b"%PDF-1.4"), ("EXPECT.tsv", b"file")):
                (Path(folder) / name).write_bytes(first + bytes(20))
            found = [path.name for path in real_sets.pictures_in(folder)]
        self.assertEqual(found, ["a.jpg", "c"])


# As the dossiers' scorer prints it; numbers invented.
SCORED = """\
  handwritten                CER   3.66% (384/10487)
  handwritten under seal     CER  31.60% (188/595)
  printed                    CER   0.71% (754/105702)
  printed under seal         CER  17.39% (669/3848)
  printed under seal, bilevel  CER  26.62% (440/1653)
  printed under seal, color    CER   2.93% (23/785)
  printed under seal, gray     CER  15.95% (200/1254)
  sent to a person, handwritten    2.85% (316/11082)
  sent to a person, printed        0.53% (582/109550)
  printed CER of the median page 0.000%
   sure handwritten           CER   2.58% (265/10282)
   sure printed               CER   0.55% (580/105351)
  skew error (deg; right orientation only, n=345): mean 0.113 median 0.005 p95 0.949 p99 1.844
  ID numbers, handwritten:  89.16% (74/83)
  ID numbers, printed:  98.45% (190/193)
"""
FORMS = ("ALL files 19 microCER 0.0794 meanBagF1 0.9930 meanHanziRecall 0.9952 "
         "answerRecall 0.9257 (523/565)")


class Reading(unittest.TestCase):
    def test_every_figure_is_found_with_its_n(self):
        found = {name: (round(value, 3), n) for name, value, _, n in reading.of_dossiers(SCORED)}
        self.assertEqual(found, {
            "printed_cer": (0.71, 105702), "sure_printed_cer": (0.55, 105351),
            "sent_printed": (0.53, 109550), "handwritten_cer": (3.66, 10487),
            "sure_handwritten_cer": (2.58, 10282), "sent_handwritten": (2.85, 11082),
            "id_exact_printed": (98.45, 193), "id_exact_handwritten": (89.16, 83),
            "seal_cer_colour": (2.93, 785), "seal_cer_other": (22.016, 2907),
            "skew_median": (0.005, 345), "skew_p99": (1.844, 345), "median_page_cer": (0, 345)})
        forms = {name: (round(value, 2), n) for name, value, _, n in reading.of_forms(FORMS)}
        self.assertEqual(forms, {"xfund_hanzi_recall": (99.52, 19), "xfund_answers": (92.57, 565)})

    def test_what_was_not_printed_is_no_figure(self):
        self.assertEqual(list(reading.of_dossiers("nothing was scored")), [])
        self.assertEqual(list(reading.of_forms("")), [])

class Confidence(unittest.TestCase):
    """The line of QUAD holds three characters of 30 pixels, from x = 10 on."""

    def judged(self, truth, read):
        return list(confidence.judged(
            page(lines=[line(read)]),
            {"text_lines": [{"text": truth, "quad": QUAD, "kind": "printed"}]}))

    def test_equal_characters_are_right(self):
        self.assertEqual(self.judged("社保局", "社保局"), [(0.9, True)] * 3)

    def test_another_character_is_wrong_and_so_is_one_too_many(self):
        self.assertEqual(self.judged("社保局", "社呆局"),
                         [(0.9, True), (0.9, False), (0.9, True)])
        self.assertEqual(self.judged("社局", "社1局"), [(0.9, True), (0.9, False), (0.9, True)])

    def test_a_lost_character_makes_its_neighbours_no_worse(self):
        self.assertEqual(self.judged("社保局", "社局"), [(0.9, True)] * 2)

    def test_widths_and_ticks_make_no_difference(self):
        self.assertEqual(self.judged("(是)", "（是）"), [(0.9, True)] * 3)
        self.assertEqual(self.judged("是", "□是"), [(0.9, True)])

    def test_what_lies_outside_is_not_judged(self):
        far = {"text_lines": [{"text": "社", "quad": [[x, y + 500] for x, y in QUAD],
                               "kind": "printed"}]}
        self.assertEqual(list(confidence.judged(page(lines=[line("社")]), far)), [])


def wanted(name, value, row=None, kind="printed"):
    return {"id": name, "value": value, "kind": kind} | ({} if row is None else {"row": row})


def given(name, value, row=None, unsure=False, confidence=0.9):
    return {"id": name, "value": value, "unsure": unsure,
            "confidence": confidence} | ({} if row is None else {"row": row})


class Fields(unittest.TestCase):
    def shares(self, truth, results):
        found = fields.shares_of(list(fields.judged(truth, results)))
        return {name: (round(value, 1), count) for name, value, _, count, _ in found}

    def test_a_value_is_compared_as_the_scorer_does(self):
        for printed, read in (("1,234.50", "1234.5"), ("A〔2019〕7号", "A[2019]7号"), ("x", "X")):
            self.assertEqual(fields.plain(printed), fields.plain(read))
        self.assertNotEqual(fields.plain("439702190001010010"), fields.plain("43970219000101001"))

    def test_print_and_pen_are_counted_apart(self):
        shares = self.shares([wanted("name", "张三"), wanted("phone", "154", kind="handwritten")],
                             [given("name", "张三"), given("phone", "155", unsure=True)])
        self.assertEqual(shares["fields_printed"], (100, 1))
        self.assertEqual(shares["fields_handwritten"], (0, 1))
        self.assertEqual(shares["marked_handwritten"], (100, 1))
        self.assertEqual(shares["wrong_and_sure"], (0, 2))

    def test_superfluous_values_are_wrong_and_missing_ones_are_not(self):
        shares = self.shares([wanted("name", "张三")], [given("sex", "男")])
        self.assertEqual(shares["fields_printed"], (0, 1))
        self.assertEqual(shares["wrong_and_sure"], (100, 1))
        self.assertEqual(shares["wrong_of_sure"], (100, 1))

    def test_rows_are_aligned_by_what_they_share(self):
        truth = [wanted("row_name", name, row=i) for i, name in enumerate(("甲一", "乙二", "丙三"))]
        results = [given("row_name", name, row=i) for i, name in enumerate(("乙二", "丙三"))]
        self.assertEqual(self.shares(truth, results)["fields_printed"], (66.7, 3))
        self.assertEqual(self.shares(truth, results)["wrong_and_sure"], (0, 3))

    def test_the_curve_counts_values_by_their_confidence(self):
        shares = self.shares([wanted("name", "张三"), wanted("sex", "男")],
                             [given("name", "张三", confidence=0.97), given("sex", "女", confidence=0.97)])
        self.assertEqual(shares["right_from_0.95"], (50, 2))
        self.assertNotIn("right_from_0.9", shares)

    def test_intervals_are_wilsons(self):
        for hits, count, low, high in ((0, 0, 0, 1), (0, 10, 0, 0.278), (10, 10, 0.722, 1),
                                       (81, 263, 0.255, 0.366)):
            found = wilson(hits, count)
            self.assertAlmostEqual(found[0], low, 3)
            self.assertAlmostEqual(found[1], high, 3)


class Types(unittest.TestCase):
    def test_a_value_may_stand_under_a_field_of_the_same_meaning(self):
        found = page(doc_type="DT19", fields=[field("months", "305"), field("sex", "女"),
                                              field("retire_date", "2020-01-02", unsure=True)])
        truth = {"fields": [{"field": name, "row": None, "value": value} for name, value in
                            (("actual_months", "305"), ("sex", "男"), ("retire_date", "2020-01-03"))]}
        meanings = {("DT19", "months"): "actual_months"}
        self.assertEqual(list(judge(found, truth, meanings)),
                         [("actual_months", True, False), ("sex", False, True),
                          ("retire_date", False, False)])


class QualityFigures(unittest.TestCase):
    def test_verdicts_rules_and_costs_are_counted(self):
        pages = [
            {"verdict": "accept", "measuring_ms": 10.0,
             "findings": [{"rule": "grey", "verdict": "accept"}]},
            {"verdict": "rescan", "measuring_ms": 30.0,
             "findings": [{"rule": "badly_blurred", "verdict": "rescan"},
                          {"rule": "grey", "verdict": "accept"}]},
            {"verdict": "rescan", "reason": "damaged"}]
        found = {name: value for name, value, *_ in quality.of_pages(pages)}
        self.assertEqual(found["measuring_ms_max"], 30.0)
        self.assertEqual((found["verdict_accept"], found["verdict_look"], found["verdict_rescan"]),
                         (1, 0, 2))
        self.assertEqual(found["not_decoded"], 1)
        self.assertEqual((found["rescan_badly_blurred"], found["accept_grey"]), (1, 2))


if __name__ == "__main__":
    unittest.main()
