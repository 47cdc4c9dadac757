"""The benchmark `store`: what keeping costs beside what the system's own tools take.

    put_ratio              seconds of cp + sha256sum + sync over ours, for the same files, from the
                           page cache, on the disk that holds the working folder; the better of three
    verify_ratio           seconds of sha256sum over those of `verify` for the same objects, one thread
                           of sha256sum for each of ours
    encrypted_put_ratio    seconds of putting the same files into a plain store over those into an encrypted
                           one; encrypted_verify_ratio the same of `verify`, encrypted_events_ratio of
                           ledger entries (200,000, or --pages)
    audit_s_per_million    juanzong-audit without objects over a ledger of 200,000 entries (--pages), for
                           a million; event_us is what the writer took for one, audit_peak_mb the memory
    restore_s              `backup drill` of 10,000 pages (--pages, if fewer) of 100 kB with layout and ALTO:
                           restored into an empty folder, hashed, audited, compared with the archive, the
                           index made again; restore_differences is what it found unequal, backup_s what the
                           first backup took
"""

import json
import os
import shutil
import subprocess
import time

from measuring.processes import measured
from measuring.program import Failed, each, find_program, make_removable, say, tool

ENTRIES = 200_000  # a million take the writer more than ten minutes; the auditor is linear in them
PAGES = 10_000
TIMES = 3
MEBIBYTES = 400
FILE_BYTES = 300_000  # about a scanned page
THREADS = 2


def program():
    return tool("juanzong_store_figures")


def make_files(folder):
    folder.mkdir()
    count = MEBIBYTES * 1024 * 1024 // FILE_BYTES
    with open("/dev/urandom", "rb") as noise:
        for number in range(count):
            (folder / f"{number:05}.tif").write_bytes(noise.read(FILE_BYTES))
    return sorted(folder.iterdir())


def seconds_of(command, **options):
    start = time.monotonic()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, **options)
    return time.monotonic() - start


def put_seconds(files, work, key=None):
    """`key`: of an encrypted store; None: a plain one."""
    target = work / "store"
    if key:
        subprocess.run([program(), "keys", target], check=True, env=opened_by(key))
    try:
        return float(subprocess.run([program(), "put", target / "objects", *files], check=True,
                                    env=opened_by(key), stdout=subprocess.PIPE, text=True).stdout)
    finally:
        make_removable(target)
        shutil.rmtree(target)


def opened_by(key):
    return {**os.environ, "JUANZONG_KEY_FILE": str(key)} if key else None


def copy_seconds(files, work):
    target = work / "copies"
    target.mkdir()
    try:
        return seconds_of(["sh", "-c", 'cp -- "$@" "$0" && sha256sum -- "$0"/* && sync "$0"/* "$0"',
                           target, *files])
    finally:
        shutil.rmtree(target)


def verified_archive(files, archive, key=None):
    """Makes an archive of files that are stored and not read, as office files are; the seconds of
    `verify` over it."""
    program_name = find_program()
    encrypt = ["--encrypt", "--key-file", key] if key else []
    subprocess.run([program_name, "init", archive, *encrypt], check=True, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL)
    subprocess.run([program(), "put", archive / "objects", *files], check=True, env=opened_by(key),
                   stdout=subprocess.DEVNULL)
    return min(seconds_of_verify(program_name, archive, key) for _ in range(TIMES))


def verify_figures(files, work):
    archive = work / "archive"
    ours = verified_archive(files, archive)
    objects = sorted((archive / "objects" / "sha256").glob("*/*"))
    half = len(objects) // THREADS
    script = f'printf "%s\\n" "$@" | xargs -P {THREADS} -n {half + 1} sha256sum'
    theirs = min(seconds_of(["sh", "-c", script, "sh", *objects]) for _ in range(TIMES))
    make_removable(archive)
    shutil.rmtree(archive)
    return ours, theirs


def seconds_of_verify(program_name, archive, key=None):
    done = subprocess.run([program_name, "verify", "--archive", archive, "--json"],
                          env=opened_by(key), stdout=subprocess.PIPE, text=True)
    report = json.loads(done.stdout)
    if report["damage"]:
        raise Failed(f"store: verify found damage: {report['findings'][:3]}")
    return report["seconds"]


