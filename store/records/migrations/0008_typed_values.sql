-- Values that persons typed from the picture (R25), beside what the machine read. A row is what one
-- person says; it is never changed and never removed, only ended when the person takes it back or
-- types another. Who may say what is kept here, so that no program can get round it.
CREATE TABLE typed_values (
  typed_value INTEGER PRIMARY KEY AUTOINCREMENT,
  page BIGINT NOT NULL REFERENCES pages (page),
  field TEXT NOT NULL CHECK (field <> ''),
  table_row INTEGER NOT NULL CHECK (table_row >= -1),
  raw TEXT NOT NULL CHECK (raw <> ''),
  value TEXT NOT NULL CHECK (value <> ''),
  validity TEXT NOT NULL CHECK (validity IN ('valid', 'invalid')),
  problem TEXT NOT NULL,
  mandatory BOOLEAN NOT NULL,
  confirms BIGINT REFERENCES typed_values (typed_value),
  box_x INTEGER NOT NULL CHECK (box_x >= 0),
  box_y INTEGER NOT NULL CHECK (box_y >= 0),
  box_width INTEGER NOT NULL CHECK (box_width > 0),
  box_height INTEGER NOT NULL CHECK (box_height > 0),
  person TEXT NOT NULL COLLATE NOCASE CHECK (person <> '' AND person = trim(person)),
  typed_at TEXT NOT NULL CHECK (typed_at GLOB '????-??-??T??:??:??*[+-]??:??'),
  ended_at TEXT NOT NULL DEFAULT ''
    CHECK (ended_at = '' OR ended_at GLOB '????-??-??T??:??:??*[+-]??:??')
);
CREATE INDEX typed_values_by_page ON typed_values (page, typed_value);
-- One person has one say: two that agree are two persons.
CREATE UNIQUE INDEX typed_values_of_person ON typed_values (page, field, table_row, person)
  WHERE ended_at = '';

CREATE TRIGGER typed_values_lie_in_the_picture BEFORE INSERT ON typed_values
WHEN NOT EXISTS (SELECT 1 FROM pages p WHERE p.page = NEW.page
                 AND NEW.box_x + NEW.box_width <= p.width
                 AND NEW.box_y + NEW.box_height <= p.height)
BEGIN
  SELECT RAISE(ABORT, 'the region of a typed value lies on the picture of its page');
END;

CREATE TRIGGER typed_values_are_confirmed_by_another BEFORE INSERT ON typed_values
WHEN NEW.confirms IS NOT NULL AND NOT EXISTS (
  SELECT 1 FROM typed_values t WHERE t.typed_value = NEW.confirms AND t.ended_at = ''
  AND t.page = NEW.page AND t.field = NEW.field AND t.table_row = NEW.table_row
  AND t.value = NEW.value AND t.person <> NEW.person)
BEGIN
  SELECT RAISE(ABORT, 'a typed value is confirmed by another person');
END;

CREATE TRIGGER typed_values_only_end BEFORE UPDATE ON typed_values
WHEN OLD.ended_at <> '' OR NEW.ended_at = '' OR NEW.typed_value <> OLD.typed_value
  OR NEW.page <> OLD.page OR NEW.field <> OLD.field OR NEW.table_row <> OLD.table_row
  OR NEW.raw <> OLD.raw OR NEW.value <> OLD.value OR NEW.validity <> OLD.validity
  OR NEW.problem <> OLD.problem OR NEW.mandatory <> OLD.mandatory
  OR NEW.confirms IS NOT OLD.confirms OR NEW.box_x <> OLD.box_x OR NEW.box_y <> OLD.box_y
  OR NEW.box_width <> OLD.box_width OR NEW.box_height <> OLD.box_height
  OR NEW.person <> OLD.person COLLATE BINARY OR NEW.typed_at <> OLD.typed_at
BEGIN
  SELECT RAISE(ABORT, 'what a person typed is never changed');
END;

CREATE TRIGGER typed_values_are_not_deleted BEFORE DELETE ON typed_values
BEGIN
  SELECT RAISE(ABORT, 'what a person typed is never deleted');
END;
