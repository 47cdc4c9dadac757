#!/usr/bin/env python3
"""Manual pages and completion for bash, made from what the programs say of themselves, so that
neither can say anything else.

    packaging/manual.py JUANZONG JUANZONG_AUDIT ERRORS.md FOLDER

makes FOLDER/man/man1/{juanzong,juanzong-audit}.1.gz, FOLDER/man/man5/juanzong.toml.5.gz, the
Chinese juanzong.1.gz and juanzong.toml.5.gz in FOLDER/man/zh_CN, and
FOLDER/completions/{juanzong,juanzong-audit}.
"""

import gzip
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

HANZI = re.compile("[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")

WORDS = {
    "en": {"name": "NAME", "synopsis": "SYNOPSIS", "description": "DESCRIPTION",
           "options": "OPTIONS OF EVERY COMMAND", "own options": "OPTIONS", "commands": "COMMANDS",
           "exit": "EXIT STATUS", "environment": "ENVIRONMENT", "files": "FILES",
           "see": "SEE ALSO", "several": "; may be several", "settings": "SETTINGS",
           "range": "Range: ", "top": "At the top of the file"},
    "zh": {"name": "名称", "synopsis": "概要", "description": "说明", "options": "通用选项",
           "commands": "命令", "exit": "退出码", "environment": "环境变量", "files": "文件",
           "see": "参见", "several": "；可给多个", "settings": "设置项", "range": "取值：",
           "top": "文件开头"},
}

# Variables that no option speaks of, or not clearly; the others are found in the options.
VARIABLES = {
    "JUANZONG_CONFIG": ("folder of the configuration tables, instead of those that were installed",
                        "配置表目录，代替随程序安装的"),
    "JUANZONG_MODELS": ("folder of the recognition models, instead of those that were installed",
                        "识读模型目录，代替随程序安装的"),
    "JUANZONG_DECODER": ("the program that opens scans in its sandbox",
                         "在沙箱中打开扫描件的程序"),
    "JUANZONG_PASSPHRASE_FILE": ("file whose first line is the passphrase of an encrypted archive",
                                 "加密档案库的口令，取文件第一行"),
    "JUANZONG_PASSWORD_FILE": ("file whose first line is the password of the user of --by",
                               "--by 所指用户的口令，取文件第一行"),
    "JUANZONG_CO_SIGNER_PASSWORD_FILE": (
        "file whose first line is the password of the user of --co-signer",
        "--co-signer 所指用户的口令，取文件第一行"),
}

FILES = {
    "/var/lib/juanzong/archive": ("the archive that the services of the package work on",
                                  "系统服务所用的档案库"),
    "/etc/default/juanzong": ("where the services listen, where backups go",
                              "系统服务的监听地址、备份位置"),
    "/usr/share/doc/juanzong": ("documents: formats, exit codes, durability, screens, figures",
                                "文档：格式、退出码、耐久性、界面、指标"),
}

SETTINGS_NAME = {"en": "settings of an archive of Juanzong", "zh": "卷宗档案库的设置文件"}
SETTINGS_ABOUT = {
    "en": ["The file juanzong.toml stands in the archive's folder; juanzong init makes it with every "
           "key in it at its default. It is written in TOML. What it does not "
           "name has its default. It is read when a command begins; juanzong serve reads it again "
           "when it is started again.",
           "A key that does not exist, stands twice or has a value outside its range is an error with "
           "its line and the nearest key, and the command does nothing. juanzong config check tells "
           "all of them at once; juanzong config explain tells for every key its value and the line "
           "that it comes from."],
    "zh": ["juanzong.toml 位于档案库目录，由 juanzong init 生成，列出全部设置项，均为默认值。"
           "格式为 TOML；未写明的取默认值。每个命令启动时读取；juanzong serve 重新启动后生效。",
           "键名不存在、重复或取值超出范围时，报出行号和最接近的键名，命令不执行。"
           "juanzong config check 一次列出全部问题；juanzong config explain 列出各项的值及其来源。"],
}


def said_by(program, *arguments):
    return subprocess.run([program, *arguments], check=True, stdout=subprocess.PIPE,
                          encoding="utf-8").stdout


# --- manual pages -----------------------------------------------------------------------------

