"""How forms are laid out. Each layout takes a sheet and a form and draws the one on the other.

What is drawn is a `Form`: its title, pairs of label and value, a table, and what nobody asks for.
"""

from dataclasses import dataclass, field

MARGIN = 50
GREY = (236, 236, 236)


@dataclass
class Form:
    title: str
    pairs: list                # (label, printed value); the value may be empty
    headings: list = field(default_factory=list)
    rows: list = field(default_factory=list)   # of printed values, one a heading
    opinions: list = field(default_factory=list)
    notes: list = field(default_factory=list)
    foot: list = field(default_factory=list)   # pairs that stand below the frame
    number: tuple = ()         # the pair above the frame, beside the title
    lines: list = field(default_factory=list)  # of a letter: (text, "title" | "text" | "end")


def heading(paper, form, y=None):
    """The title, and the number to the right below it. Returns where the rest begins."""
    rng = paper.rng
    y = y or rng.uniform(46, 74)
    size = rng.uniform(16, 22)
    spread = " " * rng.choice([0, 0, 1]) if len(form.title) < 9 else ""
    title = spread.join(form.title)
    while paper.length(title, size, paper.heavy) > paper.width - 2 * MARGIN:
        size -= 1
    paper.text(paper.width / 2, y, title, size, paper.heavy, anchor="ma")
    y += size * 1.7
    if form.number:
        text = f"{form.number[0]}：{form.number[1]}"
        right = rng.random() < 0.6
        paper.text(paper.width - MARGIN if right else MARGIN, y, text, 10.5,
                   anchor="ra" if right else "la")
        y += 20
    return y


def cell(paper, box, text, size, font=None, centred=True, shaded=False):
    """A ruled cell with its text, in as many lines as it takes."""
    x0, y0, x1, y1 = box
    paper.box(*box, fill=GREY if shaded else None)
    lines = paper.wrapped(text, x1 - x0 - 6, size, font)
    top = (y0 + y1) / 2 - len(lines) * size * 1.25 / 2 + size * 0.1
    for i, line in enumerate(lines):
        x = (x0 + x1) / 2 if centred else x0 + 4
        paper.text(x, top + i * size * 1.25, line, size, font, anchor="ma" if centred else "la")


def height_of(paper, text, width, size, least):
    return max(least, len(paper.wrapped(text, width - 6, size)) * size * 1.25 + 8)


def table(paper, form, y, size, ruled=True):
    """The rows of a form; `ruled` False: one line below the headings."""
    if not form.headings:
        return y
    left, right = MARGIN, paper.width - MARGIN
    needs = [max([paper.length(name, size) * 0.75] + [paper.length(row[i], size) for row in form.rows])
             + 14 for i, name in enumerate(form.headings)]
    scale = (right - left) / sum(needs)
    edges = [left]
    for need in needs:
        edges.append(edges[-1] + need * scale)
    least = paper.rng.uniform(19, 27)
    for n, row in enumerate([form.headings] + form.rows):
        step = max(height_of(paper, text, edges[i + 1] - edges[i], size, least)
                   for i, text in enumerate(row))
        for i, text in enumerate(row):
            box = (edges[i], y, edges[i + 1], y + step)
            font = None if n == 0 else paper.filled
            if ruled:
                cell(paper, box, text, size, font)
            else:
                for k, line in enumerate(paper.wrapped(text, box[2] - box[0] - 6, size, font)):
                    paper.text((box[0] + box[2]) / 2, y + 4 + k * size * 1.25, line, size, font,
                               anchor="ma")
        y += step
        if not ruled and n == 0:
            paper.rule(left, y, right, y)
    return y


def opinions(paper, form, y, size):
    for name in form.opinions:
        height = paper.rng.uniform(52, 80)
        cell(paper, (MARGIN, y, MARGIN + 80, y + height), name, size)
        paper.box(MARGIN + 80, y, paper.width - MARGIN, y + height)
        paper.text(paper.width - MARGIN - 10, y + height - 18, "（盖章）    年   月   日", size,
                   anchor="ra")
        y += height
    return y


def ending(paper, form, y, size):
    """Below the frame: who filled it in and when, and the notes."""
    y += 8
    x, step = MARGIN, (paper.width - 2 * MARGIN) / max(1, len(form.foot))
    for label, value in form.foot:
        length = paper.text(x, y, label + "：", size)
        paper.text(x + length + 2, y, value, size, paper.filled)
        x += step
    y += 24 if form.foot else 6
    for note in form.notes:
        for line in paper.wrapped(note, paper.width - 2 * MARGIN, size - 1.5):
            paper.text(MARGIN, y, line, size - 1.5)
            y += size * 1.3
    return y


def rows_of_pairs(paper, form, size, most):
    """The pairs in rows of `most`; one whose value is long has a row of its own."""
    row = []
    for pair in form.pairs:
        if paper.length(pair[1], size) > (paper.width - 2 * MARGIN) / most - 85:
            if row:
                yield row
            yield [pair]
            row = []
            continue
        row.append(pair)
        if len(row) == most:
            yield row
            row = []
    if row:
        yield row


