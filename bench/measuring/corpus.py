"""Pages of dossiers with known answers, as templates for made-up ones (bench/corpus.h)."""

from measuring.dossiers import answers_in, read_table

PERSON, NUMBER, EMPLOYER = "\x01", "\x02", "\x03"


def tables():
    types = {row["scorer_id"]: row["doc_type"] for row in read_table("scorer_types.csv")}
    fields = {}
    for row in read_table("scorer_fields.csv"):
        fields[(row["doc_type"], row["scorer_id"])] = row["field"]
    return types, fields


def without_people(text, dossier):
    person, employer = dossier["person"], dossier["employer"]
    for value, mark in ((person["id_number"], NUMBER), (person["name"], PERSON),
                        (employer["name"], EMPLOYER)):
        if value:
            text = text.replace(value, mark)
    return " ".join(text.split())


def templates(answers):
    """The lines of a template file, of every page with text under the folder of answers."""
    types, fields = tables()
    for dossier in answers_in(answers):
        for page in dossier["pages"]:
            if not page["text_lines"]:
                continue
            doc_type = types.get(page["form_type"], "DT99")
            yield f"P\t{doc_type}"
            for line in page["text_lines"]:
                yield "L\t" + without_people(line["text"], dossier)
            for field in page["fields"]:
                ours = fields.get((doc_type, field["id"]))
                if ours:
                    row = field.get("row", -1)
                    yield f"F\t{ours}\t{row}\t" + without_people(field["value"], dossier)