def roff(text):
    """Words as roff prints them: what would be a request or a typographer's sign is none."""
    escapes = {"\\": "\\e", "-": "\\-", "'": "\\(aq", "`": "\\(ga", "^": "\\(ha", "~": "\\(ti"}
    text = "".join(escapes.get(letter, letter) for letter in text.strip())
    return "\\&" + text if text.startswith(".") else text


def paragraph(text):
    return [".PP", roff(" ".join(text.split()))]


def as_it_is(text):
    return [".PP", ".nf", *(roff_line(line) for line in text.splitlines()), ".fi"]


def roff_line(line):
    indent = len(line) - len(line.lstrip())
    return "\\&" + " " * indent + roff(line)


def value_of(argument):
    if not argument["value"]:
        return ""
    limits = argument["limits"]
    if limits.startswith("{"):
        return limits.strip("{}").replace(",", "|")
    within = re.search(r"\[.*\]", limits)
    return argument["value"] + (" " + within.group() if within else "")


def synopsis(path, command):
    words = ["\\fB" + roff(" ".join(path)) + "\\fR"]
    if len(path) > 1 or command["options"]:
        words.append("[OPTIONS]")
    if command["commands"]:
        words.append("COMMAND")
    for argument in command["positionals"]:
        name = "\\fI" + roff(argument["names"][0]) + "\\fR" + ("..." if argument["many"] else "")
        words.append(name if argument["required"] else "[" + name + "]")
    return " ".join(words)


def arguments_of(command, words, positionals=True):
    lines = []
    for argument in (command["positionals"] if positionals else []) + command["options"]:
        if argument["names"] == ["-h", "--help"] and positionals:
            continue
        bold = argument in command["options"]
        names = ", ".join(("\\fB%s\\fR" if bold else "\\fI%s\\fR") % roff(name)
                          for name in argument["names"])
        value = value_of(argument) if bold else ""
        lines += [".TP", names + (" \\fI%s\\fR" % roff(value) if value else "")]
        about = argument["about"]
        if argument["environment"] and argument["environment"] not in about:
            about += " ($" + argument["environment"] + ")"
        if argument["many"]:
            about += words["several"]
        lines.append(roff(about))
    return lines


def commands_of(path, command, words):
    lines = []
    for below in command["commands"]:
        inner = [*path, below["name"]]
        lines += [".SS " + synopsis(inner, below), *paragraph(below["about"])]
        lines += arguments_of(below, words)
        if below["footer"]:
            lines += as_it_is(below["footer"])
        lines += commands_of(inner, below, words)
    return lines


def all_arguments(command):
    yield from command["positionals"] + command["options"]
    for below in command["commands"]:
        yield from all_arguments(below)


def variables_in(tree, language):
    """Every variable of the environment with what is said of it, without its own name."""
    itself = re.compile(r" \(or \$[A-Z_]+\)|, or \$[A-Z_]+|（或 *\$[A-Z_]+）| 或 \$[A-Z_]+")
    found = {}
    for argument in all_arguments(tree):
        for name in [argument["environment"], *re.findall(r"\$(JUANZONG_[A-Z_]+)", argument["about"])]:
            if name:
                found.setdefault(name, itself.sub("", argument["about"]))
    found |= {name: both[language == "zh"] for name, both in VARIABLES.items()}
    return sorted(found.items())


def exit_codes(table):
    return re.findall(r"^\| (\d+) \| ?[a-z_]* \| (.*?) \|", table, re.MULTILINE)


def listed(pairs):
    lines = []
    for name, text in pairs:
        lines += [".TP", "\\fB" + roff(name) + "\\fR", roff(text.replace("`", ""))]
    return lines


def head_of(name, version, section=1):
    return ["'\\\" -*- coding: utf-8 -*-", f'.TH {name.upper()} {section} "" "{version}" "Juanzong"',
            ".nh", ".ad l"]