def grid(paper, form):
    """A ruled form: label, value, label, value."""
    rng, size = paper.rng, paper.rng.uniform(9.5, 11.5)
    y = heading(paper, form)
    most = rng.choice([2, 2, 3]) if paper.width < 700 else 3
    shaded, least, label = rng.random() < 0.25, rng.uniform(22, 34), rng.uniform(66, 84)
    centred = rng.random() < 0.6
    for row in rows_of_pairs(paper, form, size, most):
        span = (paper.width - 2 * MARGIN) / len(row)
        step = max(max(height_of(paper, v, span - label, size, least),
                       height_of(paper, k, label, size, least)) for k, v in row)
        for i, (name, value) in enumerate(row):
            x = MARGIN + i * span
            cell(paper, (x, y, x + label, y + step), name, size, shaded=shaded)
            cell(paper, (x + label, y, x + span, y + step), value, size, paper.filled, centred)
        y += step
    y = opinions(paper, form, table(paper, form, y, size), size)
    return ending(paper, form, y, size)


def headed(paper, form):
    """A ruled form whose labels stand above their values."""
    rng, size = paper.rng, paper.rng.uniform(9.5, 11)
    y, most = heading(paper, form), rng.choice([3, 4])
    least = rng.uniform(20, 28)
    pairs = list(form.pairs)
    while pairs:
        row, pairs = pairs[:most], pairs[most:]
        needs = [max(paper.length(k, size), min(180, paper.length(v, size))) + 24 for k, v in row]
        scale = (paper.width - 2 * MARGIN) / sum(needs)
        step = max(height_of(paper, v, n * scale, size, least) for (_, v), n in zip(row, needs))
        x = MARGIN
        for (name, value), need in zip(row, needs):
            cell(paper, (x, y, x + need * scale, y + least), name, size, shaded=True)
            cell(paper, (x, y + least, x + need * scale, y + least + step), value, size,
                 paper.filled)
            x += need * scale
        y += least + step
    y = opinions(paper, form, table(paper, form, y + rng.choice([0, 14]), size), size)
    return ending(paper, form, y, size)


def colons(paper, form):
    """No frame: label, colon, value on a line that is filled in, one or two beside each other."""
    rng, size = paper.rng, paper.rng.uniform(11, 13)
    y = heading(paper, form) + 8
    most, underlined = rng.choice([1, 2]), rng.random() < 0.6
    for row in rows_of_pairs(paper, form, size, most):
        span, lines = (paper.width - 2 * MARGIN - 10) / most, 1
        for i, (name, value) in enumerate(row):
            x, wide = MARGIN + 5 + i * span, span if len(row) > 1 else most * span
            x += paper.text(x, y, name + "：", size) + 2
            end = MARGIN + 5 + i * span + wide - 12
            parts = paper.wrapped(value, end - x, size, paper.filled)
            for k, part in enumerate(parts or [""]):
                paper.text(x, y + k * size * 1.5, part, size, paper.filled)
                if underlined:
                    paper.rule(x - 2, y + (k * 1.5 + 1.25) * size, end, y + (k * 1.5 + 1.25) * size,
                               0.5)
            lines = max(lines, len(parts))
        y += size * (rng.uniform(1.9, 2.3) + 1.5 * (lines - 1))
    y = table(paper, form, y + 6, size - 2)
    return ending(paper, form, y + 6, size)


def columns(paper, form):
    """As a system prints it: labels to the right edge of a column, values after a gap, no rules."""
    rng, size = paper.rng, paper.rng.uniform(9.5, 11.5)
    y = heading(paper, form) + 6
    paper.rule(MARGIN, y, paper.width - MARGIN, y)
    y += 10
    most, colon = rng.choice([1, 2]), rng.choice(["：", ":", ""])
    wide = max(paper.length(name, size) for name, _ in form.pairs) + 12
    for row in rows_of_pairs(paper, form, size, most):
        span, lines = (paper.width - 2 * MARGIN) / most, 1
        for i, (name, value) in enumerate(row):
            x = MARGIN + i * span + wide
            paper.text(x, y, name + colon, size, anchor="ra")
            room = (span if len(row) > 1 else most * span) - wide - 14
            parts = paper.wrapped(value, room, size, paper.filled)
            for k, part in enumerate(parts):
                paper.text(x + 10, y + k * size * 1.3, part, size, paper.filled)
            lines = max(lines, len(parts))
        y += size * (rng.uniform(1.6, 2.0) + 1.3 * (lines - 1))
    y = table(paper, form, y + 8, size, ruled=False)
    return ending(paper, form, y + 8, size)


def letter(paper, form):
    """A letter or certificate: title, number, running text, and at the end who and when."""
    rng, size = paper.rng, paper.rng.uniform(12, 14.5)
    y = heading(paper, form, rng.uniform(70, 120)) + 16
    left, width = MARGIN + 20, paper.width - 2 * MARGIN - 40
    for text, kind in form.lines:
        if kind == "end":
            y += size * 0.6
            paper.text(paper.width - MARGIN - 30, y, text, size, anchor="ra")
            y += size * 1.7
            continue
        for line in paper.wrapped(("　　" if kind == "text" else "") + text, width, size):
            paper.text(left, y, line, size)
            y += size * rng.uniform(1.7, 1.75)
    return y


LAYOUTS = {"grid": grid, "headed": headed, "colons": colons, "columns": columns, "letter": letter}
