"""docs/COMPONENTS.md against what is installed, fetched and linked, both ways."""

import json
import re
import subprocess
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# Parts of CMake and of the compiler, not components.
BUILT_IN = {"Threads"}
WEB = ROOT / "viewer/web"
# Parts of Svelte that stand in the built application, and so in its licences.txt.
GIVEN_OUT = ("clsx", "esm-env")
LINK_WORDS = {"PUBLIC", "PRIVATE", "INTERFACE"}


def table_rows():
    for line in (ROOT / "docs/COMPONENTS.md").read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("| ") and cells[0] != "package":
            yield cells


def quoted(cell):
    return re.findall(r"`([^`]+)`", cell)


def web_packages():
    """What the browser application asks npm for, and what of others is given out with it."""
    package = json.loads((WEB / "package.json").read_text(encoding="utf-8"))
    lock = json.loads((WEB / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    given_out = {name: lock[f"node_modules/{name}"]["version"] for name in GIVEN_OUT}
    return package["dependencies"] | package["devDependencies"] | given_out


def listed_packages():
    """Debian packages of the tables; those fetched from elsewhere name their origin before."""
    return {name for cells in table_rows() if cells[0].startswith("`") for name in quoted(cells[0])}


def listed_names_of_cmake():
    return {name for cells in table_rows() for name in quoted(cells[3])}


def installed_packages():
    """Every package name that install.sh may hand to apt."""
    text = (ROOT / "install.sh").read_text(encoding="utf-8")
    lists = re.findall(r'readonly \w*packages="\n(.*?)\n"', text, re.DOTALL)
    names = re.findall(r"^  ([a-z0-9][a-z0-9+.-]*)", "\n".join(lists), re.MULTILINE)
    return set(names) | ({"nodejs"} if "fetcher=(nodejs)" in text else set())


def cmake_text():
    files = [file for file in subprocess.run(
        ["find", ROOT, "-name", "build", "-prune", "-o", "-name", "third_party", "-prune", "-o",
         "-name", "node_modules", "-prune", "-o", "-name", "CMakeLists.txt", "-print"],
        check=True, stdout=subprocess.PIPE, text=True).stdout.split()]
    return "\n".join(re.sub(r"#.*", "", Path(file).read_text(encoding="utf-8")) for file in files)


def names_cmake_asks_for(text):
    """What find_package and pkg_check_modules look for, without version conditions."""
    names = set(re.findall(r"find_package\(\s*(\w+)", text))
    for call in re.findall(r"pkg_check_modules\(([^)]*)\)", text):
        words = [re.split(r"[<>=]", word)[0] for word in call.split()]
        names |= {word for word in words[1:] if not word.isupper()}
    return names - BUILT_IN


def bare_link_names(text):
    """Libraries linked by their plain name: neither ours nor found before."""
    names = set()
    for call in re.findall(r"target_link_libraries\(([^)]*)\)", text):
        names |= set(call.split()[1:]) - LINK_WORDS
    return {name for name in names
            if not re.search(r"::|\$|^juanzong_|^opencv_", name)}


class Components(unittest.TestCase):
    def test_every_package_installed_is_listed_and_every_listed_one_installed(self):
        self.assertEqual(installed_packages(), listed_packages())

    def test_install_prints_the_list_that_is_compared_here(self):
        printed = subprocess.run([ROOT / "install.sh", "--list"], check=True,
                                 stdout=subprocess.PIPE, text=True).stdout.split()
        self.assertLessEqual(set(printed), installed_packages())
        self.assertGreater(len(printed), 30)

    def test_everything_cmake_looks_for_is_listed_and_every_listed_name_looked_for(self):
        self.assertEqual(names_cmake_asks_for(cmake_text()), listed_names_of_cmake())

    def test_nothing_is_linked_past_find_package(self):
        self.assertEqual(bare_link_names(cmake_text()), set())

    def test_pinned_versions_are_those_fetched(self):
        script = (ROOT / "cmake/fetch-recognition.sh").read_text(encoding="utf-8")
        fetched = dict(re.findall(r"(?m)^readonly \w+_package=(\S+)@(\S+)$", script))
        npm = (ROOT / "cmake/npm.sh").read_text(encoding="utf-8")
        fetched |= dict(re.findall(r"(?m)^readonly \w+_package=(\S+)@(\S+)$", npm))
        fetched |= web_packages()
        listed = {quoted(cells[0])[0]: cells[1] for cells in table_rows()
                  if cells[0].startswith("npm ")}
        self.assertEqual(fetched, listed)

    def test_the_browser_application_asks_for_exact_versions(self):
        package = json.loads((WEB / "package.json").read_text(encoding="utf-8"))
        for version in (package["dependencies"] | package["devDependencies"]).values():
            self.assertRegex(version, r"^\d+\.\d+\.\d+$")

    def test_the_lock_names_no_place_to_download_from(self):
        packages = json.loads((WEB / "package-lock.json").read_text(encoding="utf-8"))["packages"]
        self.assertGreater(len(packages), 50)
        for name, entry in packages.items():
            self.assertNotIn("resolved", entry, name)
            if name:
                self.assertIn("integrity", entry, name)

    def test_every_row_says_version_licence_and_why(self):
        for cells in table_rows():
            self.assertEqual(len(cells), 5, cells)
            for cell in cells:
                self.assertTrue(cell, cells)

    def test_the_comparison_sees_what_is_not_listed(self):
        text = "find_package(Frobnicate 2 REQUIRED)\npkg_check_modules(F REQUIRED frob>=1)\n" \
               "target_link_libraries(x PRIVATE frobbing juanzong_core TBB::tbb)"
        self.assertEqual(names_cmake_asks_for(text), {"Frobnicate", "frob"})
        self.assertEqual(bare_link_names(text), {"frobbing"})


if __name__ == "__main__":
    unittest.main()