def manual_page(tree, language, version, errors):
    words = WORDS[language]
    about = re.sub(r"^(Juanzong: |卷宗：)", "", tree["about"])
    lines = head_of("juanzong", version)
    lines += [".SH " + words["name"], "juanzong \\- " + roff(about.rstrip(".。"))]
    lines += [".SH " + words["synopsis"], synopsis(["juanzong"], tree)]
    lines += [".SH " + words["description"], *paragraph(tree["about"])[1:],
              *paragraph(tree["footer"])]
    lines += [".SH " + words["options"], *arguments_of(tree, words, positionals=False)]
    lines += [".SH " + words["commands"], *commands_of(["juanzong"], tree, words)]
    if language == "en":
        lines += [".SH " + words["exit"], *listed(exit_codes(errors))]
    lines += [".SH " + words["environment"], *listed(variables_in(tree, language))]
    lines += [".SH " + words["files"],
              *listed((name, both[language == "zh"]) for name, both in FILES.items())]
    lines += [".SH " + words["see"], ".BR juanzong\\-audit (1),", ".BR juanzong.toml (5)"]
    return "\n".join(lines) + "\n"


def settings_of(program):
    """Every key with its default, range and meaning in both languages, in the order of the file."""
    with tempfile.NamedTemporaryFile(suffix=".toml") as empty:
        said = said_by(program, "--json", "config", "explain", "--file", empty.name)
    return json.loads(said)["settings"]


def settings_page(settings, language, version):
    words = WORDS[language]
    lines = head_of("juanzong.toml", version, section=5)
    lines += [".SH " + words["name"], "juanzong.toml \\- " + roff(SETTINGS_NAME[language])]
    lines += [".SH " + words["description"]]
    for part in SETTINGS_ABOUT[language]:
        lines += paragraph(part)
    lines += [".SH " + words["settings"]]
    section = None
    for setting in settings:
        of, _, name = setting["key"].rpartition(".")
        if of != section:
            section = of
            lines += [".SS " + (roff(f"[{of}]") if of else words["top"])]
        unit = setting["unit"][language]
        lines += [".TP", "\\fB%s\\fR = %s" % (roff(name), roff(setting["default"]))]
        lines += [roff(setting["meaning"][language])]
        if setting["range"]:
            lines += [".br", roff(f'{words["range"]}{setting["range"]} {unit}')]
    lines += [".SH " + words["see"], ".BR juanzong (1)"]
    return "\n".join(lines) + "\n"


def auditor_parts(text):
    """The auditor's help without its Chinese lines: title, synopsis, options, the rest."""
    lines = [line for line in text.splitlines() if not HANZI.search(line)]
    title = lines[0].split(": ", 1)[1].rstrip(".")
    usage = next(line.strip() for line in lines if line.startswith("  juanzong-audit "))
    options, rest = [], []
    for line in lines[1:]:
        if line.startswith("  --"):
            # Words begin two blanks behind the names, or below them.
            names, _, about = line.strip().partition("  ")
            options.append([names, about.strip()])
        elif line.startswith("    ") and options:
            options[-1][1] = (options[-1][1] + " " + line.strip()).strip()
        elif line.strip() and not line.startswith("  "):
            rest.append(line.strip())
        elif rest and rest[-1]:
            rest.append("")
    paragraphs = [part.strip() for part in " ".join(line or "\0" for line in rest).split("\0")]
    return title, usage, options, [part for part in paragraphs if part]


def auditor_page(text, version):
    words = WORDS["en"]
    title, usage, options, paragraphs = auditor_parts(text)
    lines = head_of("juanzong-audit", version)
    lines += [".SH " + words["name"], "juanzong\\-audit \\- " + roff(title)]
    lines += [".SH " + words["synopsis"], roff(usage)]
    lines += [".SH " + words["description"]]
    for part in paragraphs:
        if part.startswith("Exit: "):
            codes = re.findall(r"(\d+) ([^,.]+)", part)
            continue
        lines += paragraph(part)
    lines += [".SH " + words["own options"], *listed(options)]
    lines += [".SH " + words["exit"], *listed(codes)]
    lines += [".SH " + words["see"], ".BR juanzong (1)"]
    return "\n".join(lines) + "\n"


# --- completion -------------------------------------------------------------------------------

