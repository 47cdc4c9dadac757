"""The fictional dossiers of samples/, from scans to a searched and verified archive."""

import csv
import json
import os
import pwd
import shutil
import subprocess
import tempfile
import unittest
from collections import Counter
from pathlib import Path

from program import (DAMAGE, FINDINGS, NOT_FOUND, SCANS, SET_ASIDE, USAGE, Archive, digests,
                     expected_pages, juanzong)


class Samples(unittest.TestCase):
    """One archive, made once; no test changes it but the last, which works on a copy."""

    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory(prefix="juanzong-test-")
        cls.archive = Archive(Path(cls.temporary.name) / "archive")
        cls.scans_before = digests(SCANS)
        juanzong("init", cls.archive.folder)
        cls.run_of_ingest = cls.archive.ingest(SCANS)
        cls.pages = cls.archive.pages()
        cls.by_place = {(page["source"], page["page_in_file"] + 1): page for page in cls.pages}

    @classmethod
    def tearDownClass(cls):
        keep = os.environ.get("JUANZONG_KEEP_ARCHIVE")  # for tests that want the same archive
        if keep:
            subprocess.run(["rm", "-rf", keep], check=True)
            shutil.copytree(cls.archive.folder, keep)
        cls.temporary.cleanup()
        assert digests(SCANS) == cls.scans_before, "a scan was changed by what came after the ingest"

    def expected(self):
        """(what is expected, the page of the archive) of every readable page"""
        for row in expected_pages():
            yield row, self.by_place[row["file"], int(row["page"])]

    def share(self, agrees, rows):
        rows = list(rows)
        self.assertGreater(len(rows), 0)
        wrong = [(row["file"], row["page"]) for row, page in rows if not agrees(row, page)]
        return 1 - len(wrong) / len(rows), wrong

    def test_a_damaged_file_costs_itself_and_shows_in_the_exit_code(self):
        self.assertEqual(self.run_of_ingest.returncode, SET_ASIDE, self.run_of_ingest.stderr)
        aside = [page for page in self.pages if page["state"] == "set_aside"]
        self.assertEqual([page["source"] for page in aside], ["damaged/0001.tif"])
        self.assertTrue(aside[0]["reason"])

    def test_pages_in_are_pages_filed_and_set_aside(self):
        counts = self.archive.counts()
        self.assertEqual(counts["pages_in"], len(expected_pages()) + 1)
        self.assertEqual(counts["pages_in"], counts["filed"] + counts["set_aside"])

    def test_every_page_is_there_once(self):
        places = Counter((page["source"], page["page_in_file"] + 1) for page in self.pages)
        self.assertEqual(set(places.values()), {1})
        readable = {(row["file"], int(row["page"])) for row in expected_pages()}
        self.assertEqual(set(places) - {("damaged/0001.tif", 1)}, readable)

    def test_the_scans_are_untouched_and_kept_byte_for_byte(self):
        self.assertEqual(digests(SCANS), self.scans_before)
        kept = {page["source_object"] for page in self.pages}
        for name, digest in self.scans_before.items():
            self.assertTrue(any(digest in text for text in kept), name)

    def test_pages_lie_as_the_table_says(self):
        upright_known = [(row, page) for row, page in self.expected() if row["what"] != "blank"]
        right, wrong = self.share(
            lambda row, page: page["rotation"] == int(row["turned_clockwise"]), upright_known)
        self.assertGreaterEqual(right, 0.98, wrong)

    def test_pages_are_what_the_table_says(self):
        def kind_or_type(page):
            return page["doc_type"] if page["kind"] == "content" else page["kind"]
        right, wrong = self.share(lambda row, page: kind_or_type(page) == row["what"],
                                  self.expected())
        self.assertGreaterEqual(right, 0.95, wrong)

    def test_separators_and_blanks_are_all_found(self):
        for kind in ("separator", "blank"):
            for row, page in self.expected():
                self.assertEqual(page["kind"] == kind, row["what"] == kind,
                                 (row["file"], row["page"]))

    def test_citizen_numbers_are_read(self):
        printed = [(row, page) for row, page in self.expected() if row["id_number"]]
        right, wrong = self.share(
            lambda row, page: any(row["id_number"] in line["text"].replace(" ", "").upper()
                                  for line in page["lines"]), printed)
        self.assertGreaterEqual(right, 0.9, wrong)

    def test_pages_of_a_dossier_lie_together_and_apart_from_others(self):
        dossiers = {}
        for row, page in self.expected():
            dossiers.setdefault(row["dossier"], set()).add(page["dossier"])
        for name, numbers in dossiers.items():
            self.assertEqual(len(numbers), 1, name)
            self.assertNotEqual(numbers, {0}, name)
        self.assertEqual(len(set.union(*dossiers.values())), len(dossiers))

    def test_a_person_is_found_by_name_and_by_number(self):
        for row in expected_pages():
            if row["what"] != "DT01":
                continue
            dossier = self.by_place[row["file"], int(row["page"])]["dossier"]
            for query in (row["name"], row["id_number"]):
                found = {hit["dossier"] for hit in self.archive.hits(query)}
                self.assertIn(dossier, found, row["dossier"])

    def test_hits_have_boxes_on_the_page(self):
        hits = self.archive.hits("工伤认定")
        self.assertTrue(hits)
        page = next(page for page in self.pages if page["page"] == hits[0]["page"])
        self.assertTrue(hits[0]["boxes"])
        for x, y in hits[0]["boxes"][0]:
            self.assertTrue(0 <= x <= page["width"] and 0 <= y <= page["height"])

    def test_both_scripts_find_the_same(self):
        simplified = self.archive.hits("失业保险")
        self.assertTrue(simplified)
        self.assertEqual([hit["page"] for hit in self.archive.hits("失業保險")],
                         [hit["page"] for hit in simplified])
        self.assertEqual(self.archive.hits("无此词语之卷宗"), [])

    # Planted when the samples were made; samples/README.md tells of them.
    PLANTED = {
        ("SB1-2017-ZJ-6649", "X44", "order", 1),         # pages 5 and 6 changed places
        ("SB1-2022-ZJ-7167", "duplicate_page", "", 1),   # page 4 was scanned twice
        ("SB1-2022-ZJ-7167", "X41", "in_item", 1),       # page 6 is missing
        ("SB1-2020-SH-7824", "Q10", "", 3),              # three pages upside down
    }

    def checked(self, *arguments):
        """(exit code, dossier number -> report) of a check"""
        told = self.archive.run("check", "--json", "--all", *arguments)
        reports = [json.loads(line) for line in told.stdout.splitlines()]
        return told.returncode, {report["dossier_no"]: report for report in reports}

    def test_planted_faults_are_found_once_and_lead_to_their_pages(self):
        code, reports = self.checked()
        self.assertEqual(code, FINDINGS)
        for dossier, rule, variant, times in self.PLANTED:
            found = [one for one in reports[dossier]["findings"]
                     if (one["rule"], one["variant"]) == (rule, variant)]
            self.assertEqual(len(found), times, (dossier, rule, reports[dossier]["findings"]))
            for one in found:
                self.assertNotIn("{", one["sentence"]["zh"] + one["sentence"]["en"])
                for place in one["places"]:
                    self.assertIn((place["source"], place["page_in_file"] + 1), self.by_place)
        # Two volumes in which every page lies where it belongs.
        for dossier in ("SB3-2012-ZJ-6951", "SB2-2012-GS-4072"):
            odd = [one for one in reports[dossier]["findings"]
                   if one["rule"].startswith(("X40", "X41", "X43", "X44", "Q", "duplicate"))]
            self.assertEqual(odd, [], dossier)

    def test_ingest_counted_what_a_check_finds(self):
        _, reports = self.checked()
        errors = sum(one["severity"] == "error" and one["state"] == "open"
                     for report in reports.values() for one in report["findings"])
        self.assertEqual(self.archive.counts()["open_findings"]["error"], errors)

    def test_reports_for_paper_and_for_spreadsheets_have_every_finding(self):
        html, table = (Path(self.temporary.name) / name for name in ("r.html", "r.csv"))
        self.archive.run("check", "--html", html, "--csv", table)
        _, reports = self.checked()
        with open(table, encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
        findings = [one for report in reports.values() for one in report["findings"]]
        self.assertEqual(sorted(row["finding"] for row in rows),
                         sorted(str(one["finding"]) for one in findings))
        text = html.read_text(encoding="utf-8")
        self.assertEqual(text.count("<section>"), len(reports))
        self.assertNotIn("http", text, "it needs nothing but itself")

    def properties(self, archive, *arguments):
        """(exit code, the report of each dossier, the totals) of a four-property check"""
        told = archive.run("properties", "--json", *arguments)
        *reports, last = [json.loads(line) for line in told.stdout.splitlines()]
        return told.returncode, reports, last["totals"]

    def test_the_four_properties_of_every_dossier(self):
        html, table = (Path(self.temporary.name) / name for name in ("p.html", "p.csv"))
        code, reports, totals = self.properties(self.archive, "--html", html, "--csv", table)
        self.assertEqual(code, FINDINGS)
        rows = {row["code"]: row["dossiers"] for row in totals["rows"]}
        self.assertEqual(len(rows), 24)
        every = totals["dossiers"]
        self.assertEqual(every, len(reports))
        for row in ("1-1", "1-10", "1-11", "2-2", "3-2", "3-8"):
            self.assertEqual(rows[row]["passed"], every, row)
        self.assertEqual(rows["3-3"]["failed"], 1, "the damaged file does not open")
        for row in ("1-14", "2-10", "2-11", "3-1", "4-3"):
            self.assertEqual(rows[row]["not_applicable"], every, row)
        self.assertEqual(rows["4-1"]["by_person"], every, "no scanner is configured")
        for report in reports:
            for row in report["rows"]:
                if row["result"] != "passed":
                    self.assertTrue(row["remarks"], (report["dossier_no"], row["code"]))
        text = html.read_text(encoding="utf-8")
        self.assertEqual(text.count("<section>"), every + 1)
        self.assertNotIn("http", text, "it needs nothing but itself")
        with open(table, encoding="utf-8-sig", newline="") as file:
            listed = {(row["dossier"], row["code"]) for row in csv.DictReader(file)}
        self.assertEqual(len(listed), 24 * every)

    def test_the_four_properties_see_damage_and_ask_the_scanner(self):
        copy = Archive(Path(self.temporary.name) / "damaged")
        shutil.copytree(self.archive.folder, copy.folder)
        settings = copy.folder / "juanzong.toml"
        text = settings.read_text(encoding="utf-8")
        self.assertIn('malware_scanner = ""', text)
        settings.write_text(text.replace('malware_scanner = ""', 'malware_scanner = "/bin/false"'),
                            encoding="utf-8")
        page = next(page for page in self.pages if page["state"] == "filed")
        copy.spoil(page["source_object"])
        code, (report,), _ = self.properties(copy, "--dossier", page["dossier"])
        self.assertEqual(code, FINDINGS)
        failed = {row["code"] for row in report["rows"] if row["result"] == "failed"}
        self.assertLessEqual({"1-1", "2-7", "4-2"}, failed)

    def test_a_person_over_all_dossiers(self):
        _, reports = self.checked()
        persons = {person["id"] for report in reports.values() for person in report["persons"]}
        number = sorted(persons - {""})[0]
        html = Path(self.temporary.name) / "person.html"
        view = json.loads(self.archive.run("person", number, "--json", "--html", html).stdout)
        self.assertEqual(view["id"], number)
        self.assertTrue(view["dossiers"])
        for field in view["facts"]:
            for value in field["values"]:
                for place in value["places"]:
                    self.assertTrue(place["image"].startswith("sha256-"), field["field"])
                    self.assertEqual(len(place["quad"]), 4)
        self.assertIn(number, html.read_text(encoding="utf-8"))
        unknown = self.archive.run("person", "999999")
        self.assertEqual(unknown.returncode, NOT_FOUND)

    def test_a_decision_about_a_finding_stays_and_is_signed(self):
        copy = Archive(Path(self.temporary.name) / "decided")
        shutil.copytree(self.archive.folder, copy.folder)
        report = json.loads(copy.run("check", "--json").stdout.splitlines()[0])
        number = report["findings"][0]["finding"]
        self.assertEqual(copy.run("finding", number, "--accepted").returncode, USAGE)
        decided = copy.run("finding", number, "--accepted", "--reason", "as it was")
        self.assertEqual(decided.returncode, 0, decided.stderr)
        copy.run("check")
        told = json.loads(copy.run("finding", number, "--json").stdout)
        self.assertEqual((told["state"], told["reason"], told["decided_by"]),
                         ("accepted", "as it was", pwd.getpwuid(os.getuid()).pw_name))
        self.assertEqual(copy.run("verify").returncode, 0)

    def test_the_same_command_again_adds_nothing(self):
        again = self.archive.ingest(SCANS)
        self.assertEqual(again.returncode, SET_ASIDE, again.stderr)
        self.assertEqual(self.archive.counts()["pages_in"], len(self.pages))

    def test_the_archive_verifies(self):
        verified = self.archive.run("verify")
        self.assertEqual(verified.returncode, 0, verified.stdout + verified.stderr)

    def test_in_a_copy_an_index_made_anew_finds_the_same_and_damage_is_named(self):
        copy = Archive(Path(self.temporary.name) / "copy")
        shutil.copytree(self.archive.folder, copy.folder)
        rebuilt = copy.run("index", "rebuild")
        if rebuilt.returncode != 0:
            rebuilt = juanzong("index", "rebuild", "--archive", copy.folder)
        self.assertEqual(rebuilt.returncode, 0, rebuilt.stderr)
        for query in ("个人账户", "439822198110144336"):
            self.assertEqual(copy.hits(query), self.archive.hits(query))

        for harm in (self.flip_a_bit, self.remove):
            victim = copy.objects()[0]
            harm(victim)
            verified = copy.run("verify", "--json")
            self.assertEqual(verified.returncode, DAMAGE, verified.stdout)
            self.assertIn(victim.name, verified.stdout)

    @staticmethod
    def flip_a_bit(file):
        content = bytearray(file.read_bytes())
        content[len(content) // 2] ^= 1
        file.chmod(0o600)
        file.write_bytes(content)

    @staticmethod
    def remove(file):
        file.unlink()

    def test_what_machines_are_told_is_json(self):
        for command in (["status", "--json"], ["search", "--json", "参保"], ["verify", "--json"]):
            json.loads(self.archive.run(*command).stdout)


if __name__ == "__main__":
    unittest.main()
