"""Two texts brought side by side. Nothing but Python is needed, so the training uses it too."""


def right_places(text, read):
    """For each character of `read` whether it stands in `text`, by the fewest edits."""
    rows = [list(range(len(read) + 1))]
    for i, a in enumerate(text, 1):
        row = [i]
        for j, b in enumerate(read, 1):
            row.append(min(rows[-1][j] + 1, row[-1] + 1, rows[-1][j - 1] + (a != b)))
        rows.append(row)
    i, j, right = len(text), len(read), [False] * len(read)
    while j:
        if i and rows[i][j] == rows[i - 1][j - 1] + (text[i - 1] != read[j - 1]):
            i, j = i - 1, j - 1
            right[j] = text[i] == read[j]
        elif rows[i][j] == rows[i][j - 1] + 1:
            j -= 1
        else:
            i -= 1
    return right
