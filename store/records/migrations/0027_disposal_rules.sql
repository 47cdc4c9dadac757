-- More of the rules of disposal, whatever a program does. That an item is what was appraised is a
-- digest of many rows, which SQLite cannot make: the program compares it before it carries out.
DROP TRIGGER disposal_lists_are_carried_out_by_the_rules;
CREATE TRIGGER disposal_lists_are_carried_out_by_the_rules BEFORE UPDATE ON disposal_lists
WHEN NEW.carried_out_at <> '' AND (
  OLD.carried_out_at <> '' OR OLD.approved_by = '' OR OLD.withdrawn_at <> ''
  OR substr(NEW.carried_out_at, 1, 10) < OLD.not_before
  OR NEW.carried_out_by = '' OR NEW.witnessed_by = ''
  OR NEW.carried_out_by = OLD.approved_by OR NEW.carried_out_by = NEW.witnessed_by
  OR EXISTS (SELECT 1 FROM disposal_items d JOIN appraisals a ON a.appraisal = d.appraisal
             WHERE d.disposal_list = OLD.disposal_list
               AND (a.outcome <> 'disposal' OR a.contents = ''
                    OR a.due_on > substr(NEW.carried_out_at, 1, 10)
                    OR EXISTS (SELECT 1 FROM holds h
                               WHERE h.dossier = a.dossier AND h.lifted_at = '')
                    OR EXISTS (SELECT 1 FROM retention_changes c
                               WHERE c.dossier = a.dossier AND c.changed_at > a.closed_at
                                 AND c.item_sequence = a.item_sequence)
                    OR EXISTS (SELECT 1 FROM loans l
                               WHERE l.dossier = a.dossier AND l.returned_at = ''
                                 AND l.item_sequence IN (0, a.item_sequence)))))
BEGIN
  SELECT RAISE(ABORT, 'a disposal list is carried out once, when it may be, by two persons');
END;

-- What was approved is what is carried out.
CREATE TRIGGER approved_lists_get_nothing BEFORE INSERT ON disposal_items
WHEN EXISTS (SELECT 1 FROM disposal_lists l
             WHERE l.disposal_list = NEW.disposal_list AND l.approved_at <> '')
BEGIN
  SELECT RAISE(ABORT, 'nothing comes to a disposal list that was approved');
END;
CREATE TRIGGER listed_items_stay BEFORE UPDATE ON disposal_items
BEGIN SELECT RAISE(ABORT, 'what is on a disposal list never changes'); END;
CREATE TRIGGER listed_items_are_not_deleted BEFORE DELETE ON disposal_items
BEGIN SELECT RAISE(ABORT, 'what is on a disposal list is never removed'); END;

-- No page leaves a dossier under a hold but for one that a person put in its place.
CREATE TRIGGER held_pages_stay BEFORE UPDATE OF dossier ON pages
WHEN NEW.dossier IS NOT OLD.dossier AND NEW.replaced_by IS NULL
  AND EXISTS (SELECT 1 FROM holds h WHERE h.dossier = OLD.dossier AND h.lifted_at = '')
BEGIN
  SELECT RAISE(ABORT, 'a page does not leave a dossier that is under a hold');
END;
