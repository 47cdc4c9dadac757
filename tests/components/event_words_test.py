"""What the program notes in ledger and access log is known where people meet it: the words of the
screens in both languages, docs/STORE_FORMAT.md, the rules for alarms."""

import csv
import re
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WORDS = ROOT / "viewer/web/src/words"
# The name is the first text in quotes, or either of two.
CALL = r'(?:[^()";]|\([^()]*\))*?("[a-z_]+"(?:\s*:\s*"[a-z_]+")?)'


def names_of(call, folders):
    found = {}
    for folder in folders:
        for path in (ROOT / folder).rglob("*.cpp"):
            if "node_modules" in path.parts:
                continue
            for match in re.finditer(rf"\b{call}\({CALL}", path.read_text(encoding="utf-8")):
                for name in re.findall('"([a-z_]+)"', match[1]):
                    found.setdefault(name, path.relative_to(ROOT))
    return found


def texts_of(header, table):
    text = (ROOT / header).read_text(encoding="utf-8")
    return set(re.findall(r'"([a-z_]+)"', text[text.index(table):].split("};")[0]))


def events():
    """Events of the ledger. Names that are made elsewhere stand here by hand."""
    found = set(names_of("note", ("store",))) - {"archive", "arrangement", "page", "access_entry",
                                                 "extended"}
    arrangement = (ROOT / "core/arrangement.h").read_text(encoding="utf-8")
    found |= set(re.findall(r'ArrangementAction::\w+, "\w+", "(\w+)"', arrangement))
    pages = (ROOT / "store/records/records_pages.cpp").read_text(encoding="utf-8")
    found |= set(re.findall(r'"(page_(?:filed|set_aside)\w*)"', pages))
    return found | {"loan_extended", "loan_dunned", "rows_changed"}


class Events(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.events = events()
        cls.logged = names_of("log", ("viewer",))
        cls.actions = texts_of("core/access_actions.h", "kAccessActions")

    def test_are_found_at_all(self):
        self.assertGreater(len(self.events), 80)
        self.assertLessEqual({"pages_moved", "page_set_aside_again", "copy_printed"}, self.events)
        self.assertGreater(len(self.logged), 20)
        self.assertLessEqual({"printed", "copy_certified", "refused"}, set(self.logged))

    def test_what_is_logged_is_a_known_action_and_the_other_way_about(self):
        # By no call of log(): the program's own alarms, searches of the command line.
        self.assertEqual(set(self.logged) | {"alarm_raised", "searched_for"}, self.actions)

    def test_have_a_word_on_the_screens(self):
        for language in ("en", "zh"):
            text = (WORDS / f"office.{language}.ts").read_text(encoding="utf-8")
            words = set(re.findall(r"'action\.([a-z_]+)'", text))
            self.assertEqual((self.events | self.actions) - words, set(), language)

    def test_stand_in_the_description_of_the_archive(self):
        text = (ROOT / "docs/STORE_FORMAT.md").read_text(encoding="utf-8")
        self.assertEqual(self.events - set(re.findall("`([a-z_]+)`", text)), set())

    def test_alarms_look_for_what_is_logged(self):
        with open(ROOT / "config/duties/alarms.csv", encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(line for line in file if not line.startswith("#")))
        wanted = {action for row in rows for action in row["actions"].split("|")}
        self.assertGreater(len(wanted), 5)
        self.assertEqual(wanted - set(self.logged), set())


if __name__ == "__main__":
    unittest.main()