COMPLETION = """\
# Completion of juanzong for bash, made by packaging/manual.py.
# Keys are commands: what may follow one, its options, and what the value of an option may be
# (nothing said: files are offered).
declare -gA _juanzong_below=(
%(below)s)
declare -gA _juanzong_options=(
%(options)s)
declare -gA _juanzong_values=(
%(values)s)

_juanzong() {
  local word=${COMP_WORDS[COMP_CWORD]} command=juanzong option='' i
  COMPREPLY=()
  # bash makes three words of --lang=zh.
  for ((i = 1; i < COMP_CWORD; ++i)); do
    if [[ ${COMP_WORDS[i]} == = ]]; then
      continue
    elif [[ -n $option ]]; then
      option=
    elif [[ ${COMP_WORDS[i]} == -* ]]; then
      option=${COMP_WORDS[i]}
      [[ -n ${_juanzong_values["$command $option"]+takes} ||
        -n ${_juanzong_values["juanzong $option"]+takes} ]] || option=
    elif [[ " ${_juanzong_below[$command]-} " == *" ${COMP_WORDS[i]} "* ]]; then
      command+=" ${COMP_WORDS[i]}"
    fi
  done
  [[ $word != = ]] || word=
  if [[ -n $option ]]; then
    local values=${_juanzong_values["$command $option"]-${_juanzong_values["juanzong $option"]-}}
    mapfile -t COMPREPLY < <(compgen -W "$values" -- "$word")
  elif [[ $word == -* ]]; then
    mapfile -t COMPREPLY < <(compgen -W \\
      "${_juanzong_options[$command]} ${_juanzong_options[juanzong]}" -- "$word")
  elif [[ -n ${_juanzong_below[$command]-} ]]; then
    mapfile -t COMPREPLY < <(compgen -W "${_juanzong_below[$command]}" -- "$word")
  fi
}

complete -o bashdefault -o default -F _juanzong juanzong
"""

AUDITOR_COMPLETION = """\
# Completion of juanzong-audit for bash, made by packaging/manual.py.
_juanzong_audit() {
  COMPREPLY=()
  [[ ${COMP_WORDS[COMP_CWORD]} != -* ]] ||
    mapfile -t COMPREPLY < <(compgen -W "%s" -- "${COMP_WORDS[COMP_CWORD]}")
}

complete -o bashdefault -o default -F _juanzong_audit juanzong-audit
"""


def commands_in(command, path=()):
    path = (*path, command["name"])
    yield " ".join(path), command
    for below in command["commands"]:
        yield from commands_in(below, path)


def completion(tree):
    below, options, values = [], [], []
    for path, command in commands_in(tree):
        names = [name for option in command["options"] for name in option["names"]]
        below.append((path, " ".join(inner["name"] for inner in command["commands"])))
        options.append((path, " ".join(names)))
        for option in command["options"]:
            if not option["value"]:
                continue
            limits = option["limits"]
            choices = limits.strip("{}").replace(",", " ") if limits.startswith("{") else ""
            values += [(path + " " + name, choices) for name in option["names"]]
    rows = {name: "".join(f'  ["{key}"]="{text}"\n' for key, text in pairs)
            for name, pairs in (("below", below), ("options", options), ("values", values))}
    return COMPLETION % rows


def auditor_completion(text):
    names = sorted(set(re.findall(r"--[a-z][a-z-]+", text)) | {"--help"})
    return AUDITOR_COMPLETION % " ".join(names)


# ----------------------------------------------------------------------------------------------

def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    data = text.encode("utf-8")
    # Without the time, so that the same program gives the same bytes.
    path.write_bytes(gzip.compress(data, mtime=0) if path.suffix == ".gz" else data)


def main(program, auditor, errors_file, folder):
    folder = Path(folder)
    trees = {language: json.loads(said_by(program, "--lang", language, "--describe-commands"))
             for language in ("en", "zh")}
    version = said_by(program, "--version").strip()
    errors = Path(errors_file).read_text(encoding="utf-8")
    audit = said_by(auditor, "--help")
    write(folder / "man/man1/juanzong.1.gz", manual_page(trees["en"], "en", version, errors))
    write(folder / "man/zh_CN/man1/juanzong.1.gz", manual_page(trees["zh"], "zh", version, errors))
    settings = settings_of(program)
    write(folder / "man/man5/juanzong.toml.5.gz", settings_page(settings, "en", version))
    write(folder / "man/zh_CN/man5/juanzong.toml.5.gz", settings_page(settings, "zh", version))
    write(folder / "man/man1/juanzong-audit.1.gz", auditor_page(audit, version))
    write(folder / "completions/juanzong", completion(trees["en"]))
    write(folder / "completions/juanzong-audit", auditor_completion(audit))


if __name__ == "__main__":
    if len(sys.argv) != 5:
        sys.exit(__doc__)
    main(*sys.argv[1:])