def audit_figures(work, entries):
    archive = work / "ledger"
    say(f"store: making {entries} entries")
    made = float(subprocess.run([program(), "events", archive, str(entries)], check=True,
                                stdout=subprocess.PIPE, text=True).stdout)
    cost = measured([find_program().with_name("juanzong-audit"), archive, "--no-objects", "--json"])
    if cost.exit_code != 0:
        raise Failed(f"store: juanzong-audit ended with {cost.exit_code}")
    return made, cost


def drill_figures(work, pages):
    archive, place, key = work / "kept", work / "backups", work / "key"
    juanzong = find_program()

    def run(*words):
        done = subprocess.run([juanzong, *words], stdout=subprocess.PIPE, text=True)
        if done.returncode != 0:
            raise Failed(f"store: juanzong {' '.join(map(str, words))} ended with {done.returncode}")
        return done.stdout

    run("init", archive)
    say(f"store: filing {pages} pages")
    subprocess.run([program(), "pages", archive, str(pages)], check=True, stdout=subprocess.DEVNULL)
    run("index", "rebuild", "--archive", archive)
    opened = ["--archive", archive, place, "--key-file", key, "--json"]
    run("backup", "init", *opened)
    start = time.monotonic()
    run("backup", "run", *opened)
    backed_up = time.monotonic() - start
    drill = json.loads(run("backup", "drill", *opened))
    if drill["objects"] < 3 * pages:
        raise Failed(f"store: the backup has {drill['objects']} objects of {3 * pages}")
    for folder in (archive, place):
        make_removable(folder)
        shutil.rmtree(folder)
    return backed_up, drill


def encrypted_figures(files, work, plain_verify, entries):
    key = work / "archive.key"
    key.write_text(os.urandom(32).hex() + "\n", encoding="ascii")
    # In turns: what else the machine does meets both.
    pairs = [(put_seconds(files, work), put_seconds(files, work, key)) for _ in range(TIMES)]
    plain, sealed = (min(seconds) for seconds in zip(*pairs))
    yield "encrypted_put_ratio", plain / sealed, "ratio"
    archive = work / "encrypted"
    yield "encrypted_verify_ratio", plain_verify / verified_archive(files, archive, key), "ratio"
    make_removable(archive)
    shutil.rmtree(archive)
    def events_seconds(opened):
        made = work / "events"
        seconds = float(subprocess.run([program(), "events", made, str(entries)], check=True,
                                       env=opened, stdout=subprocess.PIPE, text=True).stdout)
        shutil.rmtree(made)
        return seconds
    yield ("encrypted_events_ratio", events_seconds(None) / events_seconds(opened_by(key)), "ratio")


def put_figures(files, work):
    ours = min(put_seconds(files, work) for _ in range(TIMES))
    theirs = min(copy_seconds(files, work) for _ in range(TIMES))
    yield "put_ratio", theirs / ours, "ratio"
    yield "put_mb_per_s", len(files) * FILE_BYTES / 1e6 / ours, "MB/s"


def verify_and_encrypted_figures(files, work, entries):
    ours, theirs = verify_figures(files, work)
    yield "verify_ratio", theirs / ours, "ratio"
    yield from encrypted_figures(files, work, ours, entries)


def ledger_figures(work, entries):
    made, cost = audit_figures(work, entries)
    yield "event_us", made / entries * 1e6, "us"
    yield "audit_s_per_million", cost.wall_s * 1_000_000 / entries, "s"
    yield "audit_peak_mb", cost.peak_mb, "MB"


def backup_figures(work, pages):
    backed_up, drill = drill_figures(work, pages)
    yield "backup_s", backed_up, "s"
    yield "restore_s", drill["seconds"], "s"
    yield "restore_differences", drill["differences"], "count"


def figures(work, entries=None):
    pages = min(entries or PAGES, PAGES)
    entries = entries or ENTRIES
    files = make_files(work / "files")
    yield from each((lambda: put_figures(files, work),
                     lambda: verify_and_encrypted_figures(files, work, entries),
                     lambda: ledger_figures(work, entries),
                     lambda: backup_figures(work, pages)))
